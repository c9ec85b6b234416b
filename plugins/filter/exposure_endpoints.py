# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints of the role exposure with their defaults."""

from __future__ import annotations

DOCUMENTATION = r"""
name: exposure_endpoints
short_description: The endpoints of the role exposure with their defaults
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Fills in what an entry of C(exposure_endpoints) of the role P(longterm.metrics.exposure#role) leaves out.
options:
  _input:
    description: The entries, each with C(component) and C(method).
    type: list
    elements: dict
    required: true
  prefixes:
    description: The path that a component answers under, by its name; empty for the root.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show the endpoints
  ansible.builtin.debug:
    msg: "{{ exposure_endpoints | longterm.metrics.exposure_endpoints({'prometheus': '/prometheus'}) }}"
"""

RETURN = r"""
_value:
  description: >-
    The entries with all their options, and C(port) of the component's Service, C(listens), the proxy's port for it, C(prefix),
    C(variable) as errors name the entry, C(location), the host and path that no two entries may share, C(needed_secrets), the
    Secrets that it reads, and C(node_ports), the ports of the nodes that it opens.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

# The port of each component's Service, the one that the proxy listens on for it, and its usual NodePort.
_PORTS = {
    "prometheus": (9090, 9090, 30900),
    "alertmanager": (9093, 9093, 30903),
    "thanos-query": (10902, 10902, 30902),
    "thanos-bucket-web": (10902, 10903, 30904),
}
_DEFAULTS: dict[str, Any] = {
    "host": "",
    "path": "",
    "tls_secret": "",
    "ingress_class": "",
    "annotations": {},
    "parent_refs": [],
    "auth": {},
}


def exposure_endpoints(endpoints: list[Mapping[str, Any]], prefixes: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    return [
        _filled(number, endpoint, (prefixes or {}).get(endpoint["component"], "")) for number, endpoint in enumerate(endpoints)
    ]


def _filled(number: int, endpoint: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    port, listens, node_port = _PORTS[endpoint["component"]]
    variable = f"exposure_endpoints[{number}]"
    path = (endpoint.get("path") or prefix).rstrip("/") or "/"
    return {
        **_DEFAULTS,
        "port": port,
        "listens": listens,
        "node_port": node_port,
        "prefix": prefix,
        **endpoint,
        "path": path,
        "location": f"{endpoint.get('host', '')}{path}",
        "needed_secrets": [*_needed(endpoint)],
        "variable": variable,
        "node_ports": [*_node_ports(endpoint, variable, node_port)],
    }


def _node_ports(endpoint: Mapping[str, Any], variable: str, usual: int) -> Iterator[dict[str, Any]]:
    if endpoint["method"] == "nodeport":
        name = f"exposure-{endpoint['component']}"
        yield {"port": endpoint.get("node_port", usual), "variable": f"{variable}.node_port", "kind": "Service", "name": name}


def _needed(endpoint: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    # Called while the entries are judged, too: what is missing is for a rule to name.
    auth = endpoint.get("auth") or {}
    if auth.get("type") == "basic" and auth.get("secret"):
        yield {"name": auth["secret"], "key": auth.get("key", "users")}
    if endpoint.get("tls_secret"):
        yield {"name": endpoint["tls_secret"], "type": "kubernetes.io/tls"}


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"exposure_endpoints": exposure_endpoints}
