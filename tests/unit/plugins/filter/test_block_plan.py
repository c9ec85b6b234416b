# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.block_plan import FilterModule


def test_the_filter_takes_numbers_as_playbooks_have_them() -> None:
    heads = [{"metric": {"pod": "p-0"}, "values": [[730 + 30 * step, "100"] for step in range(10)]}]
    plan = FilterModule().filters()["block_plan"]
    settings = {"labels": {"cluster": "one"}, "replica_label": "replica", "minutes": "1", "end": "1000", "deadline": 1300}
    assert plan(heads, **settings) == {
        "replicas": [{"labels": {"cluster": "one", "replica": "p-0"}, "min_time": 730_000}],
        "due": 0,
    }
