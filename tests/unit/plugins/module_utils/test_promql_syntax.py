# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._promql_syntax import (
    matchers_problem,
    selector_problem,
    unbalanced,
)


@pytest.mark.parametrize(
    "expression",
    [
        "up",
        'sum by (job) (rate(http_requests_total{path=~"/a[(].*"}[5m])) > 1',
        'up{a="\\"("} # and ( a comment',
        "up{a='}'} or up{a=`\\`}",
        "up # it's not there\n == 0",
    ],
)
def test_brackets_and_quotes_that_have_a_counterpart_are_right(expression: str) -> None:
    assert unbalanced(expression) == ""


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("sum(up", "( is never closed"),
        ("sum(up))", ") closes nothing"),
        ("rate(up[5m)", ") closes ["),
        ('up{job="a}', "a double quote is never closed"),
        ("up{job='a}", "a single quote is never closed"),
        ("up{job=`a}", "a backquote is never closed"),
        ('up{job="a"', "{ is never closed"),
    ],
)
def test_the_first_without_a_counterpart_is_named(expression: str, why: str) -> None:
    assert unbalanced(expression) == why


@pytest.mark.parametrize(
    "selector",
    [
        "up",
        "job:requests:rate5m{}",
        'up{job="shop",}',
        '{__name__=~"^container_.*",namespace!="",pod!=""}',
        '{namespace!="",__name__!="^container_.*"}',
        '{"http.requests", "service.name"="shop"}',
        " up { job !~ \"a|b\" , x = 'y' } ",
        '{a=~".+"}',
    ],
)
def test_a_selector_that_prometheus_takes_is_right(selector: str) -> None:
    assert selector_problem(selector) == ""


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("", 'a name, matchers in braces, or both are allowed, such as up{job="shop"}'),
        ("up[5m]", 'a name, matchers in braces, or both are allowed, such as up{job="shop"}'),
        ("sum(up)", 'a name, matchers in braces, or both are allowed, such as up{job="shop"}'),
        ("{}", "it selects every series; at least one matcher must not fit an empty value"),
        ('{job=""}', "it selects every series; at least one matcher must not fit an empty value"),
        ('{job=~".*"}', "it selects every series; at least one matcher must not fit an empty value"),
        ('up{job="a"', "{ is never closed"),
        (
            "up{job=shop}",
            'job=shop is no matcher; a label, one of = != =~ !~, and a value in quotes make one, such as job="shop"',
        ),
        (
            'up{job=="shop"}',
            'job=="shop" is no matcher; a label, one of = != =~ !~, and a value in quotes make one, such as job="shop"',
        ),
        (
            'up{a="b" c="d"}',
            'a="b" c="d" is no matcher; a label, one of = != =~ !~, and a value in quotes make one, such as job="shop"',
        ),
        ('up{job=~"(?!a)"}', "(?!a) is no regular expression: RE2 has no lookaheads"),
        ('up{job=~"a["}', "a[ is no regular expression: a set of characters has no end"),
    ],
)
def test_a_selector_that_prometheus_refuses_is_refused_with_the_reason(selector: str, why: str) -> None:
    assert selector_problem(selector) == why


def test_matchers_stand_without_braces() -> None:
    assert matchers_problem("") == ""
    assert matchers_problem('cluster="a",job!~"b|c"') == ""
    assert matchers_problem('{cluster="a"}').startswith('{cluster="a"} is no matcher; ')
    assert matchers_problem('cluster="a') == "a double quote is never closed"
    assert matchers_problem("up").startswith("up is no matcher; ")
