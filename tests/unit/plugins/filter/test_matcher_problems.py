# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter matcher_problems."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.matcher_problems import FilterModule


def test_it_gives_what_is_wrong_by_the_name_of_the_variable() -> None:
    matcher_problems = FilterModule().filters()["matcher_problems"]
    assert matcher_problems('cluster="a",job!="b"', "matchers") == []
    assert matcher_problems('cluster="a', "matchers") == [
        'matchers is cluster="a; must be matchers of PromQL: a double quote is never closed.'
    ]
    assert matcher_problems(["a"], "matchers") == ["matchers is a list; must be matchers of PromQL, in quotes."]
