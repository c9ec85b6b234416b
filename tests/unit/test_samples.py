# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the scenario `move` takes for a sample lost, for a gap and for an overlap."""

from __future__ import annotations

import math

from tests.samples import longest_gap, lost, shortest_overlap

BEFORE = {"a": [5.0, 10.0, 15.0], "b": [7.0]}


def test_a_sample_is_lost_when_its_series_or_its_time_is_not_answered() -> None:
    assert lost(BEFORE, {"a": [5.0, 10.0, 15.0, 20.0], "b": [7.0], "c": [1.0]}) == 0
    assert lost(BEFORE, {"a": [5.0, 15.0], "b": [7.0]}) == 1
    assert lost(BEFORE, {"a": [5.0, 10.0, 15.0]}) == 1
    assert lost(BEFORE, {"c": [5.0, 10.0, 15.0, 7.0]}) == 4


def test_a_gap_is_a_time_without_a_sample_of_any_replica() -> None:
    one, other = '{"job": "x", "replica": "0"}', '{"job": "x", "replica": "1"}'
    assert longest_gap({one: [5.0, 30.0], other: [12.0, 20.0]}, 0.0) == 10.0
    assert longest_gap({one: [5.0, 30.0], other: [12.0, 20.0]}, 18.0) == 10.0
    assert longest_gap({one: [5.0, 30.0, 40.0]}, 30.0) == 10.0
    assert longest_gap({one: [5.0, 30.0], '{"job": "y"}': [12.0, 20.0]}, 0.0) == 25.0
    assert longest_gap({}, 0.0) == 0.0


def test_former_and_new_replicas_overlap_from_the_first_sample_of_these_to_the_last_of_those() -> None:
    former, new, other = '{"job": "x", "replica": "0"}', '{"job": "x", "replica": "1"}', '{"job": "y", "replica": "1"}'
    assert shortest_overlap({former: [5.0, 10.0, 30.0], new: [12.0, 20.0]}, 0.0, 11.0) == 18.0
    assert shortest_overlap({former: [5.0, 10.0], new: [12.0, 20.0]}, 0.0, 11.0) == -2.0
    assert shortest_overlap({former: [5.0, 30.0], new: [1.0, 12.0]}, 4.0, 11.0) == 18.0
    assert shortest_overlap({former: [5.0, 30.0], new: [12.0], other: [12.0]}, 0.0, 11.0) == -math.inf
    assert shortest_overlap({}, 0.0, 11.0) == -math.inf
