# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with names of collectors of node_exporter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: collector_problems
short_description: Tells which names are no collectors of node_exporter
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Holds names against the collectors that node_exporter 1.12 has on Linux.
options:
  _input:
    description: The names.
    type: list
    elements: str
    required: true
  variable:
    description: The name of the variable that they come from.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: A collector that is none
  ansible.builtin.debug:
    msg: "{{ ['sytemd'] | longterm.metrics.collector_problems('node_exporter_collectors') }}"
"""

RETURN = r"""
_value:
  description: What is wrong, in full sentences.
  type: list
  elements: str
  sample: ["node_exporter_collectors[0] is sytemd, which is no collector of node_exporter; did you mean systemd?"]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _node_collectors


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"collector_problems": _node_collectors.problems}
