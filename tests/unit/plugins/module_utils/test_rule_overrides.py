# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules changed by the variables of the role `rules`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _rule_overrides
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

FILES: dict[str, Any] = {
    "nodes.yml": {
        "groups": [
            {"name": "records", "rules": [{"record": "a:b", "expr": "up"}]},
            {
                "name": "node",
                "rules": [
                    {
                        "alert": "NodeDown",
                        "expr": "up == 0",
                        "for": "5m",
                        "labels": {"severity": "critical"},
                        "annotations": {
                            "description": "{{ $labels.node }} is {{ $value }}",
                            "runbook_url": f"{_rule_overrides.RUNBOOKS}/nodes.md#nodedown",
                        },
                    },
                    {"alert": "HighCPU", "expr": "cpu > 0.9", "labels": {"severity": "warning"}},
                ],
            },
        ]
    },
    "general.yml": {"groups": [{"name": "watchdog", "rules": [{"alert": "Watchdog", "expr": "vector(1)"}]}]},
}


def alerts(**options: Any) -> dict[str, dict[str, Any]]:
    files = _rule_overrides.override(FILES, **options)
    return {rule["alert"]: rule for groups in files.values() for group in groups for rule in group["rules"] if "alert" in rule}


def error(files: dict[str, Any] = FILES, **options: Any) -> str:
    with pytest.raises(MetricsError) as caught:
        _rule_overrides.override(files, **options)
    return caught.value.message


def test_without_changes_the_groups_are_as_they_are_in_their_files() -> None:
    assert _rule_overrides.override(FILES) == {name: document["groups"] for name, document in FILES.items()}


def test_an_alert_is_switched_off_by_its_name() -> None:
    assert set(alerts(overrides={"HighCPU": {"enabled": False}})) == {"NodeDown", "Watchdog"}


@pytest.mark.parametrize("value", ["false", "no", 0, False])
def test_what_a_survey_hands_over_for_false_switches_off(value: Any) -> None:
    assert "HighCPU" not in alerts(overrides={"HighCPU": {"enabled": value}})


def test_expression_duration_severity_and_labels_are_changed_and_the_rest_stays() -> None:
    change = {"expr": "up < 1", "for": "1h30m", "severity": "info", "labels": {"team": "a"}}
    changed = alerts(overrides={"NodeDown": change})["NodeDown"]
    assert (changed["expr"], changed["for"]) == ("up < 1", "1h30m")
    assert changed["labels"] == {"severity": "info", "team": "a"}
    assert changed["annotations"]["description"] == "{{ $labels.node }} is {{ $value }}"


def test_every_alert_gets_the_common_labels_its_own_change_wins_and_records_stay_as_they_are() -> None:
    options = {"labels": {"team": "all", "tier": "1"}, "overrides": {"NodeDown": {"labels": {"team": "nodes"}}}}
    changed = alerts(**options)
    assert changed["NodeDown"]["labels"] == {"severity": "critical", "team": "nodes", "tier": "1"}
    assert changed["HighCPU"]["labels"] == {"severity": "warning", "team": "all", "tier": "1"}
    records = [group for group in _rule_overrides.override(FILES, **options)["nodes.yml"] if group["name"] == "records"]
    assert records == [FILES["nodes.yml"]["groups"][0]]


def test_the_parsed_files_are_not_changed() -> None:
    before = repr(FILES)
    _rule_overrides.override(FILES, overrides={"NodeDown": {"severity": "info"}}, labels={"a": "b"}, runbook_base="https://wiki")
    assert repr(FILES) == before


def test_a_group_is_left_out_by_its_name_and_a_file_without_groups_with_it() -> None:
    files = _rule_overrides.override(FILES, groups_disabled=["watchdog", "records"])
    assert {name: [group["name"] for group in groups] for name, groups in files.items()} == {"nodes.yml": ["node"]}


def test_a_group_all_of_whose_alerts_are_off_is_left_out() -> None:
    assert "general.yml" not in _rule_overrides.override(FILES, overrides={"Watchdog": {"enabled": False}})


def test_an_alert_of_a_group_that_is_left_out_may_still_be_overridden() -> None:
    assert "Watchdog" not in alerts(groups_disabled=["watchdog"], overrides={"Watchdog": {"severity": "info"}})


def test_the_interval_is_for_groups_that_say_none_themselves() -> None:
    files = {"mine.yml": {"groups": [{"name": "a", "rules": [{"record": "a:b", "expr": "up"}], "interval": "5s"}]}, **FILES}
    groups = [group for groups in _rule_overrides.override(files, interval="1m").values() for group in groups]
    intervals = {group["name"]: group["interval"] for group in groups}
    assert intervals == {"a": "5s", "records": "1m", "node": "1m", "watchdog": "1m"}


