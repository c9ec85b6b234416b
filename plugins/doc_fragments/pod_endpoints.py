# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of module_utils/_pod_endpoints.py."""

    DOCUMENTATION = r"""
options:
  via:
    description: How the pods are reached; V(proxy) is the API server's, V(port_forward) passes network policies.
    type: str
    choices: [port_forward, proxy]
    default: port_forward
  timeout:
    description: Seconds one request may take.
    type: float
    default: 10.0
"""
