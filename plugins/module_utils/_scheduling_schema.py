# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where pods run, by component: what the API server would refuse of metrics_scheduling.

Source: PodSpec of Kubernetes v1.35 (core/v1), and its validation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._schema import ListOf, MapOf, Nested, Schema
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import choice, integer, text

EVERY = "all"
_PART = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_SUBDOMAIN = rf"{_PART}(\.{_PART})*"
_NAME = "[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_KEY = text(rf"({_SUBDOMAIN}/)?{_NAME}", "the key of a label such as topology.kubernetes.io/zone", empty=False)
_VALUE = text(rf"({_NAME})?", "text of at most 63 letters, digits, -, _ and .")
_LABELS = MapOf(_VALUE, key=_KEY)
_EXISTENCE = ("Exists", "DoesNotExist")


def _expression(value: dict[str, Any], where: str) -> Iterator[str]:
    operator, values = value["operator"], value.get("values") or []
    if operator in _EXISTENCE and values:
        yield f"{where} has values; must have none with the operator {operator}."
    if operator not in _EXISTENCE and not values:
        yield f"{where} has no values; must have some with the operator {operator}."
    if operator in ("Gt", "Lt") and not (len(values) == 1 and re.fullmatch(r"-?\d+", values[0], re.ASCII)):
        yield f"{where}.values must be one whole number, in quotes, with the operator {operator}."


def _requirement(*operators: str) -> Nested:
    fields: dict[str, Schema] = {"key": _KEY, "operator": choice(*operators), "values": ListOf(_VALUE)}
    return Nested(fields, required=("key", "operator"), relations=_expression)


_OF_LABELS = _requirement("In", "NotIn", *_EXISTENCE)
_OF_NODES = _requirement("In", "NotIn", *_EXISTENCE, "Gt", "Lt")
_SELECTOR = Nested({"matchLabels": _LABELS, "matchExpressions": ListOf(_OF_LABELS)})
_NODE_TERM = Nested({"matchExpressions": ListOf(_OF_NODES), "matchFields": ListOf(_OF_NODES)})
_POD_TERM = Nested(
    {
        "labelSelector": _SELECTOR,
        "namespaceSelector": _SELECTOR,
        "namespaces": ListOf(text(_PART, "the name of a namespace", empty=False)),
        "topologyKey": _KEY,
        "matchLabelKeys": ListOf(_KEY),
        "mismatchLabelKeys": ListOf(_KEY),
    },
    required=("topologyKey",),
)
_REQUIRED, _PREFERRED = "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"


def _weighted(name: str, term: Schema) -> ListOf:
    return ListOf(Nested({"weight": integer(1, 100), name: term}, required=("weight", name)))


_PODS = Nested({_REQUIRED: ListOf(_POD_TERM), _PREFERRED: _weighted("podAffinityTerm", _POD_TERM)})
_AFFINITY = Nested(
    {
        "nodeAffinity": Nested(
            {
                _REQUIRED: Nested({"nodeSelectorTerms": ListOf(_NODE_TERM, least=1)}, required=("nodeSelectorTerms",)),
                _PREFERRED: _weighted("preference", _NODE_TERM),
            }
        ),
        "podAffinity": _PODS,
        "podAntiAffinity": _PODS,
    }
)


def _toleration(value: dict[str, Any], where: str) -> Iterator[str]:
    if not value.get("key") and value.get("operator") != "Exists":
        yield f"{where} has no key; must have one, or the operator Exists to tolerate every taint."
    if value.get("operator") == "Exists" and value.get("value"):
        yield f"{where} has a value; must have none with the operator Exists."
    if "tolerationSeconds" in value and value.get("effect") != "NoExecute":
        yield f"{where} has tolerationSeconds; must have the effect NoExecute with it."


_TOLERATION = Nested(
    {
        "key": _KEY,
        "operator": choice("Exists", "Equal"),
        "value": _VALUE,
        "effect": choice("NoSchedule", "PreferNoSchedule", "NoExecute"),
        "tolerationSeconds": integer(),
    },
    relations=_toleration,
)


def _spread(value: dict[str, Any], where: str) -> Iterator[str]:
    if "minDomains" in value and value["whenUnsatisfiable"] != "DoNotSchedule":
        yield f"{where} has minDomains; must have whenUnsatisfiable DoNotSchedule with it."


_SPREAD = Nested(
    {
        "maxSkew": integer(1),
        "topologyKey": _KEY,
        "whenUnsatisfiable": choice("DoNotSchedule", "ScheduleAnyway"),
        "minDomains": integer(1),
        "labelSelector": _SELECTOR,
        "matchLabelKeys": ListOf(_KEY),
        "nodeAffinityPolicy": choice("Honor", "Ignore"),
        "nodeTaintsPolicy": choice("Honor", "Ignore"),
    },
    required=("maxSkew", "topologyKey", "whenUnsatisfiable"),
    relations=_spread,
)


def _component(value: dict[str, Any], where: str) -> Iterator[str]:
    seen = [(one["topologyKey"], one["whenUnsatisfiable"]) for one in value.get("topology_spread", ())]
    for number, (key, otherwise) in enumerate(seen):
        if (key, otherwise) in seen[:number]:
            place = f"{where}.topology_spread[{number}]"
            yield f"{place} has topologyKey {key} and whenUnsatisfiable {otherwise}, as one before it; keep one."


_COMPONENT = Nested(
    {
        "node_selector": _LABELS,
        "tolerations": ListOf(_TOLERATION),
        "affinity": _AFFINITY,
        "priority_class": text(_SUBDOMAIN, "the name of a PriorityClass", empty=False),
        "topology_spread": ListOf(_SPREAD),
    },
    relations=_component,
)


def problems(settings: Any, variable: str, components: Sequence[str]) -> list[str]:
    """What is wrong with the scheduling of these components, or of `all`, in full sentences."""
    return [*Nested(dict.fromkeys((EVERY, *components), _COMPONENT)).judge(settings, variable)]
