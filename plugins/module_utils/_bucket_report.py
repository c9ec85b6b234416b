# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the blocks of a bucket say of each stream: what is missing, doubled, marked, how it grows and what it costs.

A stream is what one source writes: blocks with the same external labels and resolution.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._block import Block
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

DAY = 86_400_000
GIB = 2**30
# The Compactor makes blocks of at most this length, and holds the old ones and the new one at once.
LONGEST = 14 * DAY
COPIES = 2

Span = tuple[int, int]


@dataclass(frozen=True)
class Stream:
    """One stream. Times are in milliseconds since 1970, sizes in bytes.

    Blocks that are marked for deletion count in `blocks`, `size` and `deletion_marks` alone.
    """

    labels: dict[str, str]
    resolution: str
    blocks: int
    min_time: int
    max_time: int
    gaps: list[Span]
    overlaps: list[Span]
    levels: dict[int, int]
    size: int
    samples: int
    deletion_marks: int
    no_compact_marks: int
    no_downsample_marks: int
    newest_upload: int
    growth_per_day: int


@dataclass(frozen=True)
class Report:
    """All streams, the oldest first, and the bucket as a whole. `cost_per_month` is in the currency of the prices."""

    streams: list[Stream]
    blocks: int
    partial: list[str]
    size: int
    growth_per_day: int
    cost_per_month: float | None
    cost_per_month_in_a_year: float | None
    compactor_disk: int

    def as_result(self) -> dict[str, Any]:
        return asdict(self)


def report(blocks: Iterable[Block], partial: Sequence[str], prices: Sequence[Mapping[str, Any]]) -> Report:
    """The report; without prices it has no cost. MetricsError for prices out of order."""
    if problems := price_problems(prices, "prices"):
        raise MetricsError(" ".join(problems))
    streams: dict[tuple[Any, ...], list[Block]] = {}
    for block in blocks:
        streams.setdefault((tuple(sorted(block.labels.items())), block.resolution), []).append(block)
    found = sorted(map(_stream, streams.values()), key=lambda stream: (stream.min_time, str(stream.labels), stream.resolution))
    size, growth = sum(stream.size for stream in found), sum(stream.growth_per_day for stream in found)
    return Report(
        streams=found,
        blocks=sum(map(len, streams.values())),
        partial=list(partial),
        size=size,
        growth_per_day=growth,
        cost_per_month=_cost(size, prices),
        cost_per_month_in_a_year=_cost(size + 365 * growth, prices),
        compactor_disk=COPIES * max((stream.growth_per_day * LONGEST // DAY for stream in found), default=0),
    )


def _stream(blocks: list[Block]) -> Stream:
    living = [block for block in blocks if not block.deletion_mark]
    spans = [(block.min_time, block.max_time) for block in living or blocks]
    covered = [*_union(spans)]
    newest = covered[-1][1]
    # What the last two weeks took, for each day that has samples.
    recent = [block for block in living if block.max_time > newest - LONGEST]
    days = sum(end - begin for begin, end in _union((block.min_time, block.max_time) for block in recent)) / DAY
    return Stream(
        labels=blocks[0].labels,
        resolution=blocks[0].resolution,
        blocks=len(blocks),
        min_time=covered[0][0],
        max_time=newest,
        gaps=[(earlier[1], later[0]) for earlier, later in pairwise(covered)],
        overlaps=[*_union(_overlaps((block.min_time, block.max_time) for block in living))],
        levels=dict(sorted(Counter(block.compaction_level for block in living).items())),
        size=sum(block.size for block in blocks),
        samples=sum(block.num_samples for block in living),
        deletion_marks=len(blocks) - len(living),
        no_compact_marks=sum(block.no_compact_mark for block in living),
        no_downsample_marks=sum(block.no_downsample_mark for block in living),
        newest_upload=max(block.uploaded for block in blocks),
        growth_per_day=round(sum(block.size for block in recent) / days) if days else 0,
    )


def _union(spans: Iterable[Span]) -> Iterator[Span]:
    """The time that spans cover together, in order."""
    begin = end = None
    for low, high in sorted(spans):
        if end is None or low > end:
            if begin is not None and end is not None:
                yield begin, end
            begin, end = low, high
        else:
            end = max(end, high)
    if begin is not None and end is not None:
        yield begin, end


def _overlaps(spans: Iterable[Span]) -> Iterator[Span]:
    """The time that more than one span covers."""
    reached: int | None = None
    for low, high in sorted(spans):
        if reached is not None and low < reached:
            yield low, min(high, reached)
        reached = high if reached is None else max(reached, high)


def price_problems(prices: Sequence[Mapping[str, Any]], variable: str) -> list[str]:
    """What is wrong with prices by size, in full sentences."""
    found, before = [], 0.0
    for number, tier in enumerate(prices):
        where, up_to = f"{variable}[{number}]", tier.get("up_to_gib")
        if tier["price"] < 0:
            found.append(f"{where}.price is {tier['price']:g}; must be at least 0.")
        if up_to is None and number < len(prices) - 1:
            found.append(f"{where} has no up_to_gib; only the last price is for any size.")
        if up_to is not None and up_to <= before:
            found.append(f"{where}.up_to_gib is {up_to:g}; must be greater than {before:g}.")
        before = before if up_to is None else up_to
    return found


def _cost(size: int, prices: Sequence[Mapping[str, Any]]) -> float | None:
    """What so many bytes cost in a month. The last price is for all that is beyond."""
    if not prices:
        return None
    cost, before, gib = 0.0, 0.0, size / GIB
    for tier in prices:
        up_to = tier.get("up_to_gib") if tier is not prices[-1] else None
        part = gib if up_to is None else min(gib, up_to)
        cost += max(0.0, part - before) * tier["price"]
        before = part
    return round(cost, 2)
