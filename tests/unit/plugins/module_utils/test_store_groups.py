# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Store Gateways divide the blocks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._store_groups import groups, problems


def test_one_group_serves_all_blocks_under_the_plain_name() -> None:
    (group,) = groups(1, [])
    assert (group.suffix, group.labels, group.min_time, group.max_time) == ("", {}, "", "")


def test_shards_keep_the_names_they_have_without_ranges() -> None:
    assert [(group.suffix, group.labels) for group in groups(2, [])] == [
        ("-shard-0", {"longterm.metrics/shard": "0"}),
        ("-shard-1", {"longterm.metrics/shard": "1"}),
    ]


@pytest.mark.parametrize("shards", [1, 3])
def test_ranges_neither_overlap_nor_leave_a_gap(shards: int) -> None:
    found = [*groups(shards, ["-6w", "-2w"])]
    assert len(found) == len({group.suffix for group in found}) == 3 * shards
    ranges = list(dict.fromkeys((group.min_time, group.max_time) for group in found))
    assert (ranges[0][0], ranges[-1][1]) == ("", "")
    assert all(earlier[1] == later[0] != "" for earlier, later in pairwise(ranges))


@pytest.mark.parametrize("boundaries", [[], ["-6w", "-2w"], ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00+01:00"]])
def test_times_in_their_order_are_fine(boundaries: list[str]) -> None:
    assert problems(boundaries, "b") == []


@pytest.mark.parametrize(
    ("boundaries", "words"),
    [
        (["6w"], "b[0] is 6w; must be a time before now like -6w"),
        (["-0s"], "b[0] is -0s; must be"),
        (["2026-01-01"], "b[0] is 2026-01-01; must be"),
        (["2026-13-01T00:00:00Z"], "b[0] is 2026-13-01T00:00:00Z; must be"),
        (["-2w", "-6w"], "b[1] is -6w; must be later than -2w"),
        (["-14d", "-2w"], "b[1] is -2w; must be later than -14d"),
        (["2026-01-01T00:00:00Z", "-2w"], "b mixes times before now with dates"),
        ("-6w", "b must be a list of times"),
    ],
)
def test_what_is_no_order_of_times_is_named(boundaries: Any, words: str) -> None:
    (problem,) = problems(boundaries, "b")
    assert problem.startswith(words)
