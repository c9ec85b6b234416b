# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asking again until it is so: one deadline, a monotonic clock, growing pauses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

MAX_PAUSE = 10.0

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "wait_timeout": {"type": "int", "default": 120},
    "wait_sleep": {"type": "float", "default": 1.0},
}


def attempts(
    timeout: float,
    pause: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[int]:
    """Number the attempts from 1 on: at once, then after pauses that double up to MAX_PAUSE, the last one at the deadline.

    `timeout` and `pause` are seconds; with a timeout of 0 there is one attempt.
    """
    deadline, number = clock() + timeout, 1
    while True:
        yield number
        left = deadline - clock()
        if left <= 0:
            return
        pause = max(pause, 0.05)
        sleep(min(pause, left))
        pause, number = min(pause * 2, MAX_PAUSE), number + 1


def seconds_left(deadline: float, floor: int = 1, now: float | None = None) -> int:
    """Whole seconds until a Unix time that several tasks share, at least `floor`: a task that comes late still looks."""
    return max(int(deadline - (time.time() if now is None else now)), floor)