def test_runbooks_are_read_where_they_are_said_to_be() -> None:
    changed = alerts(runbook_base="https://wiki.example.org/runbooks/")
    assert changed["NodeDown"]["annotations"]["runbook_url"] == "https://wiki.example.org/runbooks/nodes.md#nodedown"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"overrides": ["NodeDown"]}, "rules_overrides: ['NodeDown'] is no dictionary"),
        ({"overrides": {"NodeDwon": {}}}, "rules_overrides: there is no alert 'NodeDwon'; did you mean NodeDown?"),
        ({"overrides": {"Zzz": {}}}, "rules_overrides: there is no alert 'Zzz'; docs/runbooks lists all alerts."),
        ({"overrides": {"NodeDown": None}}, "rules_overrides.NodeDown: None is no dictionary of enabled, expr, for,"),
        ({"overrides": {"NodeDown": {"severty": "info"}}}, "rules_overrides.NodeDown: 'severty' cannot be overridden; enabled,"),
        (
            {"overrides": {"NodeDown": {"enabled": "maybe"}}},
            "rules_overrides.NodeDown.enabled: 'maybe' is neither true nor false.",
        ),
        (
            {"overrides": {"NodeDown": {"enabled": False, "for": "1h"}}},
            "rules_overrides.NodeDown: it is switched off by enabled, and",
        ),
        (
            {"overrides": {"NodeDown": {"for": "5 minutes"}}},
            "rules_overrides.NodeDown.for: '5 minutes' is no Prometheus duration",
        ),
        ({"overrides": {"NodeDown": {"for": 300}}}, "rules_overrides.NodeDown.for: 300 is no Prometheus duration"),
        ({"overrides": {"NodeDown": {"for": ""}}}, "rules_overrides.NodeDown.for: '' is no Prometheus duration"),
        ({"overrides": {"NodeDown": {"for": "5m1h"}}}, "rules_overrides.NodeDown.for: '5m1h' is no Prometheus duration"),
        (
            {"overrides": {"NodeDown": {"severity": "page"}}},
            "rules_overrides.NodeDown.severity: 'page' is none of critical, warning,",
        ),
        ({"overrides": {"NodeDown": {"expr": " "}}}, "rules_overrides.NodeDown.expr is empty; must be a PromQL expression."),
        (
            {"overrides": {"NodeDown": {"expr": "sum(up"}}},
            "rules_overrides.NodeDown.expr is sum(up; must be a PromQL expression: ( is never closed.",
        ),
        (
            {"overrides": {"NodeDown": {"labels": {"severity": "info"}}}},
            "rules_overrides.NodeDown.labels.severity: severities are set",
        ),
        ({"labels": ["team"]}, "rules_labels: ['team'] is no dictionary of labels."),
        ({"labels": {"my-team": "a"}}, "rules_labels: 'my-team' cannot be a label"),
        ({"labels": {"__team": "a"}}, "rules_labels: '__team' cannot be a label"),
        ({"labels": {"alertname": "a"}}, "rules_labels: 'alertname' cannot be a label"),
        ({"labels": {"team": 7}}, "rules_labels.team: 7 is no string; put it in quotes."),
        ({"labels": {"severity": "info"}}, "rules_labels.severity: severities are set by the key severity"),
        ({"groups_disabled": ["nodes"]}, "rules_groups_disabled: there is no group 'nodes'; there are records, node, watchdog."),
        ({"groups_disabled": "node"}, "rules_groups_disabled: 'node' is no list of groups."),
        ({"interval": "fast"}, "rules_interval: 'fast' is no Prometheus duration"),
    ],
)
def test_what_cannot_be_is_told_by_the_variable_and_what_is_allowed(options: dict[str, Any], message: str) -> None:
    assert error(**options).startswith(message)


def test_all_that_is_wrong_is_told_at_once() -> None:
    lines = error(overrides={"NodeDown": {"for": "x"}, "Nope": {}}, groups_disabled=["y"], labels={"a-b": "c"}).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "rules_groups_disabled",
        "rules_overrides.NodeDown.for",
        "rules_overrides",
        "rules_labels",
    ]


def test_a_label_whose_template_does_not_end_is_refused() -> None:
    with pytest.raises(MetricsError, match=r"rules_labels\.team"):
        _rule_overrides.override(FILES, labels={"team": "{{ $labels.team "})
    with pytest.raises(MetricsError, match=r"rules_overrides\.HighCPU\.labels\.team"):
        _rule_overrides.override(FILES, overrides={"HighCPU": {"labels": {"team": "{{ x"}}})
