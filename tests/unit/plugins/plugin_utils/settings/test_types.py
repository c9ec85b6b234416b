# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.types import convert, plain

ENTRY = {"name": {"type": "str", "required": True}, "port": {"type": "int"}, "tls": {"type": "bool"}}


def converted(value: Any, **option: Any) -> tuple[Any, list[str]]:
    findings: list[str] = []
    return convert("x", value, option, findings), findings


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("int", "30", 30),
        ("int", "-1", -1),
        ("int", 30, 30),
        ("bool", "false", False),
        ("bool", "Yes", True),
        ("bool", "off", False),
        ("bool", 1, True),
        ("str", "30", "30"),
        ("str", "", ""),
        ("list", [], []),
        ("dict", {}, {}),
        ("raw", None, None),
    ],
)
def test_what_means_the_same_in_another_type_is_converted(kind: str, value: Any, expected: Any) -> None:
    found, findings = converted(value, type=kind)
    assert (found, type(found), findings) == (expected, type(expected), [])


@pytest.mark.parametrize(
    ("kind", "value", "finding"),
    [
        ("int", "soon", "x is soon; must be a whole number."),
        ("int", True, "x is true; must be a whole number."),
        ("int", 1.0, "x is 1.0; must be a whole number."),
        ("int", "1e3", "x is 1e3; must be a whole number."),
        ("int", "0x10", "x is 0x10; must be a whole number."),
        ("int", "010", "x is 010; must be a whole number."),
        ("int", "", "x is empty; must be a whole number."),
        ("int", None, "x is null; must be a whole number. Leave it out for its default."),
        ("bool", "perhaps", "x is perhaps; must be true or false."),
        ("bool", 2, "x is 2; must be true or false."),
        ("bool", "", "x is empty; must be true or false."),
        ("bool", None, "x is null; must be true or false. Leave it out for its default."),
        ("str", 30, "x is 30; must be text: put it in quotes."),
        ("str", 1.10, "x is 1.1; must be text: put it in quotes."),
        ("str", True, "x is true; must be text: put it in quotes."),
        ("str", None, "x is null; must be text. Leave it out for its default."),
        ("str", ["a"], "x must be text."),
        ("list", "a", "x is text; must be a list; -e takes one as JSON: -e '{\"NAME\": VALUE}'."),
        ("list", "a,b", "x is text; must be a list; -e takes one as JSON: -e '{\"NAME\": VALUE}'."),
        ("list", '["a"]', "x is text; must be a list; -e takes one as JSON: -e '{\"NAME\": VALUE}'."),
        ("list", {"a": "b"}, "x must be a list."),
        ("list", "", "x is text; must be a list; -e takes one as JSON: -e '{\"NAME\": VALUE}'."),
        ("list", None, "x is null; must be a list. Leave it out for its default."),
        ("dict", "a=b", "x is text; must be a dictionary; -e takes one as JSON: -e '{\"NAME\": VALUE}'."),
        ("dict", ["a"], "x must be a dictionary."),
    ],
)
def test_what_does_not_fit_is_a_finding(kind: str, value: Any, finding: str) -> None:
    assert converted(value, type=kind) == (value, [finding])


def test_a_number_where_text_of_a_format_belongs_is_told_the_format() -> None:
    assert converted(30, type="str", format="a duration like 30s")[1] == ["x is 30; must be a duration like 30s, as text."]


def test_choices_are_named() -> None:
    assert converted("c", type="str", choices=["a", "b"])[1] == ["x is c; must be one of a, b."]


def test_entries_and_options_are_converted_at_every_depth() -> None:
    value, findings = converted([{"name": "a", "port": "80", "tls": "no"}], type="list", elements="dict", options=ENTRY)
    assert (value, findings) == ([{"name": "a", "port": 80, "tls": False}], [])


def test_a_misspelt_option_is_named_with_the_nearest_known() -> None:
    assert converted({"name": "a", "prot": 1}, type="dict", options=ENTRY)[1] == ["x has prot; did you mean port?"]
    assert converted({"name": "a", "color": 1}, type="dict", options=ENTRY)[1] == ["x has color; must be one of name, port, tls."]


def test_a_required_option_is_missed() -> None:
    assert converted([{"port": 1}], type="list", elements="dict", options=ENTRY)[1] == ["x[0] has no name; it needs one."]


def test_an_entry_of_the_wrong_type_is_named_by_its_place() -> None:
    assert converted(["a", 5], type="list", elements="str")[1] == ["x[1] is 5; must be text: put it in quotes."]


def test_a_secret_is_not_shown() -> None:
    findings: list[str] = []
    convert("x", {"password": 12345}, {"type": "dict", "options": {"password": {"type": "str"}}}, findings)
    assert findings == ["x.password must be text: put it in quotes."]


def test_text_in_place_of_a_dictionary_is_not_shown() -> None:
    assert "hunter2" not in converted("password: hunter2", type="dict")[1][0]


def test_ansible_s_own_types_are_left_behind() -> None:
    class Tagged(str):
        """As Ansible tags text."""

    copy = plain({Tagged("a"): [Tagged("b")], "c": (1, None)})
    assert copy == {"a": ["b"], "c": [1, None]}
    assert {type(copy["a"][0]), *map(type, copy)} == {str}


@pytest.mark.parametrize(("value", "number"), [(1, 1.0), (0.023, 0.023), ("0.023", 0.023), ("-2", -2.0)])
def test_a_number_may_have_a_fraction(value: Any, number: float) -> None:
    findings: list[str] = []
    assert convert("price", value, {"type": "float"}, findings) == number
    assert findings == []


@pytest.mark.parametrize("value", [True, "1e3", "a", None, float("nan"), float("inf"), [1]])
def test_what_is_no_number_is_refused(value: Any) -> None:
    findings: list[str] = []
    convert("price", value, {"type": "float"}, findings)
    assert len(findings) == 1
    assert "must be a number" in findings[0]
