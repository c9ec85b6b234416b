# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Alertmanager reads as a matcher."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_matchers import are_matchers, is_matcher


@pytest.mark.parametrize(
    "text", ['severity="critical"', "severity = critical", 'a=~"b|(c)"', 'a!~"b"', '"with space"!="x"', 'a=""']
)
def test_a_matcher_is_a_label_an_operator_and_a_value(text: str) -> None:
    assert is_matcher(text)


@pytest.mark.parametrize("text", ["", "severity", "a==b", "a=", 'a="b', "a=b c", '{a="b"}', 'a=~"("', 'a=~"*"', 'a=~"[a"'])
def test_what_alertmanager_would_not_read_is_no_matcher(text: str) -> None:
    assert not is_matcher(text)


def test_a_pattern_that_only_go_reads_is_left_to_alertmanager() -> None:
    assert is_matcher(r'a=~"\pL+"')


@pytest.mark.parametrize("text", [r'a=~"b\(c"', r'a=~"b\\(c"', r'a=~"b\"c"'])
def test_a_pattern_may_hold_escaped_characters(text: str) -> None:
    assert is_matcher(text)


@pytest.mark.parametrize(("text", "right"), [("a=~b|c", True), ("a=~b(", False), ('a="("', True), ("a!=(", True)])
def test_a_pattern_is_looked_at_without_quotes_too_and_what_is_none_is_not(text: str, right: bool) -> None:
    assert is_matcher(text) is right


def test_two_matchers_are_not_one() -> None:
    assert not is_matcher('a="b",c="d"')


@pytest.mark.parametrize("text", ["a=b", "severity=critical, team=a", '{severity="critical",team=~"a,b"}', '{a="}"}', "a=b,"])
def test_several_may_be_in_one_text(text: str) -> None:
    assert are_matchers(text)


@pytest.mark.parametrize("text", ["", "{}", "{a=b", "a=b}", "a=b c=d", "a=b,,c=d", 'a=b, c=~"("', "a=b, c"])
def test_what_is_not_a_list_of_matchers_is_refused(text: str) -> None:
    assert not are_matchers(text)
