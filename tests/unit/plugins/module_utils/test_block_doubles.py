# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The traces of two compactors in one bucket."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _block_doubles
from ansible_collections.longterm.metrics.plugins.module_utils._block import Block


def block(ulid: str, sources: str = "", parents: str = "", **changes: Any) -> Block:
    """A block that a compactor made; sources and parents by one letter each."""
    values = {"min_time": 0, "max_time": 1, "labels": {"cluster": "one"}, "resolution": "raw", "compaction_level": 2}
    values |= {"source": "compactor", "num_samples": 1, "num_series": 1, "size": 1}
    values |= {"deletion_mark": False, "no_compact_mark": False, "no_downsample_mark": False}
    return Block(ulid=ulid, sources=tuple(sources), parents=tuple(parents), **{**values, **changes})


def found(*blocks: Block) -> list[tuple[str, str]]:
    return [(one.ulid, other.ulid) for one, other in _block_doubles.doubles(blocks)]


def test_two_blocks_of_the_same_parents_are_the_work_of_two() -> None:
    assert found(block("Y", "ABCD", "ABCD"), block("X", "ABCD", "ABCD")) == [("X", "Y")]


def test_two_that_share_one_parent_are_too() -> None:
    assert found(block("X", "ABC", "ABC"), block("Y", "CD", "CD")) == [("X", "Y")]


def test_one_that_is_going_away_counts_as_well() -> None:
    assert found(block("X", "AB", "AB", deletion_mark=True), block("Y", "AB", "AB")) == [("X", "Y")]


def test_a_block_downsampled_twice_counts_though_it_has_no_parents() -> None:
    assert found(block("X", "A", resolution="5m"), block("Y", "A", resolution="5m")) == [("X", "Y")]


@pytest.mark.parametrize(
    "other",
    [
        block("Y", "ABCD", "XZ"),
        block("Y", "AB", "X"),
        block("Y", "AB", "AB", resolution="5m"),
        block("Y", "AB", "AB", labels={"cluster": "two"}),
        block("Y", "AB", "AB", source="sidecar"),
        block("Y", "CD", "CD"),
        block("Y"),
    ],
    ids=["compacted further", "compacted alone", "downsampled", "other labels", "not compacted", "other blocks", "nothing known"],
)
def test_what_one_compactor_makes_is_no_trace_of_two(other: Block) -> None:
    assert found(block("X", "AB", "AB"), other) == []


def test_the_message_names_the_first_pairs_and_when_they_were_made() -> None:
    pairs = [(block(f"01KAFTQ7V3B2N7X0Z6M1C9D4{number}H"), block("01KAFTQ7V3B2N7X0Z6M1C9D4EH")) for number in range(5)]
    said = _block_doubles.describe(pairs, "Bucket b at https://s3.example.com")
    assert "01KAFTQ7V3B2N7X0Z6M1C9D40H and 01KAFTQ7V3B2N7X0Z6M1C9D4EH (2025-11-20 05:10:16 UTC)" in said
    assert "2 more pairs" in said
