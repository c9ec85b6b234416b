# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._rule_schema import RULE_FILE, uses_of_test_label

ALERT = {"alert": "Down", "expr": "up == 0"}
RECORD = {"record": "job:up", "expr": "sum by (job) (up)"}


def judged(**group: Any) -> list[str]:
    return [*RULE_FILE.judge({"groups": [{"name": "a", "rules": [], **group}]}, "file")]


@pytest.mark.parametrize(
    "rule",
    [
        {**ALERT, "for": "1h30m", "keep_firing_for": "0s", "labels": {"severity": "critical", "service.name": "{{ $value }}"}},
        {**ALERT, "annotations": {"summary": 'Up {{ $labels.job }} {{ printf "%d" $value }}'}},
        {**RECORD, "labels": {"team": ""}},
        {"record": "http.requests", "expr": '{"http.requests.total"}'},
    ],
)
def test_a_rule_that_prometheus_takes_has_no_findings(rule: dict[str, Any]) -> None:
    assert judged(interval="30s", query_offset="1m", limit=10, labels={"team": "web"}, rules=[rule]) == []


@pytest.mark.parametrize(
    ("rule", "finding"),
    [
        ({**ALERT, "lables": {}}, "has the unknown key lables; did you mean labels?"),
        ({**ALERT, **RECORD}, "has record and alert; only one of record, alert is allowed."),
        ({"expr": "up"}, "has no record or alert; it is required."),
        ({"alert": "Down"}, "has no expr; it is required."),
        ({**ALERT, "alert": ""}, ".alert is empty; must be text that is not empty."),
        ({**ALERT, "expr": " "}, ".expr is empty; must be a PromQL expression."),
        ({**ALERT, "expr": "sum(up) by (job"}, ".expr is sum(up) by (job; must be a PromQL expression: ( is never closed."),
        ({**ALERT, "for": "5 minutes"}, ".for is 5 minutes; must be a duration such as 30s, 5m or 1h."),
        ({**ALERT, "for": 300}, ".for is the number 300; must be a duration such as 30s, 5m or 1h."),
        ({**ALERT, "keep_firing_for": "1h1h"}, ".keep_firing_for is 1h1h; must be a duration such as 30s, 5m or 1h."),
        ({**ALERT, "labels": ["a"]}, ".labels is a list; must be a dictionary."),
        ({**ALERT, "labels": {"tier": 1}}, ".labels.tier is the number 1; must be text, in quotes."),
        ({**ALERT, "labels": {"a b": "c"}}, ".labels has the key a b; must be the name of a label such as job."),
        ({**ALERT, "labels": {"__name__": "c"}}, ".labels has the key __name__; must be the name of a label such as job."),
        (
            {**ALERT, "annotations": {"summary": "{{ $value"}},
            ".annotations.summary is {{ $value; must be a template in which every {{ has its }}.",
        ),
        ({**RECORD, "for": "5m"}, " records job:up and has for, which only an alert takes."),
        ({**RECORD, "annotations": {}}, " records job:up and has annotations, which only an alert takes."),
        (
            {**RECORD, "record": 'up{job="a"}'},
            '.record is up{job="a"}; must be the name of a series such as job:requests:rate5m.',
        ),
    ],
)
def test_a_rule_that_prometheus_refuses_is_named_with_its_path(rule: dict[str, Any], finding: str) -> None:
    space = "" if finding[0] in ". " else " "
    assert judged(rules=[rule]) == [f"file.groups[0].rules[0]{space}{finding}"]


@pytest.mark.parametrize(
    ("group", "finding"),
    [
        ({"intervall": "1m"}, " has the unknown key intervall; did you mean interval?"),
        (
            {"partial_response_strategy": "warn"},
            " has the unknown key partial_response_strategy; it takes interval, labels, limit, name, query_offset, rules.",
        ),
        ({"interval": "0s"}, ".interval is 0s; must be a duration such as 30s, 5m or 1h, longer than 0."),
        (
            {"interval": "1h", "rules": [RECORD]},
            ".interval is 1h; must be at most 5m: a sample that it records counts for 5m.",
        ),
        (
            {"labels": {"longterm_metrics_test": "true"}},
            ".labels has longterm_metrics_test; "
            "must be another label: alerts with it go to the receiver of the test alert alone.",
        ),
        ({"query_offset": "-1m"}, ".query_offset is -1m; must be a duration such as 30s, 5m or 1h."),
        ({"limit": -1}, ".limit is -1; must be a whole number of at least 0."),
        ({"limit": "ten"}, ".limit is text; must be a whole number of at least 0."),
        ({"name": ""}, ".name is empty; must be text that is not empty."),
        ({"rules": {}}, ".rules is a dictionary; must be a list."),
        ({"rules": ["up"]}, ".rules[0] is text; must be a dictionary."),
        ({"labels": {"a": True}}, ".labels.a is the boolean true; must be text, in quotes."),
    ],
)
def test_a_group_that_prometheus_refuses_is_named_with_its_path(group: dict[str, Any], finding: str) -> None:
    assert judged(**group) == [f"file.groups[0]{finding}"]


def test_alerts_may_be_evaluated_rarely() -> None:
    assert judged(interval="1h", rules=[ALERT]) == []


def test_series_and_alerts_with_the_label_of_the_test_alert_are_found_at_every_depth() -> None:
    static = {"static_configs": [{"targets": ["a"], "labels": {"longterm_metrics_test": "true"}}]}
    relabel = {"relabel_configs": [{"target_label": "longterm_metrics_test", "replacement": "true"}, {"target_label": "team"}]}
    assert [finding.partition("; ")[0] for finding in uses_of_test_label([static, relabel], "jobs")] == [
        "jobs[0].static_configs[0].labels has longterm_metrics_test",
        "jobs[1].relabel_configs[0].target_label is longterm_metrics_test",
    ]
    assert [*uses_of_test_label({"targetLabel": "a", "labels": {"b": "c"}, "x": 1}, "y")] == []


def test_no_alert_may_have_the_label_of_the_test_alert() -> None:
    rule = {"alert": "A", "expr": "up == 0", "labels": {"longterm_metrics_test": "true"}}
    (finding,) = judged(rules=[rule])
    assert finding.startswith("file.groups[0].rules[0].labels has longterm_metrics_test; must be another label")


def test_two_groups_of_one_name_are_named() -> None:
    group = {"name": "a", "rules": []}
    assert [*RULE_FILE.judge({"groups": [group, group]}, "file")] == [
        "file.groups[1].name is a, as file.groups[0].name is; must be unique."
    ]
