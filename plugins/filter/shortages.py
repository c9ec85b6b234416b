# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pods that a cluster has no room for."""

from __future__ import annotations

DOCUMENTATION = r"""
name: shortages
short_description: Tells what pods ask for beyond what the nodes of a cluster have free
version_added: 0.1.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - >-
    Compares the requests of pods with the capacity that M(longterm.metrics.cluster_info) returned: their sum with the sum that is
    free, and each with what is free on single nodes.
options:
  _input:
    description: What M(longterm.metrics.cluster_info) returned as C(capacity).
    type: dict
    required: true
  pods:
    description: >-
      The pods, each with C(name), C(requests) (a list with the requests of each container), and C(replicas) or C(every_node).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Refuse a cluster without room for two pods
  ansible.builtin.assert:
    that: found.capacity | longterm.metrics.shortages(pods) | length == 0
  vars:
    pods:
      - {name: prometheus, replicas: 2, requests: [{cpu: 200m, memory: 512Mi}, {cpu: 50m, memory: 64Mi}]}
      - {name: node-exporter, every_node: true, requests: [{cpu: 20m, memory: 32Mi}]}
"""

RETURN = r"""
_value:
  description: What is short, each as the end of a sentence; nothing where there is room.
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _capacity


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"shortages": _capacity.shortages}
