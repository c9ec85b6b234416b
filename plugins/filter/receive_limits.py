# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits of Thanos Receive."""

from __future__ import annotations

DOCUMENTATION = r"""
name: receive_limits
short_description: The file of limits that routers of Thanos Receive read
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Makes the file for C(--receive.limits-config-file). Where a limit counts the series of a tenant, the routers ask Thanos Query.
positional: _input
options:
  _input:
    description: The limits, as O(ignore:thanos_receive_limits) of the role thanos has them.
    type: dict
    required: true
  query_url:
    description: The URL of Thanos Query.
    type: str
    required: true
  cluster:
    description: The name of the cluster, whose ingestors are counted.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the file
  ansible.builtin.debug:
    msg: "{{ {'default': {'head_series_limit': 100000}} | longterm.metrics.receive_limits('http://thanos-query:10902', 'eu-1') }}"
"""

RETURN = r"""
_value:
  description: The file, as JSON.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._receive_limits import configuration


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"receive_limits": configuration}
