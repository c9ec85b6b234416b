# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._adapter_rules import problems

QUERY = "sum by (<<.GroupBy>>) (rate(<<.Series>>{<<.LabelMatchers>>}[2m]))"
RULE = {"seriesQuery": 'http_requests_total{namespace!="",pod!=""}', "metricsQuery": QUERY}
OBJECTS = {"namespace": {"resource": "namespace"}, "pod": {"resource": "pod"}}


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"name": {"matches": "^(.*)_total$", "as": "${1}_per_second"}},
        {"name": {"matches": "^(.*)_total$"}},
        {"name": {"as": "requests"}},
        {"seriesFilters": [{"isNot": "_seconds_total$"}, {"is": "^http"}]},
        {"resources": {"overrides": {**OBJECTS, "brand": {"group": "shop.io", "resource": "brand"}}}},
        {"resources": {"template": "kube_<<.Group>>_<<.Resource>>"}},
        {"metricsQuery": "sum(<<.Series>>{<<range $k, $v := .LabelValuesByName>><<$k>>=~'<<$v>>',<<end>>})"},
        {"metricsQuery": "count(http_requests_total)"},
    ],
)
def test_a_rule_that_the_adapter_takes_has_no_findings(rule: dict[str, Any]) -> None:
    assert problems([{**RULE, **rule}]) == []


@pytest.mark.parametrize(
    ("rule", "finding"),
    [
        ({"seriesquery": "up"}, "rules[0] has the unknown key seriesquery; did you mean seriesQuery?"),
        ({"resources": {"override": {}}}, "rules[0].resources has the unknown key override; did you mean overrides?"),
        (
            {"resources": {"overrides": {"pod": {"resource": "pod", "groups": ""}}}},
            "rules[0].resources.overrides.pod has the unknown key groups; did you mean group?",
        ),
        (
            {"resources": {"overrides": {"pod": "pod"}}},
            "rules[0].resources.overrides.pod is text; must be a dictionary.",
        ),
        (
            {"resources": {"namespaced": False}},
            "rules[0].resources has no template or overrides; one of them says which labels name the object.",
        ),
        (
            {"resources": {"template": "<<.Resources>>"}},
            "rules[0].resources.template is <<.Resources>>; must be a template with the fields .Resource, .Group, "
            "which .Resources is not.",
        ),
        ({"seriesQuery": 5}, "rules[0].seriesQuery is the number 5; must be a selector of series, in quotes."),
        (
            {"seriesQuery": "rate(up[5m])"},
            "rules[0].seriesQuery is rate(up[5m]); must be a selector of series: "
            'a name, matchers in braces, or both are allowed, such as up{job="shop"}.',
        ),
        ({"seriesFilters": [{}]}, "rules[0].seriesFilters[0] has no is or isNot; it is required."),
        (
            {"seriesFilters": [{"is": "a", "isNot": "b"}]},
            "rules[0].seriesFilters[0] has is and isNot; only one of is, isNot is allowed.",
        ),
        (
            {"seriesFilters": [{"is": "a("}]},
            "rules[0].seriesFilters[0].is is a(; must be a regular expression: missing ), unterminated subpattern.",
        ),
        (
            {"name": {"matches": "^(.*)_total$", "as": "$1_per_second"}},
            "rules[0].name.as has $1_per_second, which matches does not capture; write a group that it has, such as ${1}.",
        ),
        (
            {"name": {"matches": "^(a)_(b)$"}},
            "rules[0].name has no as; it is required where matches captures more than one group.",
        ),
        ({"metricsQuery": " "}, "rules[0].metricsQuery is empty; must be a PromQL expression."),
        (
            {"metricsQuery": "sum(<<.Series>{<<.LabelMatchers>>})"},
            "rules[0].metricsQuery is sum(<<.Series>{<<.LabelMatchers>>}); must be a template in which every << has its >>.",
        ),
        (
            {"metricsQuery": "sum(<<.Series)"},
            "rules[0].metricsQuery is sum(<<.Series); must be a template in which every << has its >>.",
        ),
        (
            {"metricsQuery": "sum(.Series>>)"},
            "rules[0].metricsQuery is sum(.Series>>); must be a template in which every >> has its <<.",
        ),
        (
            {"metricsQuery": "sum(<<.Serie>>)"},
            "rules[0].metricsQuery is sum(<<.Serie>>); must be a template with the fields .Series, .LabelMatchers, "
            ".LabelValuesByName, .GroupBy, .GroupBySlice, which .Serie is not.",
        ),
        (
            {"metricsQuery": "sum(<<.Series>>"},
            "rules[0].metricsQuery is sum(<<.Series>>; must be a PromQL expression: ( is never closed.",
        ),
    ],
)
def test_a_rule_that_the_adapter_refuses_or_never_answers_is_named(rule: dict[str, Any], finding: str) -> None:
    assert problems([{**RULE, **rule}], "rules") == [finding]


def test_a_rule_needs_both_queries() -> None:
    assert problems([{}]) == [
        "prometheus_adapter_rules[0] has no seriesQuery; it is required.",
        "prometheus_adapter_rules[0] has no metricsQuery; it is required.",
    ]


def test_an_external_rule_names_the_namespace_or_has_none() -> None:
    def judged(resources: dict[str, Any]) -> list[str]:
        return problems([{**RULE, "resources": resources}], "rules", external=True)

    assert judged({"namespaced": False}) == []
    assert judged({"overrides": {"ns": {"resource": "namespaces"}}}) == []
    assert judged({"template": "<<.Resource>>"}) == []
    missing = "rules[0].resources has no label of the namespace; name it in overrides, or set namespaced to false."
    assert judged({"overrides": {"pod": {"resource": "pod"}}}) == [missing]
