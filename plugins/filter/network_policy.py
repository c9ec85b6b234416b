# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of NetworkPolicies."""

from __future__ import annotations

DOCUMENTATION = r"""
name: network_policy
short_description: The ingress rules of a NetworkPolicy
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Makes the ingress rules of a NetworkPolicy of the components that may reach each port.
  - A port that nobody may reach has no rule.
options:
  _input:
    description: >-
      By port (C(9094), C(9094/UDP)) the components that may reach it, as values of C(app.kubernetes.io/name), or C(all).
    type: dict
    required: true
  further:
    description: Peers that may reach all of these ports. An empty list lets nobody in.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show the rules of Alertmanager
  ansible.builtin.debug:
    msg: "{{ {'9093': ['grafana', 'prometheus'], '9094/UDP': ['alertmanager']} | longterm.metrics.network_policy }}"
"""

RETURN = r"""
_value:
  description: The value of C(spec.ingress).
  type: list
  elements: dict
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _network_policy


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"network_policy": _network_policy.ingress}
