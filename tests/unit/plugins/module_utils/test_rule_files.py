# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils import _rule_files, _rule_overrides
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

RULE = {"alert": "Down", "expr": "up == 0", "labels": {"severity": "critical"}}
OURS = sorted((Path(__file__).parents[4] / "roles/rules/files").glob("*.yml"))


def text(*rules: dict[str, Any], name: str = "a") -> str:
    return json.dumps({"groups": [{"name": name, "rules": list(rules)}]})


def findings(extra: dict[str, str], own: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(MetricsError) as caught:
        _rule_files.load(own or {}, extra)
    return caught.value.message.splitlines()


def test_files_are_read_by_the_names_of_their_objects() -> None:
    loaded = _rule_files.load({"/ours/control_plane.yml": text()}, {"files/shop_api.rules.yaml": text(RULE)})
    assert loaded == {
        "control-plane": {"groups": [{"name": "a", "rules": []}]},
        "extra-shop-api.rules": {"groups": [{"name": "a", "rules": [RULE]}]},
    }


def test_our_own_files_pass_as_files_of_the_user() -> None:
    assert len(_rule_files.load({}, {str(path): path.read_text() for path in OURS})) == len(OURS) > 10


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("My Rules.yml", "extra-My Rules"),
        ("Shop.yml", "extra-Shop"),
        ("shop-.yml", "extra-shop-"),
        ("a..b.yml", "extra-a..b"),
        ("é.yml", "extra-é"),
        (f"{'a' * 142}.yml", f"extra-{'a' * 142}"),
    ],
)
def test_a_file_whose_name_is_none_of_an_object_is_named(path: str, name: str) -> None:
    assert findings({f"files/{path}": text()}) == [
        f"rules_extra_files: files/{path} would be the object {name}; must be a name of lower-case letters, digits, - and ., "
        "of at most 147 characters. Rename the file."
    ]
    assert _rule_files.load({}, {f"{'a' * 141}.yml": text()})


@pytest.mark.parametrize("paths", [("a/shop.yml", "b/shop.yml"), ("shop_api.yml", "shop-api.yml"), ("shop.yml", "shop.yaml")])
def test_two_files_that_would_be_one_object_are_named(paths: tuple[str, str]) -> None:
    (finding,) = findings({path: text() for path in paths})
    assert finding.startswith(f"rules_extra_files: {paths[1]} and {paths[0]} would both be the object extra-shop")


@pytest.mark.parametrize("document", ["", "[]", "groups: {}", "group: []", "text"])
def test_a_file_that_is_no_rule_file_is_named(document: str) -> None:
    assert findings({"mine.yml": document}) == [
        "rules_extra_files: mine.yml is no Prometheus rule file: a list `groups`, each with a `name` and a list `rules`."
    ]


def test_all_that_is_wrong_in_all_files_is_told_at_once_by_file_and_path() -> None:
    rule = {**RULE, "fro": "5m"}
    assert findings({"one.yml": text(rule), "two.yml": "groups: [", "three.yml": text({"alert": "A"})})[::2] == [
        "rules_extra_files: one.yml: groups[0].rules[0] has the unknown key fro; did you mean for?",
        "rules_extra_files: three.yml: groups[0].rules[0] has no expr; it is required.",
    ]


def test_keys_without_a_value_are_not_there() -> None:
    rule = {**RULE, "for": None, "annotations": None, "labels": {"team": None}}
    expected = {"alert": RULE["alert"], "expr": RULE["expr"], "labels": {}}
    assert _rule_files.load({}, {"mine.yml": text(rule)})["extra-mine"]["groups"][0]["rules"] == [expected]


def test_a_rule_that_is_there_twice_is_named() -> None:
    other = {**RULE, "labels": {"severity": "info"}}
    again = {**RULE, "expr": "up  ==\n0", "for": "5m"}
    assert _rule_files.load({}, {"mine.yml": text(RULE, other)})
    message = (
        "rules_extra_files: mine.yml: groups[0].rules[1], alert Down, is there already, with the same expression and labels; "
    )
    assert findings({"mine.yml": text(other, again)}, {"ours.yml": text(RULE)}) == [f"{message}keep one."]
    assert findings({"mine.yml": text(RULE, again)}) == [f"{message}keep one."]
    assert findings({"mine.yml": text(RULE, again, again)}) == [f"{message}keep one. The same holds for 1 more of its rules."]


def test_what_is_written_is_read_as_what_it_was() -> None:
    groups = [{"name": "on", "limit": 5, "rules": [{"record": "a:b", "expr": "1e3\n", "labels": {"x": "yes", "y": "é: #"}}]}]
    assert yaml.safe_load(_rule_files.write(groups)) == {"groups": groups}


def test_a_file_larger_than_the_operator_takes_is_named() -> None:
    files = {
        name: [{"name": "a", "rules": [{**RULE, "annotations": {"a": "x" * size}}]}]
        for name, size in {"small": 300_000, "large": 524_288}.items()
    }
    (finding,) = _rule_files.too_large(files, together=False)
    size = len(_rule_files.write(files["large"]))
    assert finding == (
        f"rules_extra_files: the file of large has {size} bytes; must be at most 524288, which the operator takes of one "
        "PrometheusRule. Make several files of it."
    )
    assert [*_rule_files.too_large(files, together=True)] == []


def test_files_larger_together_than_a_config_map_are_named() -> None:
    files = {str(number): [{"name": "a", "rules": [{**RULE, "annotations": {"a": "é" * 200_000}}]}] for number in range(3)}
    (finding,) = _rule_files.too_large(files, together=True)
    size = sum(len(_rule_files.write(groups).encode()) for groups in files.values())
    assert finding.startswith(f"rules_extra_files: all rule files together have {size} bytes; must be at most 1048576, which one")
    assert [*_rule_files.too_large(files, together=False)] == []


RULES_OF_A_USER = """
groups:
  - name: 0123
    limit: 10
    interval: 1m
    rules:
      - alert: Shop
        expr: 1
        for: 0
        labels: {version: 1.10, code: 0123, at: 1:30, on: on, day: 2024-01-01, big: 1_000, yes: true, none: ~, hex: 0x10, team: y}
        annotations:
      - record: a:b
        expr: up
        labels: {size: 1e3}
"""


def test_values_of_rule_files_are_the_text_that_prometheus_takes_them_for() -> None:
    document = _rule_files.load({}, {"shop.yml": RULES_OF_A_USER})["extra-shop"]
    (group,) = _rule_files.read(_rule_files.write(_rule_overrides.override({"shop": document})["shop"]))["groups"]
    labels = {
        **{"version": "1.10", "code": "0123", "at": "1:30", "on": "on", "day": "2024-01-01", "big": "1_000"},
        **{"yes": "true", "hex": "0x10", "team": "y"},
    }
    alert, record = group.pop("rules")
    assert group == {"name": "0123", "limit": 10, "interval": "1m"}
    assert (alert["expr"], alert["for"], alert["labels"]) == ("1", "0", labels)
    assert record["labels"] == {"size": "1e3"}


def test_a_key_that_is_there_twice_is_named() -> None:
    found = findings({"shop.yml": "groups: [{name: a, rules: [{alert: A, expr: b, expr: c}]}]"})
    assert found[0].startswith("rules_extra_files: shop.yml is no YAML: the key expr is there twice (line 1")
