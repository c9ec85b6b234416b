# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What templates print of variables: JSON, which no text breaks out of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(ROOT.glob("roles/*/templates/**/*.j2"))
YAML = [path for path in TEMPLATES if not path.name.endswith(".md.j2")]
MARKDOWN = [path for path in TEMPLATES if path.name.endswith(".md.j2")]
ENVIRONMENT = jinja2.Environment(trim_blocks=True)

# Filters whose results hold no character that YAML reads as its own.
SINGLE_LINED = {"to_json", "b64encode", "int"}
# Templates whose macros print JSON.
IMPORTED = {"m", "images", "exposure"}
# A value is the whole of its scalar: what is joined to something else is joined before it is printed.
BEFORE = re.compile(r"(^ *|\n *|: |- |, |[\[{])\Z")
AFTER = re.compile(r"\n|,|]|}|:[ \n]|\Z")


def findings(source: str) -> Iterator[str]:
    tree = ENVIRONMENT.parse(source)
    macros = IMPORTED | {macro.name for macro in tree.find_all(nodes.Macro)}
    for output in tree.find_all(nodes.Output):
        parts = output.nodes
        for place, part in enumerate(parts):
            if isinstance(part, nodes.TemplateData):
                continue
            before, after = (
                text_of(parts[place - 1]) if place else "\n",
                text_of(parts[place + 1]) if place + 1 < len(parts) else "",
            )
            if not is_safe(part, macros):
                yield f"line {part.lineno}: {before[-20:]!r} comes before a value that is not printed by to_json"
            elif is_json(part) and not (BEFORE.search(before) and AFTER.match(after)):
                yield f"line {part.lineno}: {before[-20:]!r} and {after[:10]!r} stand around JSON; join texts before to_json"


def text_of(node: nodes.Node) -> str:
    return node.data if isinstance(node, nodes.TemplateData) else ""


def is_safe(node: nodes.Node | None, macros: set[str]) -> bool:
    """Constants, numbers, JSON, and macros: what they print is looked at where they are defined."""
    if isinstance(node, nodes.CondExpr):
        return is_safe(node.expr1, macros) and (node.expr2 is None or is_safe(node.expr2, macros))
    if isinstance(node, nodes.Filter) and node.name == "indent":
        return is_safe(node.node, macros)
    if isinstance(node, nodes.Filter):
        return node.name in SINGLE_LINED
    if isinstance(node, nodes.Call):
        called = node.node.node if isinstance(node.node, nodes.Getattr) else node.node
        return isinstance(called, nodes.Name) and called.name in macros
    return isinstance(node, nodes.Const) or (
        isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "loop"
    )


def unmarked(source: str) -> Iterator[str]:
    """The same of Markdown: code is printed by a macro on top of to_json, and parts of commands are quoted for the shell."""
    tree = ENVIRONMENT.parse(source)
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    for output in tree.find_all(nodes.Output):
        for part in output.nodes:
            filters = {found.name for found in part.find_all(nodes.Filter)} | {getattr(part, "name", "")}
            if not (isinstance(part, nodes.TemplateData) or is_safe(part, macros) or filters & {"to_json", "quote"}):
                yield f"line {part.lineno} prints a value as it is"


def is_json(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Filter) and node.name == "to_json"


@pytest.mark.parametrize("path", YAML, ids=lambda path: str(path.relative_to(ROOT / "roles")))
def test_every_value_in_a_template_is_printed_as_json(path: Path) -> None:
    assert list(findings(path.read_text())) == []


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT / "roles")))
def test_every_value_in_markdown_is_printed_as_code(path: Path) -> None:
    assert list(unmarked(path.read_text())) == []
    assert list(unmarked("The cluster {{ name }}"))


@pytest.mark.parametrize(
    "source",
    [
        "name: {{ name }}",
        'name: "{{ name }}"',
        'name: "{{ name | to_json }}"',
        "name: {{ name | to_json | trim }}",
        "- --flag={{ value | to_json }}",
        "- --flag={{ value | hash('sha256') }}",
        "name: {{ name | to_json }}-suffix",
        "name: {{ name | to_json if name else other }}",
        "{% macro line(name) %}name: {{ name }}{% endmacro %}{{ line(x) }}",
        "# For {{ name }}",
        "data: |\n  {{ other.macro(name) }}",
    ],
)
def test_a_value_that_could_break_out_is_found(source: str) -> None:
    assert list(findings(source))


@pytest.mark.parametrize(
    "source",
    [
        "name: {{ name | to_json }}\n",
        "{{ name | to_json }}: x",
        "a: {b: {{ b | to_json }}, c: [{{ c | to_json }}, 1]}",
        "- {{ ('--flag=' ~ value) | to_json }}",
        "kind: {{ 'A' if x else 'B' }}-c",
        "port: {{ port | int }}",
        "- secret-{{ loop.index }}",
        "labels: {{ m.labels('x') }}",
        "{% macro line(name) %}name: {{ name | to_json }}{% endmacro %}{{ line(x) }}",
    ],
)
def test_what_cannot_break_out_is_let_pass(source: str) -> None:
    assert not list(findings(source))
