# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the pods of a component run, as fields of a pod's spec."""

from __future__ import annotations

DOCUMENTATION = r"""
name: scheduling
short_description: Fields of a pod's spec that say where it runs
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Makes C(nodeSelector), C(tolerations), C(affinity), C(priorityClassName) and C(topologySpreadConstraints) of
    C(metrics_scheduling) of the role P(longterm.metrics.common#role).
  - What a component says is added to what C(all) says where that is a node selector or tolerations, and replaces it otherwise.
options:
  _input:
    description: Scheduling by component, or C(all).
    type: dict
    required: true
  component:
    description: The component.
    type: str
    required: true
  labels:
    description: >-
      The labels of the pods. Replicas are kept on different nodes where there are several, unless C(topology_spread) says
      otherwise; without labels they are not.
    type: dict
    default: {}
  tolerations:
    description: Tolerations that the component always has.
    type: list
    elements: dict
    default: []
  affinity:
    description: The affinity of the component where nothing else is said.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show where Thanos Query runs
  ansible.builtin.debug:
    msg: >-
      {{ {'all': {'node_selector': {'pool': 'monitoring'}}}
         | longterm.metrics.scheduling('thanos-query', {'app.kubernetes.io/name': 'thanos-query'}) }}
"""

RETURN = r"""
_value:
  description: The fields that are not empty.
  type: dict
  sample: {"nodeSelector": {"kubernetes.io/os": "linux", "pool": "monitoring"}}
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_LINUX = {"kubernetes.io/os": "linux"}


def scheduling(
    settings: Mapping[str, Any],
    component: str,
    labels: Mapping[str, str] | None = None,
    tolerations: Sequence[Any] = (),
    affinity: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    every, own = settings.get("all") or {}, settings.get(component) or {}
    said = {**every, **own}
    fields = {
        "nodeSelector": {**_LINUX, **every.get("node_selector", {}), **own.get("node_selector", {})},
        "tolerations": [*tolerations, *every.get("tolerations", []), *own.get("tolerations", [])],
        "affinity": said.get("affinity") or affinity,
        "priorityClassName": said.get("priority_class"),
        "topologySpreadConstraints": _spread(said.get("topology_spread"), labels or {}),
    }
    return {name: value for name, value in fields.items() if value}


def _spread(given: Sequence[Mapping[str, Any]] | None, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Replicas on different nodes where there are several, never at the price of not running, unless said otherwise."""
    if not labels:
        return []
    usual = {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway"}
    return [{"labelSelector": {"matchLabels": labels}, **one} for one in ([usual] if given is None else given)]


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"scheduling": scheduling}
