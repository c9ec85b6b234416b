# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations as Prometheus reads them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._duration import has_days, seconds


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0", 0),
        ("0s", 0),
        ("5ms", 0.005),
        ("5m", 300),
        ("5m3ms", 300.003),
        ("1d12h", 129600),
        ("1y2w", 32745600),
        ("292y", 9208512000),
    ],
)
def test_a_duration_has_a_length(text: str, length: float) -> None:
    assert seconds(text) == pytest.approx(length)


@pytest.mark.parametrize(
    "value", ["", "5", "1.5h", "-5m", "5 m", "12h1d", "5m5m", "5µs", "\u0665m", "293y", "1h\n", 5, True, None, ["5m"]]
)
def test_anything_else_has_none(value: Any) -> None:
    assert seconds(value) is None


@pytest.mark.parametrize(("text", "days"), [("36h", False), ("5m3ms", False), ("1d12h", True), ("2w", True), ("1y", True)])
def test_go_reads_no_days(text: str, days: bool) -> None:
    assert has_days(text) == days
