# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: thanos_ready
short_description: Wait until Thanos works as a whole
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Asks C(/-/ready) of every pod of every component, and C(/api/v1/stores) of every pod of O(query).
  - Waits until every component is ready, every Query sees the expected stores, checked lately and without an error, no two
    sidecars or receivers announce the same labels, replicas of a Store Gateway serve the same blocks, and the compactor is single
    and not halted.
  - Without O(query) only the components are asked, and nothing is said of any store.
  - There is one deadline for all; the failure says everything that is wrong at that time.
extends_documentation_fragment: [longterm.metrics.cluster, longterm.metrics.pod_endpoints, longterm.metrics.attributes]
options:
  namespace:
    description: The namespace of Thanos.
    type: str
    required: true
  query:
    description:
      - Thanos Query; every pod behind its Service is asked for its stores, which are all judged.
      - Needed for O(stores) and O(addresses).
    type: dict
    suboptions:
      service:
        description: Name of the Service.
        type: str
        required: true
      port:
        description: The HTTP port of the Service, by number or name.
        type: str
        default: http
      path_prefix:
        description: The route prefix of Query's API, which is its C(--web.external-prefix) unless C(--web.route-prefix) is set.
        type: str
        default: ""
  components:
    description: The components whose pods must be ready. One of O(components) and O(query) is needed.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - How messages and results call it.
          - Where it is the name of a kind in O(stores), a store of that kind counts only when its address is the IP of one of
            these pods, the name of one (C(pod.service.namespace.svc)), or in O(addresses). Stores of others do not count.
          - Pods of such a component are named when Query does not see them.
        type: str
        required: true
      selector:
        description: Label selector of its pods.
        type: str
        required: true
      namespace:
        description: The namespace of its pods, where it is not O(namespace).
        type: str
      port:
        description: The HTTP port of the container.
        type: int
        default: 10902
      single:
        description: Whether there must be exactly one pod, as of a compactor.
        type: bool
        default: false
      not_halted:
        description: Whether its metric C(thanos_compact_halted) must be 0, as of a compactor.
        type: bool
        default: false
      same_blocks:
        description:
          - Whether the pods of one StatefulSet must have loaded the same blocks, as of Store Gateways with replicas.
          - A pod fails whose metric C(thanos_bucket_store_blocks_loaded) is less than nine tenths of what it is in another.
          - Smaller differences are allowed, for the pods look for new blocks at different moments.
        type: bool
        default: false
  stores:
    description: How many stores of each kind every Query must see at least.
    type: dict
    suboptions:
      sidecar:
        description: Number of sidecars.
        type: int
      store:
        description: Number of Store Gateways.
        type: int
      receive:
        description: Number of receivers.
        type: int
      rule:
        description: Number of rulers.
        type: int
      query:
        description: Number of Queries below this one.
        type: int
  addresses:
    description:
      - The addresses (C(host:port), as in Query's C(--endpoint)) of stores of each kind that every Query must see.
      - A Service in front of several stores is seen by its own address alone.
    type: dict
    suboptions:
      sidecar:
        description: Addresses of sidecars.
        type: list
        elements: str
      store:
        description: Addresses of Store Gateways.
        type: list
        elements: str
      receive:
        description: Addresses of receivers.
        type: list
        elements: str
      rule:
        description: Addresses of rulers.
        type: list
        elements: str
      query:
        description: Addresses of Queries below this one.
        type: list
        elements: str
  max_age:
    description: How many seconds ago Query may have checked a store last, by Query's own clock.
    type: float
    default: 60.0
  wait_timeout:
    description:
      - How many seconds all may take to be ready; V(0) asks once.
      - Query keeps a store that went away, with its error, for its C(--store.unhealthy-timeout), five minutes by default.
    type: int
    default: 360
  wait_sleep:
    description: Seconds before the second attempt; the pauses double up to ten seconds.
    type: float
    default: 1.0
"""

EXAMPLES = r"""
- name: Wait until Thanos works as a whole
  longterm.metrics.thanos_ready:
    namespace: monitoring
    query:
      service: thanos-query
    components:
      - name: query
        selector: app.kubernetes.io/name=thanos-query
      - name: store
        selector: app.kubernetes.io/name=thanos-store
        same_blocks: true
      - name: compactor
        selector: app.kubernetes.io/name=thanos-compact
        single: true
        not_halted: true
      - name: sidecar
        selector: app.kubernetes.io/name=prometheus
    stores:
      sidecar: 2
    addresses:
      store: [thanos-store-grpc.monitoring.svc:10901]

- name: Wait until the compactor runs, whatever the stores do
  longterm.metrics.thanos_ready:
    namespace: monitoring
    components:
      - name: compactor
        selector: app.kubernetes.io/name=thanos-compact
        single: true
        not_halted: true
"""

RETURN = r"""
components:
  description: For each component and each of its pods V(ready), or what is wrong with it.
  returned: always, once the cluster has answered
  type: dict
  sample: {"store": {"thanos-store-0": "ready"}}
stores:
  description: For each pod of O(query) its stores by kind, as C(/api/v1/stores) gives them.
  returned: always, once the cluster has answered
  type: dict
  sample:
    thanos-query-0:
      sidecar:
        - name: 10.244.0.12:10901
          lastCheck: "2026-11-20T12:05:49.146175194Z"
          lastError:
          labelSets: [{"cluster": "local", "prometheus_replica": "prometheus-0"}]
          minTime: 1795176344000
          maxTime: 9223372036854775807
findings:
  description: Everything that is wrong.
  returned: failure
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _pod_endpoints, _thanos
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

QUERY = {
    "service": {"type": "str", "required": True},
    "port": {"type": "str", "default": "http"},
    "path_prefix": {"type": "str", "default": ""},
}
COMPONENT = {
    "name": {"type": "str", "required": True},
    "selector": {"type": "str", "required": True},
    "namespace": {"type": "str"},
    "port": {"type": "int", "default": 10902},
    "single": {"type": "bool", "default": False},
    "not_halted": {"type": "bool", "default": False},
    "same_blocks": {"type": "bool", "default": False},
}
KINDS = ("sidecar", "store", "receive", "rule", "query")
OPTIONS = {
    "namespace": {"type": "str", "required": True},
    "query": {"type": "dict", "options": QUERY},
    "components": {"type": "list", "elements": "dict", "options": COMPONENT},
    "stores": {"type": "dict", "options": {kind: {"type": "int"} for kind in KINDS}},
    "addresses": {"type": "dict", "options": {kind: {"type": "list", "elements": "str"} for kind in KINDS}},
    "max_age": {"type": "float", "default": 60.0},
    "wait_timeout": {"type": "int", "default": 360},
    "wait_sleep": {"type": "float", "default": 1.0},
}


def run(call: Call) -> dict[str, Any]:
    attempts = _attempts.attempts(call.params["wait_timeout"], call.params["wait_sleep"])
    seen = _thanos.wait_for(_cluster.connect(call.params), call.params, attempts)
    return {"components": seen.components, "stores": seen.stores}


MODULE = Definition(
    run,
    {**_cluster.ARGUMENT_SPEC, **_pod_endpoints.ARGUMENT_SPEC, **OPTIONS},
    {
        "required_one_of": [("components", "query")],
        "required_by": {"stores": ("query",), "addresses": ("query",)},
    },
)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
