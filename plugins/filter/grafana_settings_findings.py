# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with settings of Grafana."""

from __future__ import annotations

DOCUMENTATION = r"""
name: grafana_settings_findings
short_description: What is wrong with settings of Grafana
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Judges settings of C(grafana.ini) as Grafana reads them, and gives a sentence for each that lets in people without a login or
    gives new users more than the role Viewer.
options:
  _input:
    description: Settings by section.
    type: raw
    required: true
  variable:
    description: The name of the variable, for the sentences.
    type: str
    required: true
  unlocked:
    description: Settings that may have any value, such as C(auth.anonymous.enabled).
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Nothing lets in people without a login
  ansible.builtin.assert:
    that: grafana_config | longterm.metrics.grafana_settings_findings('grafana_config', []) == []
"""

RETURN = r"""
_value:
  description: The findings.
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _grafana_settings


def grafana_settings_findings(settings: Any, variable: str, unlocked: list[str]) -> list[str]:
    found = _grafana_settings.unlocked_findings("grafana_unlocked_settings", unlocked)
    return found + _grafana_settings.findings(variable, settings, unlocked)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"grafana_settings_findings": grafana_settings_findings}
