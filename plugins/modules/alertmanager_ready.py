# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alertmanager_ready
short_description: Wait until the replicas of Alertmanager work as one
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Asks C(/-/ready) and C(/api/v2/status) of every pod behind the Service.
  - Waits until there are as many pods as wanted, each is ready, and the gossip of each is ready and counts them all as peers.
  - Replicas that do not know one another each send every notification; nothing else tells of it.
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.attempts
  - longterm.metrics.pod_endpoints
  - longterm.metrics.attributes
options:
  namespace:
    description: The namespace of Alertmanager.
    type: str
    required: true
  service:
    description: Name of its Service.
    type: str
    default: alertmanager
  port:
    description: The HTTP port of the Service, by number or name.
    type: str
    default: http
  path_prefix:
    description: The route prefix of Alertmanager, its C(--web.route-prefix).
    type: str
    default: ""
  replicas:
    description: How many there must be. One alone may have its gossip disabled, as the Prometheus Operator sets it.
    type: int
    required: true
  alerts:
    description: >-
      Sets of labels. Each replica must have exactly one alert with each set. An alert that always fires proves that rules are
      evaluated and alerts arrive.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Wait until three replicas of Alertmanager know one another
  longterm.metrics.alertmanager_ready:
    namespace: monitoring
    replicas: 3

- name: Wait until an alert that always fires has arrived once
  longterm.metrics.alertmanager_ready:
    namespace: monitoring
    replicas: 3
    alerts: [{alertname: Watchdog}]
"""

RETURN = r"""
alertmanagers:
  description: The status of each pod as C(/api/v2/status) gives it, without the configuration.
  returned: always, once the cluster has answered
  type: dict
  sample:
    alertmanager-main-0:
      cluster:
        name: 01K0EXAMPLE0000000000000000
        status: ready
        peers: [{"name": 01K0EXAMPLE0000000000000000, "address": "10.244.0.12:9094"}]
      uptime: "2026-11-20T12:05:49.146Z"
      versionInfo: {"version": "0.34.2"}
findings:
  description: Everything that is wrong.
  returned: failure
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager, _attempts, _cluster, _pod_endpoints
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

OPTIONS = {
    "namespace": {"type": "str", "required": True},
    "service": {"type": "str", "default": "alertmanager"},
    "port": {"type": "str", "default": "http"},
    "path_prefix": {"type": "str", "default": ""},
    "replicas": {"type": "int", "required": True},
    "alerts": {"type": "list", "elements": "dict", "default": []},
}


def run(call: Call) -> dict[str, Any]:
    attempts = _attempts.attempts(call.params["wait_timeout"], call.params["wait_sleep"])
    return _alertmanager.wait_for(_cluster.connect(call.params), call.params, attempts)


MODULE = Definition(run, {**_cluster.ARGUMENT_SPEC, **_pod_endpoints.ARGUMENT_SPEC, **_attempts.ARGUMENT_SPEC, **OPTIONS})


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
