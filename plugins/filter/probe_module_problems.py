# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with modules of blackbox_exporter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: probe_module_problems
short_description: Tells what blackbox_exporter would refuse in modules, or pass over
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - >-
    Judges C(modules) of blackbox_exporter 0.28 at every depth: unknown keys, types, durations, status codes, regular expressions
    as RE2 reads them, and options that contradict each other.
  - The values of secrets are never shown.
options:
  _input:
    description: The modules by name.
    type: dict
    required: true
  variable:
    description: The name of the variable that they come from.
    type: str
    default: blackbox_exporter_modules
"""

EXAMPLES = r"""
- name: A status code that is none
  ansible.builtin.debug:
    msg: "{{ {'web': {'prober': 'http', 'http': {'valid_status_codes': ['2xx']}}} | longterm.metrics.probe_module_problems }}"
"""

RETURN = r"""
_value:
  description: What is wrong, each a full sentence that begins with the path of the value.
  type: list
  elements: str
  sample: ["blackbox_exporter_modules.web.http.valid_status_codes[0] is text; must be a whole number from 100 to 599."]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _probe_modules


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"probe_module_problems": _probe_modules.problems}
