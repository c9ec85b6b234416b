# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an INI file cannot hold."""

from __future__ import annotations

DOCUMENTATION = r"""
name: ini_problems
short_description: Tells what an INI file cannot hold
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Gives a sentence for each setting whose name or value the reader of the file cannot be given.
options:
  _input:
    description: Settings by name, or sections of settings.
    type: dict
    required: true
  reader:
    description: >-
      The reader of the file: Grafana, Grafana through its chart (which renders values as Helm templates), or PrometheusAlert.
    type: str
    choices: [grafana, grafana_chart, prometheus_alert]
    required: true
  variable:
    description: The variable with the settings. Empty where each setting is a variable of its own.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Refuse what grafana.ini cannot hold
  ansible.builtin.assert:
    that: grafana_config | longterm.metrics.ini_problems('grafana', 'grafana_config') == []
"""

RETURN = r"""
_value:
  description: The sentences.
  type: list
  elements: str
  sample: ["grafana_config.server.root_url is null; it must be text, a number or a Boolean."]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _ini


def ini_problems(settings: dict[str, Any], reader: str, variable: str = "") -> list[str]:
    return _ini.problems(settings, variable, reader)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"ini_problems": ini_problems}
