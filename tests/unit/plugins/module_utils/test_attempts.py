# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.module_utils._attempts import MAX_PAUSE, attempts, seconds_left


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def test_without_time_there_is_one_attempt() -> None:
    assert list(attempts(0, 1)) == [1]


def test_pauses_double_and_the_last_attempt_is_at_the_deadline() -> None:
    clock = Clock()
    assert list(attempts(10, 1, clock.time, clock.sleep)) == [1, 2, 3, 4, 5]
    assert clock.pauses == [1, 2, 4, 3]


def test_pauses_grow_no_longer_than_the_longest() -> None:
    clock = Clock()
    list(attempts(100, 4, clock.time, clock.sleep))
    assert max(clock.pauses) == MAX_PAUSE


def test_a_pause_of_zero_does_not_spin() -> None:
    clock = Clock()
    list(attempts(1, 0, clock.time, clock.sleep))
    assert min(clock.pauses) > 0
    assert len(clock.pauses) < 10


def test_tasks_that_share_a_deadline_get_what_is_left_and_a_look_after_it() -> None:
    assert seconds_left(1300.9, now=1000.0) == 300
    assert seconds_left(1300.0, now=1299.5) == 1
    assert seconds_left(1300.0, 60, now=2000.0) == 60
