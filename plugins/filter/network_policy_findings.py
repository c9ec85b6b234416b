# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with peers of NetworkPolicies."""

from __future__ import annotations

DOCUMENTATION = r"""
name: network_policy_findings
short_description: What is wrong with peers of NetworkPolicies
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Judges lists of peers by component as the API server would, and gives a sentence for each that is malformed.
options:
  _input:
    description: Lists of peers, by component.
    type: raw
    required: true
  variable:
    description: The name of the variable, for the sentences.
    type: str
    required: true
  components:
    description: The components that have a policy.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Peers are well formed
  ansible.builtin.assert:
    that: metrics_network_policy_from | longterm.metrics.network_policy_findings('metrics_network_policy_from', ['grafana']) == []
"""

RETURN = r"""
_value:
  description: The findings.
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _network_policy


def network_policy_findings(value: Any, variable: str, components: list[str]) -> list[str]:
    return _network_policy.peer_findings(variable, value, components)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"network_policy_findings": network_policy_findings}
