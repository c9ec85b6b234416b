# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter override_rules."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.filter.override_rules import FilterModule

FILES = {"/ours/a_b.yml": "groups: [{name: a, rules: [{alert: Down, expr: up == 0}]}]"}
EXTRA = {"mine.yml": "groups: [{name: b, rules: [{record: 'b:c', expr: up}]}]"}
override_rules = FilterModule().filters()["override_rules"]


def test_it_gives_the_groups_by_object() -> None:
    ours = [{"name": "a", "rules": [{"alert": "Down", "expr": "up == 0", "for": "1m"}]}]
    mine = [{"name": "b", "rules": [{"record": "b:c", "expr": "up"}]}]
    given = override_rules(FILES, extra=EXTRA, overrides={"Down": {"for": "1m"}})
    assert (given["groups"], given["problems"]) == ({"a-b": ours, "extra-mine": mine}, [])


@pytest.mark.parametrize("together", [False, True])
def test_it_gives_the_files_as_text_wherever_they_go(together: bool) -> None:
    files = override_rules(FILES, extra=EXTRA, together=together)["files"]
    assert files == {
        "a-b.yml": "groups:\n- name: a\n  rules:\n  - alert: Down\n    expr: up == 0\n",
        "extra-mine.yml": "groups:\n- name: b\n  rules:\n  - record: b:c\n    expr: up\n",
    }


def test_all_that_is_wrong_is_given_instead_of_groups() -> None:
    given = override_rules(FILES, overrides={"Up": {}}, labels={"a-b": "c"})
    assert [problem.partition(":")[0] for problem in given["problems"]] == ["rules_overrides", "rules_labels"]
    assert (given["groups"], given["files"]) == ({}, {})


def test_a_file_that_is_no_yaml_is_a_problem_of_one_line() -> None:
    (problem,) = override_rules(FILES, extra={"mine.yml": "groups: [\n  {]"})["problems"]
    assert problem.startswith("rules_extra_files: mine.yml is no YAML: while parsing")
    assert "\n" not in problem


def test_what_is_too_large_is_a_problem() -> None:
    text = f"groups: [{{name: b, rules: [{{alert: Big, expr: up, annotations: {{a: {'x' * 600_000}}}}}]}}]"
    (problem,) = override_rules(FILES, extra={"mine.yml": text})["problems"]
    assert problem.startswith("rules_extra_files: the file of extra-mine has 6")
    assert override_rules(FILES, extra={"mine.yml": text}, together=True)["problems"] == []


def test_rules_of_the_ruler_are_apart_and_know_the_cluster() -> None:
    text = "groups: [{name: m, partial_response_strategy: warn, rules: [{alert: Gone, expr: 'up{cluster=\"$cluster\"}'}]}]"
    mine = "groups: [{name: n, rules: [{record: 'n:up', expr: count(up)}]}]"
    given = override_rules(FILES, ruler={"/ours/ruler/meta.yml": text}, ruler_extra={"my_own.yml": mine}, cluster="eu-1")
    assert given["problems"] == []
    assert (list(given["groups"]), list(given["ruler_groups"])) == (["a-b"], ["meta", "ruler-extra-my-own"])
    (group,) = given["ruler_groups"]["meta"]
    assert group["rules"][0]["expr"] == 'up{cluster="eu-1"}'
    assert "partial_response_strategy: warn" in given["ruler_files"]["meta.yml"]


def test_promtool_gets_all_files_without_what_it_does_not_know() -> None:
    text = "groups: [{name: m, partial_response_strategy: warn, rules: [{alert: Gone, expr: up}]}]"
    checked = override_rules(FILES, extra=EXTRA, ruler={"meta.yml": text})["checked"]
    assert list(checked) == ["a-b.yml", "extra-mine.yml", "meta.yml"]
    assert "partial_response_strategy" not in checked["meta.yml"]


def test_a_rule_is_evaluated_in_one_place() -> None:
    same = {"mine.yml": "groups: [{name: c, rules: [{alert: Down, expr: up == 0}]}]"}
    (problem,) = override_rules(FILES, ruler_extra=same)["problems"]
    assert problem.startswith("rules_ruler_extra_files: mine.yml: groups[0].rules[0], alert Down, is there already")


def test_problems_of_both_are_reported_at_once() -> None:
    given = override_rules(FILES, extra={"a.yml": "["}, ruler_extra={"b.yml": "["})["problems"]
    assert [problem.partition(":")[0] for problem in given] == ["rules_extra_files", "rules_ruler_extra_files"]


def test_the_cluster_is_named_in_expressions_of_the_ruler_alone_also_in_changed_ones() -> None:
    text = {"m.yml": "groups: [{name: m, rules: [{alert: Gone, expr: up}]}]"}
    captured = 'label_replace(up, "c", "$cluster", "d", "(?P<cluster>.*)")'
    named = {"n.yml": f"groups: [{{name: n, rules: [{{record: 'a:b', expr: '{captured}'}}]}}]"}
    given = override_rules(named, ruler=text, cluster="eu-1", overrides={"Gone": {"expr": 'absent(up{cluster="$cluster"})'}})
    assert given["ruler_groups"]["m"][0]["rules"][0]["expr"] == 'absent(up{cluster="eu-1"})'
    assert '"$cluster"' in given["groups"]["n"][0]["rules"][0]["expr"]


def test_the_ruler_has_an_interval_of_its_own() -> None:
    text = {"m.yml": "groups: [{name: m, rules: [{alert: A, expr: up}]}, {name: n, interval: 2m, rules: [{alert: B, expr: up}]}]"}
    given = override_rules(FILES, ruler=text, interval="30s")
    assert given["groups"]["a-b"][0]["interval"] == "30s"
    assert [group.get("interval") for group in given["ruler_groups"]["m"]] == [None, "2m"]


def test_a_role_gets_an_error_and_never_silently_no_rules() -> None:
    with pytest.raises(AnsibleFilterError, match="there is no alert 'Up'"):
        override_rules(FILES, overrides={"Up": {}}, strict=True)
