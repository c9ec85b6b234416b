# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An INI file as its reader understands it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: to_ini
short_description: Writes an INI file as its reader understands it
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Quotes values where their reader would change them, so that none of them changes the structure of the file.
  - A value that the reader cannot be given, such as several lines in C(app.conf), is an error.
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
- name: Settings of Grafana
  ansible.builtin.copy:
    content: "{{ {'server': {'root_url': 'https://a.example/#top'}} | longterm.metrics.to_ini('grafana', 'grafana_config') }}"
    dest: /tmp/grafana.ini
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The file.
  type: str
  sample: |
    [server]
    root_url = `https://a.example/#top`
"""

from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.module_utils import _ini
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError


def to_ini(settings: dict[str, Any], reader: str, variable: str) -> str:
    try:
        return _ini.write(settings, variable, reader)
    except MetricsError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"to_ini": to_ini}
