# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings as they stand in an INI file."""

from __future__ import annotations

DOCUMENTATION = r"""
name: ini_values
short_description: Quotes settings as an INI file takes them
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Gives the settings with each value as it stands in the file, for a writer that adds no quotes, such as Grafana's chart.
  - A value that the reader cannot be given is an error.
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
    description: The variable with the settings, for errors.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Values of Grafana's chart
  ansible.builtin.debug:
    msg: "{{ settings | longterm.metrics.ini_values('grafana_chart', 'grafana_config') }}"
  vars:
    settings: {server: {root_url: "https://a.example/#top"}}
"""

RETURN = r"""
_value:
  description: The settings.
  type: dict
  sample: {server: {root_url: "`https://a.example/#top`"}}
"""

from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.module_utils import _ini
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError


def ini_values(settings: dict[str, Any], reader: str, variable: str) -> dict[str, Any]:
    try:
        return _ini.values(settings, variable, reader)
    except MetricsError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"ini_values": ini_values}
