# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter override_rules."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.override_rules import FilterModule

FILES = {"a.yml": "groups: [{name: a, rules: [{alert: Down, expr: up == 0}]}]"}
override_rules = FilterModule().filters()["override_rules"]


def test_it_gives_the_groups_by_file() -> None:
    groups = [{"name": "a", "rules": [{"alert": "Down", "expr": "up == 0", "for": "1m"}]}]
    assert override_rules(FILES, overrides={"Down": {"for": "1m"}}) == {"groups": {"a.yml": groups}, "problems": []}


def test_all_that_is_wrong_is_given_instead_of_groups() -> None:
    given = override_rules(FILES, overrides={"Up": {}}, labels={"a-b": "c"})
    assert [problem.partition(":")[0] for problem in given["problems"]] == ["rules_overrides", "rules_labels"]
    assert given["groups"] == {}


def test_a_file_that_is_no_yaml_is_a_problem_of_one_line() -> None:
    (problem,) = override_rules({**FILES, "mine.yml": "groups: [\n  {]"})["problems"]
    assert problem.startswith("rules_extra_files: mine.yml is no YAML: while parsing")
    assert "\n" not in problem
