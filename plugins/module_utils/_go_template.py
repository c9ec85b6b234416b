# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Go templates: whether Alertmanager can parse one, and which templates it defines and calls.

https://pkg.go.dev/text/template and https://prometheus.io/docs/alerting/latest/notifications/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Of Go and of Alertmanager 0.34.
FUNCTIONS = re.compile(
    "and|call|html|index|slice|js|len|not|or|print|printf|println|urlquery|eq|ge|gt|le|lt|ne"
    "|toUpper|toLower|title|trimSpace|join|match|safeHtml|safeUrl|urlUnescape|reReplaceAll|stringSlice|routeLabels|date|tz|now"
    "|since|humanizeDuration|toDate|mustToDate|toJson|base64encode|base64decode|list|append|dict"
)
# What Alertmanager's own templates are called.
OWN = re.compile(r"__\w+|[a-z0-9]+\.default\.\w+")

_OPENING = ("if", "range", "with", "define", "block")
_CONSTANTS = ("true", "false", "nil")
_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<string>"(?:\\.|[^"\\\n])*"|`[^`]*`)|(?P<char>'(?:\\.|[^'\\\n])+')"""
    r"""|(?P<number>[+-]?(?:0[xXoObB][0-9a-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?))"""
    r"""|(?P<variable>\$\w*(?:\.\w+)*)|(?P<field>(?:\.[^\W\d]\w*)+|\.)|(?P<word>[^\W\d]\w*(?:\.\w+)*)|(?P<sign>:=|[=|(),])"""
)
_COMMENT = re.compile(r"\{\{(?:-\s+)?/\*.*?\*/(?:\s+-)?\}\}", re.DOTALL)
_OPEN = re.compile(r"\{\{(?:-(?=\s))?")
_CLOSE = re.compile(r"(?:\s+-)?\}\}")


@dataclass
class Template:
    """`problem` is empty where Alertmanager can parse the text; the sets hold the names of templates."""

    problem: str = ""
    defines: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)


def parse(text: str) -> Template:
    """Parse a text; one without actions is a template, too."""
    found, blocks, position = Template(), list[str](), 0
    while not found.problem and (opening := text.find("{{", position)) >= 0:
        if comment := _COMMENT.match(text, opening):
            position = comment.end()
            continue
        opened = _OPEN.match(text, opening)
        tokens, position = _tokens(text, opened.end() if opened else opening + 2)
        found.problem = "has {{ without }}" if position < 0 else _action(tokens, blocks, found)
    if not found.problem and blocks:
        found.problem = f"has {blocks[-1]} without end"
    return found


def texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """The texts of a nested value that hold actions, with their paths."""
    if isinstance(value, str) and "{{" in value:
        yield where, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(inner, f"{where}.{name}")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, inner in enumerate(value):
            yield from texts(inner, f"{where}[{number}]")


def _tokens(text: str, position: int) -> tuple[list[tuple[str, str]], int]:
    """The tokens of an action as their kinds and texts, and where it ends, or -1. What is no token has the kind ''."""
    tokens: list[tuple[str, str]] = []
    while position < len(text):
        if closing := _CLOSE.match(text, position):
            return tokens, closing.end()
        token = _TOKEN.match(text, position)
        if token and token.lastgroup != "space":
            tokens.append((token.lastgroup or "", token[0]))
        elif not token:
            tokens.append(("", text[position]))
        position = token.end() if token else position + 1
    return tokens, -1


def _action(tokens: list[tuple[str, str]], blocks: list[str], found: Template) -> str:
    """What is wrong with one action, or nothing; `blocks` are those that are open."""
    if not tokens:
        return "has an empty {{ }}"
    word = tokens[0][1] if tokens[0][0] == "word" else ""
    rest = tokens[1:] if word in (*_OPENING, "template", "else", "end", "break", "continue") else tokens
    if word in ("end", "else"):
        return _inner(word, rest, blocks)
    if word in ("define", "block", "template"):
        if not rest or rest[0][0] != "string":
            return f"has {word} without a name in quotes"
        (found.calls if word == "template" else found.defines).add(rest[0][1][1:-1])
        rest = rest[1:]
    if word == "define" and blocks:
        return "has define within another block"
    if word in _OPENING:
        blocks.append(word)
    return _pipeline(rest, empty=word in ("define", "template", "break", "continue"))


def _inner(word: str, rest: list[tuple[str, str]], blocks: list[str]) -> str:
    if not blocks or (word == "else" and blocks[-1] not in ("if", "range", "with")):
        return f"has {word} without a block to which it belongs"
    if word == "end":
        blocks.pop()
        return "has more than end in the action that ends a block" if rest else ""
    return _pipeline(rest[1:]) if rest and rest[0][1] in ("if", "with") else "has more than else in an action" if rest else ""


def _pipeline(tokens: list[tuple[str, str]], empty: bool = False) -> str:
    if not tokens:
        return "" if empty else "has a block without a condition"
    depth, before = 0, ""
    for kind, token in tokens:
        if not kind:
            return f"has {token} in an action"
        if kind == "word" and not FUNCTIONS.fullmatch(token) and token not in _CONSTANTS:
            return f"calls {token}, which is no function of Alertmanager"
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth < 0 or (token in ("|", ")") and before in ("", "|", "(")):
            return f"has {token} in an action where a value belongs"
        if before == "|" and kind in ("string", "char", "number"):
            return f"pipes into {token}, which is no function"
        before = token
    return "has an action that ends too early" if depth or before in ("|", "=", ":=", ",") else ""
