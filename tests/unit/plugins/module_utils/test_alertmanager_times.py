# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats of Alertmanager's time intervals."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager_times as times
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_formats import Format


@pytest.mark.parametrize(
    ("judge", "value"),
    [
        (times.time, "00:00"),
        (times.time, "24:00"),
        (times.location, "Europe/Berlin"),
        (times.location, "UTC"),
        (times.location, "Local"),
        (times.weekday, "monday:friday"),
        (times.weekday, "Sunday"),
        (times.day_of_month, 31),
        (times.day_of_month, "1:-1"),
        (times.day_of_month, "-3:-1"),
        (times.month, "january:march"),
        (times.month, "3:5"),
        (times.month, 12),
        (times.year, 2027),
        (times.year, "2026:2028"),
    ],
)
def test_a_value_of_the_format_has_no_problem(judge: Format, value: Any) -> None:
    assert judge(value) == ""


@pytest.mark.parametrize(
    ("judge", "value"),
    [
        (times.time, "9:00"),
        (times.time, "24:01"),
        (times.time, 1320),
        (times.location, 5),
        (times.weekday, "mon"),
        (times.weekday, "friday:monday"),
        (times.weekday, "monday:"),
        (times.weekday, 1),
        (times.weekday, "1"),
        (times.day_of_month, 0),
        (times.day_of_month, 32),
        (times.day_of_month, "-1:5"),
        (times.day_of_month, "30:-1"),
        (times.day_of_month, "5:1"),
        (times.month, "jan"),
        (times.month, 13),
        (times.month, 63),
        (times.month, "may:april"),
        (times.month, True),
        (times.year, "2028:2026"),
        (times.year, "next"),
        (times.year, "1:2:3"),
    ],
)
def test_any_other_value_is_told(judge: Format, value: Any) -> None:
    assert judge(value).startswith(f" is {str(value).lower() if isinstance(value, bool) else value}; must be ")


def test_a_misspelt_time_zone_is_told_with_the_nearest() -> None:
    assert times.location("Europe/Berln").endswith("did you mean Europe/Berlin?")


def test_without_a_time_zone_database_only_the_form_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "_zones", frozenset[str])
    assert times.location("Europe/Berln") == ""
    assert times.location("Europe Berlin") == " is Europe Berlin; must be a time zone such as Europe/Berlin"
