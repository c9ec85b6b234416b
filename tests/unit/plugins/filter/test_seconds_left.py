# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time

from ansible_collections.longterm.metrics.plugins.filter.seconds_left import FilterModule


def test_the_filter_counts_from_now() -> None:
    left = FilterModule().filters()["seconds_left"]
    assert 95 <= left(time.time() + 100) <= 100
    assert left(str(time.time() + 100)) <= 100
    assert (left(time.time() - 100), left(time.time() - 100, 60)) == (1, 60)
