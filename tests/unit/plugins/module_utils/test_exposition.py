# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.module_utils._exposition import samples, values

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


def test_a_brace_in_a_label_value_ends_no_labels_and_a_timestamp_is_not_the_value() -> None:
    assert values(PAGE, {"b"}) == {"b": 101348360701427.0}


def test_each_series_of_a_metric_is_a_sample() -> None:
    page = 'a{x="1"} 3\na{x="2"} 4\nb 5\n'
    assert list(samples(page, {"a"})) == [("a", 3.0), ("a", 4.0)]
    assert values(page, {"a"}) == {"a": 4.0}
