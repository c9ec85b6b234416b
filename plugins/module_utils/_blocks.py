# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The blocks in a bucket: read from their meta.json.

Format: https://thanos.io/tip/thanos/storage.md; a folder per block, named by its ULID, with meta.json, index, chunks/ and marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objstore import Bucket
from ansible_collections.longterm.metrics.plugins.module_utils._s3_client import may_pass
from ansible_collections.longterm.metrics.plugins.module_utils._s3_errors import code_of, explained

ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
META = "meta.json"
AT_ONCE = 8
# Downsampling resolutions in ms (thanos.downsample.resolution) and as `thanos tools` calls them.
RESOLUTIONS = {0: "raw", 300_000: "5m", 3_600_000: "1h"}


@dataclass(frozen=True)
class Block:
    """One block; times in milliseconds since 1970, max_time exclusive, size in bytes of all its objects."""

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


@dataclass(frozen=True)
class Listing:
    """The blocks that match, how many there are at all, and the ULIDs of folders without a readable meta.json."""

    blocks: list[Block]
    total: int
    partial: list[str]

    def as_result(self) -> dict[str, Any]:
        return {"blocks": [asdict(block) for block in self.blocks], "count": len(self.blocks), "partial": self.partial}


@dataclass(frozen=True)
class Filter:
    """Which blocks are meant: labels as a subset (empty: absent), any overlap with [min_time, max_time) in ms, a resolution."""

    labels: Mapping[str, str]
    min_time: int | None = None
    max_time: int | None = None
    resolution: str | None = None

    def matches(self, block: Block) -> bool:
        return (
            all(block.labels.get(name, "") == value for name, value in self.labels.items())
            and (self.min_time is None or block.max_time > self.min_time)
            and (self.max_time is None or block.min_time < self.max_time)
            and self.resolution in (None, block.resolution)
        )

    def __str__(self) -> str:
        labels = [f'{name}="{value}"' for name, value in sorted(self.labels.items())]
        rest = [f"{name} {value}" for name, value in vars(self).items() if name != "labels" and value is not None]
        return ", ".join(labels + rest) or "any"


def find_blocks(client: Any, bucket: Bucket, wanted: Filter) -> Listing:
    """One look: a flat listing, which also tells marks and sizes, and a GET of every meta.json. Raises StoreError."""
    folders: dict[str, dict[str, int]] = {}
    for path, size in _objects(client, bucket):
        ulid, _slash, file = path.partition("/")
        if file and ULID.fullmatch(ulid):
            folders.setdefault(ulid, {})[file] = size
    with_meta = [ulid for ulid, files in folders.items() if META in files]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        metas = dict(zip(with_meta, pool.map(lambda ulid: _meta(client, bucket, ulid), with_meta), strict=True))
    blocks = [block for ulid, meta in metas.items() if meta and (block := _block(ulid, meta, folders[ulid]))]
    partial = sorted(set(folders) - {block.ulid for block in blocks})
    matching = sorted((block for block in blocks if wanted.matches(block)), key=lambda block: (block.min_time, block.ulid))
    return Listing(matching, len(blocks), partial)


def await_blocks(
    connect: Callable[[], AbstractContextManager[Any]], bucket: Bucket, wanted: Filter, least: int, attempts: Iterable[int]
) -> Listing:
    """Look until at least `least` blocks match. Raises MetricsError that tells what was there when the attempts end."""
    seen = "nothing"
    for _attempt in attempts:
        try:
            with connect() as client:
                listing = find_blocks(client, bucket, wanted)
        except MetricsError as error:
            if not least or not may_pass(error):
                raise
            seen = error.message
            continue
        if len(listing.blocks) >= least:
            return listing
        seen = f"{listing.total} blocks, {len(listing.blocks)} of them matching; {len(listing.partial)} folders without meta.json"
    where = f"Bucket {bucket.name} at {bucket.endpoint}" + (f", prefix {bucket.prefix}" if bucket.prefix else "")
    raise MetricsError(
        f"{where}: fewer than {least} blocks ({wanted}) in time; seen: {seen}. "
        "Look at the log of what uploads them (sidecar, receive, ruler, compactor).",
        bucket=bucket.name,
        endpoint=bucket.endpoint,
    )


def _objects(client: Any, bucket: Bucket) -> Iterator[tuple[str, int]]:
    """(path without the prefix, size) of every object."""
    prefix = bucket.key("")
    with explained(bucket, "listing it"):
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket.name, Prefix=prefix):
            for entry in page.get("Contents") or ():
                yield entry["Key"][len(prefix) :], entry["Size"]


def _meta(client: Any, bucket: Bucket, ulid: str) -> dict[str, Any] | None:
    """meta.json; None where it is no JSON object or was deleted since it was listed."""
    from botocore.exceptions import ClientError

    key = bucket.key(f"{ulid}/{META}")
    with explained(bucket, f"reading {key}"):
        try:
            meta = json.loads(client.get_object(Bucket=bucket.name, Key=key)["Body"].read())
        except ClientError as error:
            if code_of(error) != "NoSuchKey":
                raise
            return None
        except ValueError:
            return None
    return meta if isinstance(meta, dict) else None


def _block(ulid: str, meta: Mapping[str, Any], files: Mapping[str, int]) -> Block | None:
    """None for a meta.json without the times every block has."""
    thanos, stats = meta.get("thanos") or {}, meta.get("stats") or {}
    if not {"minTime", "maxTime"} <= meta.keys():
        return None
    resolution = (thanos.get("downsample") or {}).get("resolution", 0)
    return Block(
        ulid=ulid,
        min_time=meta["minTime"],
        max_time=meta["maxTime"],
        labels=thanos.get("labels") or {},
        resolution=RESOLUTIONS.get(resolution, f"{resolution}ms"),
        compaction_level=(meta.get("compaction") or {}).get("level", 0),
        source=thanos.get("source", ""),
        num_samples=stats.get("numSamples", 0),
        num_series=stats.get("numSeries", 0),
        size=sum(files.values()),
        deletion_mark="deletion-mark.json" in files,
        no_compact_mark="no-compact-mark.json" in files,
        no_downsample_mark="no-downsample-mark.json" in files,
    )
