# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rule files as Prometheus 3.15 and the Ruler of Thanos 0.42 read them: their keys, and the forms of the values.

Prometheus itself judges the PromQL.

https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ and https://thanos.io/tip/components/rule.md/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _duration, _promql_syntax
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, MapOf, Nested, Schema
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import (
    DURATION,
    LABEL,
    TEXT,
    choice,
    duration,
    integer,
    text,
)

_ALERTS_ONLY = ("for", "keep_firing_for", "annotations")


def _expression(value: str) -> str:
    if not value.strip():
        return "a PromQL expression"
    return f"a PromQL expression: {words}" if (words := _promql_syntax.unbalanced(value)) else ""


def _template(value: str) -> str:
    rest = re.sub(r"\{\{.*?\}\}", "", value, flags=re.DOTALL)
    return "a template in which every {{ has its }}" if "{{" in rest else ""


EXPRESSION = Leaf(str, "a PromQL expression, in quotes", _expression)
TEMPLATE = Leaf(str, "text, in quotes", _template)
# Alerts with it go to the receiver of the test alert alone.
TEST_LABEL = "longterm_metrics_test"
NOT_THAT_LABEL = "must be another label: alerts with it go to the receiver of the test alert alone."
_LABELS = MapOf(TEMPLATE, key=Leaf(str, LABEL.form, lambda name: LABEL.problem("" if name == "__name__" else name)))


def _rule(value: dict[str, Any], where: str) -> Iterator[str]:
    if TEST_LABEL in value.get("labels", {}):
        yield f"{where}.labels has {TEST_LABEL}; {NOT_THAT_LABEL}"
    for name in _ALERTS_ONLY if "record" in value else ():
        if name in value:
            yield f"{where} records {value['record']} and has {name}, which only an alert takes."


def _group(value: dict[str, Any], where: str) -> Iterator[str]:
    if TEST_LABEL in value.get("labels", {}):
        yield f"{where}.labels has {TEST_LABEL}; {NOT_THAT_LABEL}"
    records = any("record" in rule for rule in value["rules"])
    if records and (_duration.seconds(value.get("interval")) or 0) > _duration.LOOKBACK:
        yield f"{where}.interval is {value['interval']}; must be at most 5m: a sample that it records counts for 5m."


_RULE = Nested(
    {
        "record": text(r"""[^\s{}()\[\]="',]+""", "the name of a series such as job:requests:rate5m", empty=False),
        "alert": text(empty=False),
        "expr": EXPRESSION,
        "for": DURATION,
        "keep_firing_for": DURATION,
        "labels": _LABELS,
        "annotations": _LABELS,
    },
    required=("record alert", "expr"),
    exclusive=("record alert",),
    relations=_rule,
)
# How a group of the Ruler takes an answer that lacks a store; the operator leaves it out of what Prometheus reads.
STRATEGY = "partial_response_strategy"


def _file(**more: Schema) -> Schema:
    group = Nested(
        {
            "name": text(empty=False),
            "interval": duration(zero=False),
            "query_offset": DURATION,
            "limit": integer(0),
            "labels": MapOf(TEXT, key=LABEL),
            "rules": ListOf(_RULE),
            **more,
        },
        required=("name", "rules"),
        relations=_group,
    )
    return Nested({"groups": ListOf(group, unique="name")}, required=("groups",))


RULE_FILE = _file()
RULER_FILE = _file(**{STRATEGY: choice("abort", "warn")})


def uses_of_test_label(value: Any, where: str) -> Iterator[str]:
    """A sentence for each place in nested settings that gives series or alerts the label of the test alert."""
    if isinstance(value, dict):
        for name, inner in value.items():
            labels = str(name).lower().endswith("labels") and isinstance(inner, dict)
            target = name in ("targetLabel", "target_label")
            if (labels and TEST_LABEL in inner) or (target and inner == TEST_LABEL):
                yield f"{where}.{name} {'has' if labels else 'is'} {TEST_LABEL}; {NOT_THAT_LABEL}"
            else:
                yield from uses_of_test_label(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from uses_of_test_label(inner, f"{where}[{number}]")
