# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter operator_arguments."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.operator_arguments import FilterModule

operator_arguments = FilterModule().filters()["operator_arguments"]


def test_name_and_value_are_two_entries_and_a_flag_has_no_value() -> None:
    assert operator_arguments(["--tsdb.block-duration=2m", "--no-web.disable-cors", "--a=b=c", "--empty="]) == [
        {"name": "tsdb.block-duration", "value": "2m"},
        {"name": "no-web.disable-cors"},
        {"name": "a", "value": "b=c"},
        {"name": "empty", "value": ""},
    ]
