# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of a dashboard, filled as Grafana fills them, with the labels that are there.

https://grafana.com/docs/grafana/latest/dashboards/variables/ and
https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

Json = Mapping[str, Any]
# (label, selector) to the values that the label has there.
LabelValues = Callable[[str, str], list[str]]

ALL = "$__all"
# What Grafana computes from the width and the period of a graph, for a graph of one hour.
BUILT_IN = {
    "__interval": "1m",
    "__interval_ms": "60000",
    "__rate_interval": "5m",
    "__range": "1h",
    "__range_s": "3600",
    "__range_ms": "3600000",
    "__all": ".*",
}
USE = re.compile(r"\$(\w+)|\$\{(\w+)(?:\.[^:}]*)?(?::([^}]*))?\}|\[\[(\w+)(?::(\w+))?\]\]")
LABEL_VALUES = re.compile(r"\s*label_values\(\s*(?:(?P<selector>.+?)\s*,\s*)?(?P<label>[a-zA-Z_]\w*)\s*\)\s*", re.DOTALL)
# Formats that take values as they are, and what stands between them.
JOINED = {"csv": ",", "raw": ",", "pipe": "|"}
# Kinds of variables that no query's text uses.
NO_TEXT = ("datasource", "adhoc", "groupby")


class VariableError(MetricsError):
    """A variable that cannot be filled, at least not with the labels that are there now."""


@dataclass(frozen=True)
class Filled:
    """What a variable stands for: one value, several as a choice of `several`, or for all of them the text `every`."""

    values: list[str]
    several: bool = False
    every: str = ""

    def text(self, style: str) -> str:
        if self.every:
            return self.every
        if style in JOINED:
            return JOINED[style].join(self.values)
        if not self.several:
            return "".join(self.values).replace("\\", r"\\").replace('"', r"\"")
        # A regular expression within a PromQL string: its backslashes are doubled.
        escaped = [re.sub(r"([\\^$*+?.()|{}\[\]])", r"\\\\\1", value) for value in self.values]
        return f"({'|'.join(escaped)})" if len(escaped) > 1 else "".join(escaped)


def fill(expression: str, filled: Mapping[str, Filled]) -> str:
    """An expression with its variables replaced; what is none, as $1 in label_replace, stays."""

    def replaced(use: re.Match[str]) -> str:
        name = use[1] or use[2] or use[4]
        if name in filled:
            return filled[name].text(use[3] or use[5] or "")
        return BUILT_IN.get(name, use[0])

    return USE.sub(replaced, expression)


def resolve(variables: list[Json], ask: LabelValues, chosen: Mapping[str, str]) -> dict[str, Filled]:
    """Every variable's values, in order, since later ones may use those before. `chosen` are values by name.

    Raises VariableError for a variable that cannot be filled.
    """
    filled: dict[str, Filled] = {}
    for variable in variables:
        name, kind = variable["name"], variable.get("type", "query")
        if kind in NO_TEXT:
            continue
        values = _of_query(variable, ask, filled) if kind == "query" else _listed(variable, kind)
        filled[name] = _choice(variable, values, chosen.get(name))
    return filled


def _choice(variable: Json, values: list[str], wanted: str | None) -> Filled:
    """What is selected: the value that is wanted, the one saved in the dashboard, all, or the first."""
    several = bool(variable.get("multi") or variable.get("includeAll"))
    if wanted is not None:
        if wanted not in values:
            seen = ", ".join(values[:10]) or "none"
            raise VariableError(f"the variable {variable['name']} has no value {wanted!r}; its values are: {seen}")
        return Filled([wanted], several)
    saved = (variable.get("current") or {}).get("value")
    saved = [value for value in (saved if isinstance(saved, list) else [saved]) if value in values]
    if saved:
        return Filled(saved, several)
    if variable.get("includeAll"):
        return Filled(values, several, variable.get("allValue") or "")
    return Filled(values[:1], several)


def _of_query(variable: Json, ask: LabelValues, filled: Mapping[str, Filled]) -> list[str]:
    query = variable.get("query") or variable.get("definition") or ""
    query = query.get("query", "") if isinstance(query, dict) else query
    parts = LABEL_VALUES.fullmatch(fill(query, filled))
    if not parts:
        raise VariableError(f"the variable {variable['name']} asks {query!r}; only label_values can be asked here")
    found = ask(parts["label"], parts["selector"] or "")
    return _taken(found, variable.get("regex") or "")


def _taken(values: list[str], pattern: str) -> list[str]:
    """The values that the variable's own pattern, written /pattern/, takes; its first group is what it takes of them."""
    if not pattern:
        return values
    written = re.fullmatch(r"/(.*)/(\w*)", pattern, re.DOTALL)
    body, flags = (written[1], written[2]) if written else (pattern, "")
    try:
        # Grafana's are regular expressions of JavaScript, which names groups without a P.
        compiled = re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", body), re.IGNORECASE if "i" in flags else 0)
    except re.error as error:
        raise VariableError(f"its pattern {pattern!r} cannot be used: {error}") from error
    found = [match for match in map(compiled.search, values) if match]
    group = "value" if "value" in compiled.groupindex else 1
    return list(dict.fromkeys(match[group] if compiled.groups else match.string for match in found))


def _listed(variable: Json, kind: str) -> list[str]:
    """The values of a variable that needs no query: they stand in it."""
    options = [option.get("value") for option in variable.get("options") or () if option.get("value") not in (None, ALL)]
    if kind in ("custom", "interval") and not options:
        # Grafana writes a value with a name of its own as "name : value".
        options = [part.split(" : ")[-1].strip() for part in str(variable.get("query") or "").split(",")]
    if kind in ("constant", "textbox"):
        options = [variable.get("query")]
    values = [str(option) for option in options or [(variable.get("current") or {}).get("value")] if option not in (None, "")]
    return [BUILT_IN["__interval"] if value == "auto" or value.startswith("$__auto") else value for value in values]
