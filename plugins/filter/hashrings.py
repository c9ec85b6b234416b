# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hashrings of Thanos Receive."""

from __future__ import annotations

DOCUMENTATION = r"""
name: hashrings
short_description: The ingestors of hashrings, and the file that routers read
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Says which StatefulSets the ingestors of hashrings are, and what the routers of Thanos Receive read to find them.
options:
  _input:
    description: The hashrings, as O(ignore:thanos_receive_hashrings) of the role thanos has them.
    type: list
    elements: dict
    required: true
  namespace:
    description: The namespace of the ingestors.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the file
  ansible.builtin.debug:
    msg: "{{ ([{'name': 'default', 'replicas': 3}] | longterm.metrics.hashrings('metrics')).configuration }}"
"""

RETURN = r"""
_value:
  description: >-
    C(groups), each with C(name), the name of its StatefulSet, C(hashring), C(replicas) and C(pods); C(configuration), the file of
    hashrings as JSON; and C(config_hash), what routers show that have read it.
  type: dict
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _hashrings


def hashrings(rings: Sequence[Mapping[str, Any]], namespace: str) -> dict[str, Any]:
    configuration = _hashrings.configuration(rings, namespace)
    return {
        "groups": [{**asdict(group), "pods": group.pods()} for group in _hashrings.groups(rings)],
        "configuration": configuration,
        "config_hash": _hashrings.config_hash(configuration),
    }


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"hashrings": hashrings}
