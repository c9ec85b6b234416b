# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a list of CIDRs."""

from __future__ import annotations

DOCUMENTATION = r"""
name: cidr_findings
short_description: What is wrong with a list of CIDRs
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Gives a sentence for each entry that is no CIDR of IPv4 or IPv6, or whose address is not the first of its network.
options:
  _input:
    description: The list.
    type: raw
    required: true
  variable:
    description: The name of the variable, for the sentences.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: The proxies are networks
  ansible.builtin.assert:
    that: exposure_trusted_proxies | longterm.metrics.cidr_findings('exposure_trusted_proxies') == []
"""

RETURN = r"""
_value:
  description: The findings.
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _network_policy


def cidr_findings(value: Any, variable: str) -> list[str]:
    return _network_policy.cidr_findings(variable, value)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"cidr_findings": cidr_findings}
