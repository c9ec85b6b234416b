# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations as Prometheus, Alertmanager and Thanos read them: 30s, 1d12h, 0 (prometheus/common model.ParseDuration)."""

from __future__ import annotations

import re
from typing import Any

_UNITS = {"y": 31536000, "w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 0.001}
_DURATION = re.compile("(?=.)" + "".join(rf"(?:(\d{{1,18}}){unit})?" for unit in _UNITS), re.ASCII)
# For so many seconds Prometheus takes the last sample of a series for its value.
LOOKBACK = 300
# What Go can count in nanoseconds, about 292 years.
_LONGEST = 2**63 / 1e9


def seconds(value: Any) -> float | None:
    """The length of a duration; None if the value is not a duration."""
    if value == "0":
        return 0.0
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return None
    length = sum(int(number) * unit for number, unit in zip(found.groups(), _UNITS.values(), strict=True) if number)
    return length if length < _LONGEST else None


def has_days(value: str) -> bool:
    """Whether a duration has units above hours, which Go and the Prometheus Operator do not read."""
    return bool(re.search("[dwy]", value))
