# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.module_utils._exposition import values

PAGE = """\
# HELP a_total What it counts.
# TYPE a_total counter
a_total 3
a_total_more 4
b{x="1",y="} 5"} 1.01348360701427e+14 1700000000000
c NaN
"""


def test_the_metrics_asked_for_are_read_by_their_whole_names() -> None:
    assert values(PAGE, {"a_total"}) == {"a_total": 3.0}


def test_a_metric_that_is_not_there_has_no_value() -> None:
    assert values(PAGE, {"d"}) == {}
    assert values("", {"a_total"}) == {}
