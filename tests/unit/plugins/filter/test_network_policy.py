# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter network_policy."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.network_policy import FilterModule


def test_it_gives_the_rules_of_a_policy() -> None:
    rules = FilterModule().filters()["network_policy"]({"9093": "all", "9094": []}, [])
    assert rules == [{"ports": [{"port": 9093, "protocol": "TCP"}]}]
