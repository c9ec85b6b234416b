# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with rules of prometheus-adapter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: adapter_rule_problems
short_description: Tells what prometheus-adapter would refuse in rules, or never answer
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - >-
    Judges rules of prometheus-adapter 0.12 at every depth: unknown keys, types, the selector of series, regular expressions as
    RE2 reads them, templates between C(<<) and C(>>), references to groups, and which labels name the object.
options:
  _input:
    description: The rules.
    type: list
    elements: dict
    required: true
  variable:
    description: The name of the variable that they come from.
    type: str
    default: prometheus_adapter_rules
  external:
    description: Whether they are of external metrics.
    type: bool
    default: false
  interval:
    description: How often the metrics are scraped; a range in a query has to span two scrapes.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: A template without its end
  ansible.builtin.debug:
    msg: "{{ [{'seriesQuery': 'up', 'metricsQuery': 'sum(<<.Series)'}] | longterm.metrics.adapter_rule_problems }}"
"""

RETURN = r"""
_value:
  description: What is wrong, each a full sentence that begins with the path of the value.
  type: list
  elements: str
  sample: ["prometheus_adapter_rules[0].metricsQuery is sum(<<.Series); must be a template in which every << has its >>."]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _adapter_rules


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"adapter_rule_problems": _adapter_rules.problems}
