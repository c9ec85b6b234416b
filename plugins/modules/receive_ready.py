#!/usr/bin/python
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: receive_ready
short_description: Wait until every router of Thanos Receive has its hashrings
version_added: 0.2.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Reads C(thanos_receive_config_hash) from the C(/metrics) of every router, and waits until all are that of the hashrings.
  - Routers look at their file at intervals. Until all have read a new one, they send the same series to different ingestors.
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.attempts
  - longterm.metrics.pod_endpoints
  - longterm.metrics.attributes
options:
  namespace:
    description: The namespace of the routers.
    type: str
    required: true
  selector:
    description: Label selector of their pods.
    type: str
    default: app.kubernetes.io/name=thanos-receive-router
  port:
    description: Their HTTP port.
    type: int
    default: 10902
  config_hash:
    description: What they must show, as P(longterm.metrics.hashrings#filter) says.
    type: int
    required: true
"""

EXAMPLES = r"""
- name: Wait until the routers have the hashrings
  longterm.metrics.receive_ready:
    namespace: monitoring
    config_hash: "{{ ([{'name': 'default', 'replicas': 3}] | longterm.metrics.hashrings('monitoring')).config_hash }}"
"""

RETURN = r"""
routers:
  description: What each router shows, by the name of its pod.
  returned: always, once the cluster has answered
  type: dict
  sample: {"thanos-receive-router-5c8f9f7d6-x2x7k": 101348360701427}
findings:
  description: Everything that is wrong.
  returned: failure
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _pod_endpoints, _receive
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

OPTIONS = {
    "namespace": {"type": "str", "required": True},
    "selector": {"type": "str", "default": "app.kubernetes.io/name=thanos-receive-router"},
    "port": {"type": "int", "default": 10902},
    "config_hash": {"type": "int", "required": True},
}


def run(call: Call) -> dict[str, Any]:
    attempts = _attempts.attempts(call.params["wait_timeout"], call.params["wait_sleep"])
    return {"routers": _receive.wait_for(_cluster.connect(call.params), call.params, attempts).routers}


MODULE = Definition(run, {**_cluster.ARGUMENT_SPEC, **_pod_endpoints.ARGUMENT_SPEC, **_attempts.ARGUMENT_SPEC, **OPTIONS})


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
