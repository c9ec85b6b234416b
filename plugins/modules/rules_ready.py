# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rules_ready
short_description: Wait until the rules of a cluster are loaded and healthy
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Reads the PrometheusRule objects of the cluster, or with O(config_maps) rule files, and C(/api/v1/rules) of Prometheus or
    Thanos Rule.
  - Waits until each group of each object is loaded with the rules it declares, and each rule is healthy, without an error, and
    was evaluated lately; fails naming object, group and rule, with the rule's last error.
  - Lately is within three of the group's intervals, or within a minute where that is longer.
  - The objects are found by the file that the Prometheus Operator makes of each.
  - A Ruler of Thanos cannot be asked by O(via=proxy).
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.endpoint
  - longterm.metrics.attempts
  - longterm.metrics.attributes
options:
  namespaces:
    description: The namespaces of the PrometheusRule objects; all when empty.
    type: list
    elements: str
    default: []
  label_selector:
    description: Label selector of the PrometheusRule objects, for a Prometheus that does not select all.
    type: str
    default: ""
  config_maps:
    description:
      - Names of ConfigMaps with rule files, in place of PrometheusRule objects; for a Prometheus that no operator runs. They are
        in the namespace of its Service.
      - Files are told apart by their names, wherever they are mounted.
    type: list
    elements: str
    default: []
  every_pod:
    description:
      - Whether every pod behind the Service is asked, as a highly available pair needs; otherwise one is.
      - A pod that is not ready counts as not as expected.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Wait until both replicas of Prometheus evaluate all rules of the cluster
  longterm.metrics.rules_ready:
    namespace: monitoring
    service: prometheus-operated
    port: web
    every_pod: true

- name: Wait for the rules of one team
  longterm.metrics.rules_ready:
    namespace: monitoring
    service: prometheus-operated
    port: web
    namespaces: [shop, payments]
    label_selector: role=alert-rules

- name: Wait for rule files that the pods mount from a ConfigMap
  longterm.metrics.rules_ready:
    namespace: metrics
    service: prometheus
    port: http
    config_maps: [prometheus-rules]
"""

RETURN = r"""
objects:
  description: The number of rules of each PrometheusRule object or ConfigMap, as C(namespace/name).
  returned: always, once the cluster has answered
  type: dict
  sample: {"monitoring/nodes": 14}
rules:
  description: The number of rules of all objects.
  returned: always, once the cluster has answered
  type: int
  sample: 14
asked:
  description: The pods, the Service or the URL that answered.
  returned: always, once the cluster has answered
  type: list
  elements: str
  sample: [prometheus-main-0, prometheus-main-1]
findings:
  description: Everything that is wrong.
  returned: failure
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _endpoint, _rules
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

OPTIONS = {
    "namespaces": {"type": "list", "elements": "str", "default": []},
    "label_selector": {"type": "str", "default": ""},
    "config_maps": {"type": "list", "elements": "str", "default": []},
    "every_pod": {"type": "bool", "default": False},
}


def run(call: Call) -> dict[str, Any]:
    attempts = _attempts.attempts(call.params["wait_timeout"], call.params["wait_sleep"])
    return _rules.wait_for(_cluster.connect(call.params), call.params, attempts)


MODULE = Definition(
    run,
    {**_cluster.ARGUMENT_SPEC, **_endpoint.ARGUMENT_SPEC, **_attempts.ARGUMENT_SPEC, **OPTIONS},
    {"required_if": _endpoint.REQUIRED_IF},
)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
