# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Store Gateways of Thanos that divide the blocks of a bucket by time and by hash.

https://thanos.io/tip/components/store.md/#time-based-partitioning
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _duration

FORM = "a time before now like -6w, or a date like 2026-01-01T00:00:00Z, in quotes"


@dataclass(frozen=True)
class Group:
    """Store Gateways that serve the same blocks; what follows their name, and the labels that tell them from others."""

    suffix: str
    labels: dict[str, str]
    shard: int
    min_time: str
    max_time: str


def groups(shards: int, boundaries: Sequence[str]) -> Iterator[Group]:
    """The groups of all ranges of time between the boundaries, each divided into shards; the oldest range comes first."""
    for number, (begin, end) in enumerate(pairwise(["", *boundaries, ""])):
        for shard in range(shards):
            own = {"range": number} if boundaries else {}
            own |= {"shard": shard} if shards > 1 else {}
            yield Group(
                "".join(f"-{name}-{value}" for name, value in own.items()),
                {f"longterm.metrics/{name}": str(value) for name, value in own.items()},
                shard,
                begin,
                end,
            )


def problems(boundaries: Any, variable: str) -> list[str]:
    """What is wrong with boundaries, in full sentences."""
    if not isinstance(boundaries, list | tuple):
        return [f"{variable} must be a list of times, such as [-6w, -2w]."]
    times = [_time(one) for one in boundaries]
    found = [
        f"{variable}[{number}] is {one}; must be {FORM}."
        for number, (one, time) in enumerate(zip(boundaries, times, strict=True))
        if time is None
    ]
    if found:
        return found
    if len({kind for kind, _at in filter(None, times)}) > 1:
        return [f"{variable} mixes times before now with dates; must be one of both."]
    return [
        f"{variable}[{number + 1}] is {boundaries[number + 1]}; must be later than {boundaries[number]}, the one before."
        for number, (earlier, later) in enumerate(pairwise(filter(None, times)))
        if earlier[1] >= later[1]
    ]


def _time(value: Any) -> tuple[str, float] | None:
    """Whether it is before now or a date, and a number to compare it by."""
    text = str(value)
    before = _duration.seconds(text[1:]) if text.startswith("-") else None
    if before:
        return "before now", -before
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text, re.ASCII):
        return None
    try:
        return "date", datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None
