# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.rules import Constraints, Play, Rule, entries, judge

VALUES: dict[str, Any] = {
    "replicas": 0,
    "raw": "30d",
    "five": "10d",
    "endpoints": [{"host": "a", "ports": {"http": 80}}, {"host": "", "ports": {}}],
    "labels": {"team": "a", "my team": "b"},
}


def found(constraints: Constraints, refused: set[str] | None = None, elsewhere: set[str] | None = None) -> list[str]:
    return list(judge([constraints], Play(VALUES, refused or set(), elsewhere or set())))


def rule(variable: str, expression: str, message: str = "must be another.") -> Constraints:
    return Constraints("thanos", rules=(Rule(variable, expression, message),))


def test_a_format_that_a_value_has_not_is_a_finding() -> None:
    assert found(Constraints("thanos", formats={"replicas": "at_least(1)"})) == ["replicas is 0; must be at least 1."]


def test_a_rule_that_does_not_hold_is_a_finding_with_the_values_it_names() -> None:
    message = "must not be longer than five, {five}; {NAME} stays."
    assert found(rule("raw", "raw | seconds <= five | seconds", message)) == [
        "raw is 30d; must not be longer than five, 10d; {NAME} stays."
    ]


def test_a_rule_that_holds_is_no_finding() -> None:
    assert found(rule("raw", "raw | seconds > five | seconds")) == []


def test_formats_are_tests_of_rules() -> None:
    assert found(rule("raw", "raw is duration and raw is not quantity and replicas is at_least(0)")) == []


def test_a_rule_is_asked_of_each_entry() -> None:
    assert found(rule("endpoints[].host", "item")) == ["endpoints[1].host is empty; must be another."]


def test_a_key_is_named_as_what_a_dictionary_has() -> None:
    assert found(Constraints("thanos", formats={"labels.~": "label_key"})) == [
        "labels has my team; must be a name like team or example.org/team."
    ]


def test_a_dictionary_is_not_shown() -> None:
    assert found(rule("labels", "false")) == ["labels must be another."]


@pytest.mark.parametrize(
    ("variable", "paths"),
    [
        ("replicas", ["replicas"]),
        ("endpoints[]", ["endpoints[0]", "endpoints[1]"]),
        ("endpoints[].ports.http", ["endpoints[0].ports.http"]),
        ("endpoints[].ports.*", ["endpoints[0].ports.http"]),
        ("labels.*", ["labels.team", "labels.my team"]),
        ("labels[]", []),
        ("replicas.*", []),
        ("unknown[].a", []),
    ],
)
def test_a_path_leads_to_its_entries(variable: str, paths: list[str]) -> None:
    assert [entry.path for entry in entries(variable, VALUES)] == paths


def test_a_variable_without_its_format_is_compared_with_nothing() -> None:
    constraints = Constraints("thanos", formats={"raw": "quantity"}, rules=(Rule("five", "raw | seconds < five | seconds", "m"),))
    assert found(constraints) == ["raw is 30d; must be a size like 10Gi, at least 1Mi."]


def test_a_variable_with_a_finding_is_not_judged_again() -> None:
    assert found(rule("raw", "false"), refused={"raw"}) == []
    assert found(Constraints("thanos", formats={"raw": "quantity"}), refused={"raw"}) == []


@pytest.mark.parametrize("expression", ["raw | quantity > 1", "replicas / 0", "unknown", "endpoints[0].color", "raw.a.b"])
def test_a_rule_that_cannot_be_evaluated_is_a_finding_that_names_its_role(expression: str) -> None:
    (finding,) = found(rule("raw", expression))
    assert finding.startswith(f"Role thanos: the rule {expression!r} cannot be evaluated: ")
    (finding,) = found(Constraints("thanos", problems=(expression,)))
    assert finding.startswith(f"Role thanos: the rule {expression!r} cannot be evaluated: ")


def test_a_rule_about_a_role_that_is_not_in_the_play_is_not_asked() -> None:
    assert found(rule("raw", "grafana_enabled"), elsewhere={"grafana_enabled"}) == []
    assert found(rule("raw", "grafana_enabled | default(false)"), elsewhere={"grafana_enabled"}) == [
        "raw is 30d; must be another."
    ]


def test_problems_are_the_sentences_that_an_expression_gives() -> None:
    assert found(Constraints("thanos", problems=("['a.', 'b.']",))) == ["a.", "b."]


def test_a_role_is_judged_when_its_condition_holds() -> None:
    assert found(Constraints("thanos", when="replicas > 0", formats={"raw": "quantity"})) == []
    assert found(Constraints("thanos", when="replicas == 0", formats={"raw": "quantity"})) != []


def test_a_file_of_constraints_takes_only_what_it_knows(tmp_path: Path) -> None:
    (tmp_path / "constraints.yml").touch()
    with pytest.raises(MetricsError, match=r"has rule; it takes when, formats, rules and problems\."):
        Constraints.read("thanos", tmp_path / "constraints.yml", lambda path: {"rule": []})


def test_a_role_needs_no_constraints(tmp_path: Path) -> None:
    assert Constraints.read("thanos", tmp_path / "constraints.yml", lambda path: None) == Constraints("thanos")
