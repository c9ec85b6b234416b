# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of module_utils/_endpoint.py."""

    DOCUMENTATION = r"""
options:
  via:
    description:
      - How the HTTP API is reached.
      - V(port_forward) enters through the kubelet, so that network policies let it pass, and keeps headers.
      - V(proxy) is the API server's service proxy.
      - V(url) asks O(url) and needs no cluster.
    type: str
    choices: [port_forward, proxy, url]
    default: port_forward
  namespace:
    description: Namespace of O(service).
    type: str
  service:
    description: Name of the Service.
    type: str
  port:
    description: Port of the Service, by number or name.
    type: str
  url:
    description: URL of the server, for O(via=url).
    type: str
  path_prefix:
    description: Path in front of the API's own paths, for servers with a route prefix; for example V(/thanos).
    type: str
    default: ""
  headers:
    description: HTTP headers sent along, for example C(Authorization). Not with O(via=proxy).
    type: dict
  timeout:
    description: Seconds one request may take.
    type: float
    default: 30.0
"""
