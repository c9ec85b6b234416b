# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the blocks of a bucket say of each stream."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._block import Block
from ansible_collections.longterm.metrics.plugins.module_utils._bucket_report import DAY, GIB, price_problems, report
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

HOUR = 3_600_000
PRICES = [{"up_to_gib": 100.0, "price": 0.02}, {"up_to_gib": None, "price": 0.01}]


def block(begin: float, end: float, **changes: Any) -> Block:
    """A block of raw samples between two hours."""
    values: dict[str, Any] = {
        **{"ulid": "01", "labels": {"cluster": "a"}, "resolution": "raw", "compaction_level": 1, "source": "sidecar"},
        **{"num_samples": 10, "num_series": 1, "size": 100, "uploaded": int(end * HOUR)},
        **{"deletion_mark": False, "no_compact_mark": False, "no_downsample_mark": False},
        **changes,
    }
    return Block(min_time=int(begin * HOUR), max_time=int(end * HOUR), **values)


def test_a_stream_is_what_has_the_same_labels_and_resolution() -> None:
    found = report([block(0, 2), block(2, 4), block(0, 2, labels={"cluster": "b"}), block(0, 4, resolution="5m")], [], [])
    assert [(stream.labels["cluster"], stream.resolution, stream.blocks) for stream in found.streams] == [
        ("a", "5m", 1),
        ("a", "raw", 2),
        ("b", "raw", 1),
    ]
    assert found.blocks == 4


@pytest.mark.parametrize(
    ("blocks", "gaps", "overlaps"),
    [
        ([block(0, 2), block(2, 4)], [], []),
        ([block(0, 2), block(3, 4), block(8, 9)], [(2, 3), (4, 8)], []),
        ([block(0, 4), block(2, 6)], [], [(2, 4)]),
        # One inside another, and a third over both.
        ([block(0, 10), block(2, 3), block(9, 12)], [], [(2, 3), (9, 10)]),
        ([block(0, 4), block(1, 3), block(2, 4)], [], [(1, 4)]),
        # The Compactor marks what it has merged.
        ([block(0, 4, compaction_level=2), block(0, 2, deletion_mark=True), block(2, 4, deletion_mark=True)], [], []),
        ([block(0, 2, deletion_mark=True)], [], []),
    ],
)
def test_gaps_and_overlaps_are_those_of_living_blocks(blocks: list[Block], gaps: list[Any], overlaps: list[Any]) -> None:
    (stream,) = report(blocks, [], []).streams
    assert stream.gaps == [(begin * HOUR, end * HOUR) for begin, end in gaps]
    assert stream.overlaps == [(begin * HOUR, end * HOUR) for begin, end in overlaps]


def test_levels_sizes_marks_and_the_newest_upload_are_counted() -> None:
    blocks = [
        block(0, 2, deletion_mark=True),
        block(0, 4, compaction_level=3, no_compact_mark=True, uploaded=99 * HOUR),
        block(4, 6, no_downsample_mark=True),
    ]
    (stream,) = report(blocks, [], []).streams
    assert (stream.blocks, stream.size, stream.samples, stream.levels) == (3, 300, 20, {1: 1, 3: 1})
    assert (stream.deletion_marks, stream.no_compact_marks, stream.no_downsample_marks) == (1, 1, 1)
    assert stream.newest_upload == 99 * HOUR


def test_growth_is_that_of_the_days_with_samples_of_the_last_two_weeks() -> None:
    # Ten days of 24 bytes each, a gap, and long before a block that was much larger.
    days = [block(24 * day, 24 * (day + 1), size=24) for day in (*range(100, 105), *range(106, 111))]
    found = report([block(0, 24, size=10_000), *days], [], [])
    assert found.growth_per_day == 24
    # Twice the two weeks of the largest stream.
    assert found.compactor_disk == 2 * 14 * 24


def test_what_is_stored_has_a_price_by_size() -> None:
    stored = [block(0, 24, size=150 * GIB)]
    assert report(stored, [], []).cost_per_month is None
    assert report(stored, [], PRICES).cost_per_month == 100 * 0.02 + 50 * 0.01
    # It grows by 150 GiB a day.
    assert report(stored, [], PRICES).cost_per_month_in_a_year == round(100 * 0.02 + (366 * 150 - 100) * 0.01, 2)
    assert report(stored, [], [{"price": 0.5}]).cost_per_month == 75


def test_an_empty_bucket_has_a_report() -> None:
    found = report([], ["01"], PRICES)
    assert (found.streams, found.size, found.cost_per_month, found.compactor_disk, found.partial) == ([], 0, 0, 0, ["01"])


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        ([{"price": -1.0}], "p[0].price is -1; must be at least 0."),
        ([{"price": 1.0}, {"price": 2.0}], "p[0] has no up_to_gib; only the last price is for any size."),
        ([{"price": 1.0, "up_to_gib": 5.0}, {"price": 2.0, "up_to_gib": 5.0}], "p[1].up_to_gib is 5; must be greater than 5."),
        ([{"price": 1.0, "up_to_gib": 0.0}], "p[0].up_to_gib is 0; must be greater than 0."),
    ],
)
def test_prices_out_of_order_are_refused(prices: list[Any], words: str) -> None:
    assert price_problems(prices, "p") == [words]
    with pytest.raises(MetricsError, match="prices"):
        report([], [], prices)


def test_a_day_has_the_milliseconds_of_a_day() -> None:
    assert DAY == 24 * HOUR
