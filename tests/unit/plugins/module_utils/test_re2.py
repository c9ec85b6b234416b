# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regular expressions that Go's package regexp accepts or refuses; each answer below was taken from it."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._re2 import groups, problem, unknown_references


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "a|b",
        "(?i)error",
        "api-(?i:eu|us)",
        r"(?P<host>[^:]+):\d+",
        r"(?<host>[^:]+):\d+",
        r"\p{Greek}+\pL",
        r"[\p{Greek}\d-z]",
        "[[:alpha:][:^space:]_-]",
        "[]a]",
        "[^]a]",
        r"[\w-.]",
        r"\x{1F600}\x41\12\z",
        r"\Q(*\E",
        "^*a+?",
        "{,3}",
        "a{1000}",
        r"\_\-\/",
        "(?s)a(?U)b",
        "[&&a|b]",
    ],
)
def test_what_re2_takes_is_right(expression: str) -> None:
    assert problem(expression) == ""


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("(?=a)", "RE2 has no lookaheads"),
        ("kube-(?!system).*", "RE2 has no lookaheads"),
        ("(?<=a)b", "RE2 has no lookbehinds"),
        ("(?<!a)b", "RE2 has no lookbehinds"),
        (r"(a)\1", "RE2 has no backreferences"),
        ("(?P<a>b)(?P=a)", "RE2 has no backreferences"),
        ("(?>a)", "RE2 has no atomic groups"),
        ("(?#note)", "RE2 has no comments"),
        ("(a)?(?(1)b)", "RE2 has no conditions"),
        ("(?x)a", "RE2 has no group (?x)"),
        ("a++", "++ repeats a repetition"),
        ("a**", "** repeats a repetition"),
        ("a+??", "?? repeats a repetition"),
        ("a{1001}", "{1001} repeats more than 1000 times, with those in it"),
        ("(a{100}){11}", "{11} repeats more than 1000 times, with those in it"),
        ("(?:(b|a{2,20})+c{3}){51}", "{51} repeats more than 1000 times, with those in it"),
        (r"a\Z", r"RE2 has no escape \Z"),
        (r"\e", r"RE2 has no escape \e"),
        (r"\é", r"RE2 has no escape \é"),
        (r"\p{}", r"RE2 has no escape \p{}"),
        (r"[\b]", r"RE2 has no escape \b in a class"),
        (r"[\Qa\E]", r"RE2 has no escape \Q"),
        ("[[:letter:]]", "RE2 has no class [:letter:]"),
        ("a\\", "a backslash stands at its end"),
        ("[", "a set of characters has no end"),
        ("[^]", "a set of characters has no end"),
        ("[z-a]", "bad character range z-a"),
        ("(", "missing ), unterminated subpattern"),
        ("a)", "unbalanced parenthesis"),
        ("*.example.org", "nothing to repeat"),
        ("(?i)*", "nothing to repeat"),
        ("a{3,2}", "min repeat greater than max repeat"),
    ],
)
def test_what_re2_refuses_is_refused_with_the_reason(expression: str, why: str) -> None:
    assert problem(expression) == why


def test_an_expression_of_any_depth_is_judged_without_a_crash() -> None:
    assert problem("(" * 5000 + ")" * 5000)


@pytest.mark.parametrize(("expression", "count"), [("a", 0), (r"(a)(?:b)\(", 1), ("(?P<x>a)([()])", 2)])
def test_groups_are_those_that_capture(expression: str, count: int) -> None:
    assert groups(expression) == count


@pytest.mark.parametrize(
    ("expression", "replacement", "unknown"),
    [
        ("(.*)", "$1 ${1} $0 $$9 $", []),
        ("(?P<host>.*):(.*)", "$host ${2} $1", []),
        ("(.*)", "$1_total", ["$1_total"]),
        ("(.*)", "${1}_total:$2", ["$2"]),
        ("a", "${name}", ["${name}"]),
    ],
)
def test_references_to_groups_that_are_not_there_are_found(expression: str, replacement: str, unknown: list[str]) -> None:
    assert unknown_references(expression, replacement) == unknown
