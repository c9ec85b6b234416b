# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One block of a bucket, as its meta.json describes it.

Format: https://thanos.io/tip/thanos/storage.md
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Downsampling resolutions in ms (thanos.downsample.resolution) and as `thanos tools` calls them.
RESOLUTIONS = {0: "raw", 300_000: "5m", 3_600_000: "1h"}


@dataclass(frozen=True)
class Block:
    """One block; times in milliseconds since 1970, max_time exclusive, size in bytes of all its objects.

    `uploaded` is when it came into the bucket, or was made where its meta.json does not tell.
    """

    ulid: str
    min_time: int
    max_time: int
    labels: dict[str, str]
    resolution: str
    compaction_level: int
    source: str
    num_samples: int
    num_series: int
    size: int
    deletion_mark: bool
    no_compact_mark: bool
    no_downsample_mark: bool
    sources: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    uploaded: int = 0

    def as_result(self) -> dict[str, Any]:
        """What modules return: a block of two weeks has hundreds of sources, which nobody reads there."""
        return {name: value for name, value in vars(self).items() if name not in ("sources", "parents")}


def created(ulid: str) -> int:
    """When a ULID was made, in milliseconds since 1970: its first ten digits of base 32."""
    return sum(DIGITS.index(digit) * 32**place for place, digit in enumerate(reversed(ulid[:10])))


def moment(milliseconds: int) -> str:
    """A time of meta.json, for messages."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def of_meta(ulid: str, meta: Mapping[str, Any], files: Mapping[str, int]) -> Block | None:
    """None for a meta.json without the times every block has."""
    thanos, stats, compaction = (meta.get(part) or {} for part in ("thanos", "stats", "compaction"))
    if not {"minTime", "maxTime"} <= meta.keys():
        return None
    resolution = (thanos.get("downsample") or {}).get("resolution", 0)
    return Block(
        ulid=ulid,
        min_time=meta["minTime"],
        max_time=meta["maxTime"],
        labels=thanos.get("labels") or {},
        resolution=RESOLUTIONS.get(resolution, f"{resolution}ms"),
        compaction_level=compaction.get("level", 0),
        source=thanos.get("source", ""),
        num_samples=stats.get("numSamples", 0),
        num_series=stats.get("numSeries", 0),
        size=sum(files.values()),
        deletion_mark="deletion-mark.json" in files,
        no_compact_mark="no-compact-mark.json" in files,
        no_downsample_mark="no-downsample-mark.json" in files,
        sources=tuple(compaction.get("sources") or ()),
        parents=tuple(parent["ulid"] for parent in compaction.get("parents") or ()),
        uploaded=_uploaded(ulid, thanos.get("upload_time")),
    )


def _uploaded(ulid: str, time: Any) -> int:
    """The upload_time of a meta.json; Thanos before 0.35 writes none."""
    try:
        uploaded = int(datetime.fromisoformat(time).timestamp() * 1000)
    except (TypeError, ValueError):
        uploaded = 0
    return max(uploaded, 0) or (created(ulid) if ULID.fullmatch(ulid) else 0)
