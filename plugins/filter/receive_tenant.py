# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tenants of Thanos Receive."""

from __future__ import annotations

DOCUMENTATION = r"""
name: receive_tenant
short_description: The tenant that a remote write is for
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Says which tenant of Thanos Receive an entry of the operator's C(remoteWrite) names by a header.
positional: _input
options:
  _input:
    description: The entry, or its options.
    type: dict
    required: true
  header:
    description: The header that names a tenant, in any case.
    type: str
    required: true
  default:
    description: The tenant of writes without that header.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the tenant
  ansible.builtin.debug:
    msg: "{{ {'headers': {'THANOS-TENANT': 'team-a'}} | longterm.metrics.receive_tenant('THANOS-TENANT', 'default-tenant') }}"
"""

RETURN = r"""
_value:
  description: The name of the tenant.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._receive_tenants import tenant_of


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"receive_tenant": tenant_of}
