# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter store_groups."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.store_groups import FilterModule

store_groups = FilterModule().filters()["store_groups"]


def test_groups_are_plain_data_also_where_the_number_is_text() -> None:
    assert store_groups("1", ["-2w"]) == [
        {"suffix": "-range-0", "labels": {"longterm.metrics/range": "0"}, "shard": 0, "min_time": "", "max_time": "-2w"},
        {"suffix": "-range-1", "labels": {"longterm.metrics/range": "1"}, "shard": 0, "min_time": "-2w", "max_time": ""},
    ]
