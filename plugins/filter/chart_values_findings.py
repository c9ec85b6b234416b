# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with values of kube-prometheus-stack."""

from __future__ import annotations

DOCUMENTATION = r"""
name: chart_values_findings
short_description: What is wrong with values of kube-prometheus-stack
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Gives a sentence for each value that opens a way in from outside, an API that changes data, files of Prometheus, or Grafana
    without a login.
options:
  _input:
    description: The values.
    type: raw
    required: true
  variable:
    description: The name of the variable, for the sentences.
    type: str
    required: true
  unlocked:
    description: Paths of values that may open something, such as C(grafana.service.type).
    type: list
    elements: str
    default: []
  grafana_unlocked:
    description: Settings of Grafana that may have any value, as P(longterm.metrics.grafana_settings_findings#filter) takes them.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Nothing is reached from outside
  ansible.builtin.assert:
    that: values | longterm.metrics.chart_values_findings('values') == []
"""

RETURN = r"""
_value:
  description: The findings.
  type: list
  elements: str
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _chart_values
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.formats import FORMATS


def chart_values_findings(
    values: Any, variable: str, unlocked: Sequence[str] = (), grafana_unlocked: Sequence[str] = ()
) -> list[str]:
    return [*_chart_values.findings(variable, values, unlocked, grafana_unlocked), *_resources(values, variable)]


def _resources(value: Any, where: str) -> Iterator[str]:
    """What is wrong with resources of containers, at every depth; those of volumes are about storage."""
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _resources(inner, f"{where}[{number}]")
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        path = f"{where}.{name}"
        if name != "resources" or not isinstance(inner, Mapping) or not set(inner) <= {"requests", "limits", "claims"}:
            yield from _resources(inner, path)
        elif (
            "storage" not in str(inner)
            and "claims" not in inner
            and "{{" not in str(inner)
            and not FORMATS["resources"].fits(inner)
        ):
            yield f"{path} must be {FORMATS['resources'].allowed}."


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"chart_values_findings": chart_values_findings}
