# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of prometheus-adapter 0.12 for custom and external metrics: what it would refuse, or never answer.

https://github.com/kubernetes-sigs/prometheus-adapter/blob/v0.12.0/docs/config.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _duration, _promql_syntax, _re2
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, MapOf, Nested
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import BOOLEAN, LABEL, REGEX, TEXT, text

_ACTION = re.compile(r"<<((?:(?!<<|>>).)*)>>", re.DOTALL)
_FIELD = re.compile(r"(?<![\w$)])\.([A-Za-z]\w*)")
_SCOPED = re.compile(r"\b(range|with|template|block)\b")


def _template(value: str, fields: tuple[str, ...]) -> str:
    """Why Go would not fill in a template with these fields between << and >>; empty when it would."""
    rest = _ACTION.sub("", value)
    for sign, other in (("<<", ">>"), (">>", "<<")):
        if sign in rest:
            return f"a template in which every {sign} has its {other}"
    for action in _ACTION.findall(value):
        if not action.strip(" -"):
            return f"a template with a field such as .{fields[0]} between << and >>"
        # Within range and with, the dot is something else.
        for name in _FIELD.findall(action if not _SCOPED.search(value) else ""):
            if name not in fields:
                return f"a template with the fields {', '.join(f'.{field}' for field in fields)}, which .{name} is not"
    return ""


# Of what takes two samples.
_RANGE = re.compile(r"\b(?:i?rate|increase|i?delta|deriv)\s*\([^()\[\]]*\[\s*(\w+)\s*[:\]]")


def _query(value: str) -> str:
    if not value.strip():
        return "a PromQL expression"
    if words := _template(value, ("Series", "LabelMatchers", "LabelValuesByName", "GroupBy", "GroupBySlice")):
        return words
    return f"a PromQL expression: {words}" if (words := _promql_syntax.unbalanced(_ACTION.sub("x", value))) else ""


def _series(value: str) -> str:
    return f"a selector of series: {words}" if (words := _promql_syntax.selector_problem(value)) else ""


def _name(value: dict[str, Any], where: str) -> Iterator[str]:
    expression = value.get("matches") or ".*"
    if "as" not in value and _re2.groups(expression) > 1:
        yield f"{where} has no as; it is required where matches captures more than one group."
    for reference in _re2.unknown_references(expression, value.get("as", "")):
        yield f"{where}.as has {reference}, which matches does not capture; write a group that it has, such as ${{1}}."


def _resources(value: dict[str, Any], where: str) -> Iterator[str]:
    if not value.get("template") and not value.get("overrides"):
        yield f"{where} has no template or overrides; one of them says which labels name the object."


def _external(value: dict[str, Any], where: str) -> Iterator[str]:
    if value.get("namespaced", True) and not value.get("template") and "namespace" not in _objects(value):
        yield f"{where} has no label of the namespace; name it in overrides, or set namespaced to false."


def _objects(value: dict[str, Any]) -> set[str]:
    return {re.sub("s$", "", entry["resource"].lower()) for entry in value.get("overrides", {}).values()}


def _rule(external: bool) -> Nested:
    return Nested(
        {
            "seriesQuery": Leaf(str, "a selector of series, in quotes", _series),
            "seriesFilters": ListOf(Nested({"is": REGEX, "isNot": REGEX}, required=("is isNot",), exclusive=("is isNot",))),
            "resources": Nested(
                {
                    "template": Leaf(str, "text, in quotes", lambda value: _template(value, ("Resource", "Group"))),
                    "overrides": MapOf(
                        Nested(
                            {"group": TEXT, "resource": text("[A-Za-z][A-Za-z0-9-]*", "a resource such as pod")}, ("resource",)
                        ),
                        key=LABEL,
                    ),
                    "namespaced": BOOLEAN,
                },
                relations=_external if external else _resources,
            ),
            "name": Nested({"matches": REGEX, "as": TEXT}, relations=_name),
            "metricsQuery": Leaf(str, "a PromQL expression, in quotes", _query),
        },
        required=("seriesQuery", "metricsQuery"),
    )


_RULES, _EXTERNAL_RULES = ListOf(_rule(external=False)), ListOf(_rule(external=True))


def problems(rules: Any, variable: str = "prometheus_adapter_rules", external: bool = False, interval: str = "") -> list[str]:
    """What is wrong with rules of custom or external metrics, in full sentences that begin with the path of the value.

    `interval` is how often the metrics are scraped.
    """
    found = [*(_EXTERNAL_RULES if external else _RULES).judge(rules, variable)]
    return found or [*_short(rules, variable, interval)]


def _short(rules: list[dict[str, Any]], variable: str, interval: str) -> Iterator[str]:
    least = 2 * (_duration.seconds(interval) or 0)
    for number, rule in enumerate(rules):
        for window in _RANGE.findall(rule["metricsQuery"]):
            if (_duration.seconds(window) or least) < least:
                where = f"{variable}[{number}].metricsQuery has the range {window}"
                yield f"{where}; must be at least twice prometheus_scrape_interval, {interval}: a rate takes two samples."
