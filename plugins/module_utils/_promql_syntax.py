# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PromQL as far as it can be judged without Prometheus: brackets and quotes, and series selectors as a whole.

https://prometheus.io/docs/prometheus/latest/querying/basics/
"""

from __future__ import annotations

import re

from ansible_collections.longterm.metrics.plugins.module_utils import _re2

_QUOTED = r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`"""
_TOKEN = re.compile(rf"{_QUOTED}|\#[^\n]*|[\"'`()\[\]{{}}]|[^\"'`()\[\]{{}}#]+")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_NAMES = {'"': "double quote", "'": "single quote", "`": "backquote"}

_SELECTOR = re.compile(r"\s*([a-zA-Z_:][a-zA-Z0-9_:]*)?\s*(?:\{(.*)\}\s*)?", re.ASCII | re.DOTALL)
_MATCHER = re.compile(rf"\s*([a-zA-Z_][a-zA-Z0-9_]*|{_QUOTED})\s*(=~|!~|!=|=)\s*({_QUOTED})\s*(,|\Z)", re.ASCII | re.DOTALL)
_METRIC = re.compile(rf"\s*({_QUOTED})\s*(,|\Z)", re.DOTALL)


def unbalanced(expression: str) -> str:
    """Which bracket or quote of an expression has no counterpart, such as "( is never closed"; empty when all have one."""
    opened: list[str] = []
    for token in _TOKEN.findall(expression):
        if token in _PAIRS:
            opened.append(token)
        elif token in _PAIRS.values():
            if not opened or _PAIRS[opened[-1]] != token:
                return f"{token} closes {opened[-1] if opened else 'nothing'}"
            opened.pop()
        elif token in _NAMES:
            return f"a {_NAMES[token]} is never closed"
    return f"{opened[-1]} is never closed" if opened else ""


def selector_problem(text: str) -> str:
    """Why a text is no selector of series, such as "it selects every series"; empty when it is one."""
    if words := unbalanced(text):
        return words
    found = _SELECTOR.fullmatch(text)
    if not found or not (found[1] or found[2] is not None):
        return 'a name, matchers in braces, or both are allowed, such as up{job="shop"}'
    words, selects = _judge(found[2] or "", metric=not found[1])
    if not words and not (selects or found[1]):
        return "it selects every series; at least one matcher must not fit an empty value"
    return words


def matchers_problem(text: str) -> str:
    """Why a text is no list of matchers with commas between them; empty when it is one."""
    return unbalanced(text) or _judge(text, metric=False)[0]


def _judge(text: str, metric: bool) -> tuple[str, bool]:
    """What is wrong with the inner part of braces, and whether one of its matchers leaves out empty values."""
    position, selects = 0, False
    while text[position:].strip():
        if metric and (name := _METRIC.match(text, position)):
            position, selects, metric = name.end(), True, False
            continue
        found = _MATCHER.match(text, position)
        if not found:
            rest = " ".join(text[position:].split())
            return f'{rest} is no matcher; a label, one of = != =~ !~, and a value in quotes make one, such as job="shop"', False
        operator, value = found[2], _unquoted(found[3])
        if "~" in operator and (why := _re2.problem(value)):
            return f"{value} is no regular expression: {why}", False
        fits_empty = value == "" if "~" not in operator else value in ("", ".*")
        selects = selects or fits_empty == operator.startswith("!")
        position = found.end()
    return "", selects


def _unquoted(text: str) -> str:
    """The text between quotes, with those escapes resolved that matter here."""
    return text[1:-1] if text[0] == "`" else re.sub(r"\\([\\\"'])", r"\1", text[1:-1])
