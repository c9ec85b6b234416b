# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats of Alertmanager's time intervals, as _alertmanager_formats has them for everything else."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_formats import Format, wrong

WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


def time(value: Any) -> str:
    return (
        ""
        if isinstance(value, str) and _TIME.fullmatch(value)
        else wrong(value, 'a time such as "09:00" in quotes, up to "24:00"')
    )


def location(value: Any) -> str:
    if not isinstance(value, str):
        return wrong(value, "text")
    zones = _zones()
    if not value or value == "Local" or value in zones or (not zones and re.fullmatch(r"\w[\w+-]*(/[\w+-]+)*", value)):
        return ""
    near = get_close_matches(value, zones, 1)
    return wrong(value, "a time zone such as Europe/Berlin") + (f"; did you mean {near[0]}?" if near else "")


@cache
def _zones() -> frozenset[str]:
    """None where the controller has no time zone database."""
    return frozenset(zoneinfo.available_timezones())


def named_range(names: Sequence[str], first: int, last: int, must: str) -> Format:
    """A format for one of `names` or of the numbers from `first` to `last` (empty: no numbers), or two with a colon between."""

    def position(word: str) -> int | None:
        if word.lower() in names:
            return list(names).index(word.lower()) + first
        number = int(word) if re.fullmatch(r"-?\d{1,4}", word) else 0
        return number if number and first <= number <= last else None

    def judge(value: Any) -> str:
        known = isinstance(value, str | int) and not isinstance(value, bool)
        ends = [position(word) for word in str(value).split(":")] if known else []
        if not 0 < len(ends) < 3 or None in ends:
            return wrong(value, must)
        # Days before the end of a month: the shortest has 28.
        days = [end + 28 if end is not None and end < 0 else end or 0 for end in ends]
        mixed = len(ends) == 2 and (ends[0] or 0) < 0 < (ends[1] or 0)
        return wrong(value, "from the earlier to the later") if mixed or any(a > b for a, b in pairwise(days)) else ""

    return judge


weekday = named_range(WEEKDAYS, 0, -1, "a day such as monday, or days such as monday:friday")
day_of_month = named_range((), -31, 31, 'days such as 1, "1:5" or "-3:-1", in quotes')
month = named_range(MONTHS, 1, 12, 'months such as may, "january:march" or "1:3", in quotes')
year = named_range((), 1, 9999, 'years such as 2027 or "2026:2028"')
