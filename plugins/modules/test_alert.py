# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: test_alert
short_description: Prove the way of an alert from its rule to its receiver
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Puts a PrometheusRule there, or with O(config_map) a rule file, whose alert always fires, with labels that route it to a
    receiver of its own, so that nobody is called. Waits until every pod of Prometheus has loaded it and fires it, until every
    pod of Alertmanager has it for that receiver and no other, and, with O(webhook), until it has arrived there.
  - Then makes the expression false, waits until the alert is resolved everywhere, and removes the rule. What there was before is
    as it was, so the module never reports a change.
  - Nothing is fired before every Alertmanager knows O(receiver). An alert that is routed elsewhere ends the run at once.
  - The label C(longterm_metrics_run) tells the alerts of two runs apart. The next run resolves and removes what an interrupted
    run has left. Two runs at a time need two names.
extends_documentation_fragment: [longterm.metrics.cluster, longterm.metrics.pod_endpoints, longterm.metrics.attributes]
options:
  namespace:
    description: The namespace of the rule, and of the Services that name none of their own.
    type: str
    required: true
  name:
    description: Name of the PrometheusRule. One of this name that was not made by this module is left alone, and an error.
    type: str
    default: longterm-metrics-test-alert
  labels:
    description: The labels of the alert, by which Alertmanager routes it.
    type: dict
    default: {severity: none, longterm_metrics_test: "true"}
  config_map:
    description:
      - Name of a ConfigMap that takes the rule, as a rule file, in place of a PrometheusRule; for a Prometheus that no operator
        runs, whose pods mount it where C(rule_files) looks. It is there only while the module runs.
      - The pods are annotated meanwhile, so that the kubelet brings it in at once.
    type: str
    default: ""
  rule_labels:
    description: The labels of the rule's object, for a Prometheus that selects rules by them.
    type: dict
    default: {}
  receiver:
    description: The one receiver of Alertmanager that the alert must be routed to.
    type: str
    default: longterm-metrics-test
  prometheus:
    description: Prometheus; every pod behind its Service is asked.
    type: dict
    default: {}
    suboptions:
      service:
        description: Name of the Service.
        type: str
        default: prometheus
      namespace:
        description: Its namespace, where it is not O(namespace).
        type: str
      port:
        description: The HTTP port of the Service, by number or name.
        type: str
        default: http
      path_prefix:
        description: The route prefix of Prometheus.
        type: str
        default: ""
  alertmanager:
    description: Alertmanager; every pod behind its Service is asked.
    type: dict
    default: {}
    suboptions:
      service:
        description: Name of the Service.
        type: str
        default: alertmanager
      namespace:
        description: Its namespace, where it is not O(namespace).
        type: str
      port:
        description: The HTTP port of the Service, by number or name.
        type: str
        default: http
      path_prefix:
        description: The route prefix of Alertmanager.
        type: str
        default: ""
  webhook:
    description:
      - What O(receiver) sends to, where it records messages and gives them back.
      - GET must answer with a JSON list of messages, each a mapping whose C(body) is the message as Alertmanager sent it. The
        program in C(sandbox/modules/webhook) does.
    type: dict
    suboptions:
      service:
        description: Name of the Service.
        type: str
        required: true
      namespace:
        description: Its namespace, where it is not O(namespace).
        type: str
      port:
        description: The HTTP port of the Service, by number or name.
        type: str
        default: http
      path:
        description: The path of the list of messages.
        type: str
        default: /
  wait_timeout:
    description:
      - Seconds that each step may take. A failure may take as long once more, for the alert to resolve.
      - A changed rule takes up to two minutes to reach the pods, and Alertmanager waits for the C(group_wait) and the
        C(group_interval) of the route.
    type: int
    default: 180
  wait_sleep:
    description: Seconds before the second attempt of a step; the pauses double up to ten seconds.
    type: float
    default: 1.0
"""

EXAMPLES = r"""
- name: Prove the way of an alert
  longterm.metrics.test_alert:
    namespace: metrics

- name: The same, to a receiver in the cluster that records what arrives
  longterm.metrics.test_alert:
    namespace: metrics
    webhook: {namespace: kube-system, service: webhook}
  register: alert

- name: With a Prometheus that no operator runs
  longterm.metrics.test_alert:
    namespace: metrics
    config_map: prometheus-test-alert

- name: With a Prometheus that selects its rules, and other names
  longterm.metrics.test_alert:
    namespace: monitoring
    rule_labels: {release: kube-prometheus-stack}
    prometheus: {service: prometheus-operated, port: http-web}
    alertmanager: {service: alertmanager-operated, port: http-web}
    labels: {severity: none, purpose: test}
    receiver: "null"
"""

RETURN = r"""
msg:
  description: What would be done.
  returned: in check mode
  type: str
run:
  description: The id of the run, which the alert has as its label C(longterm_metrics_run).
  returned: when not in check mode
  type: str
  sample: 5f0c1ab2
steps:
  description:
    - The steps that came to pass, with the seconds since the start.
    - In their order these are V(leftover_resolved) (only after an interrupted run), V(prepared), V(loaded), V(firing),
      V(received) (by Alertmanager), V(delivered) (to the webhook), V(inactive) (in Prometheus), V(resolved) (in Alertmanager),
      V(resolved_delivered) and V(removed).
  returned: when not in check mode
  type: list
  elements: dict
  sample: [{"step": "prepared", "seconds": 0.3}, {"step": "loaded", "seconds": 12.1}, {"step": "firing", "seconds": 15.4}]
failed_step:
  description: The step that did not come to pass.
  returned: when a step did not
  type: str
  sample: received
receivers:
  description: For each pod of Alertmanager the receivers it sends the alert to.
  returned: when not in check mode
  type: dict
  sample: {"alertmanager-main-0": ["longterm-metrics-test"]}
deliveries:
  description: The messages of this alert that arrived at the webhook, by status.
  returned: with O(webhook)
  type: dict
  sample: {"firing": 1, "resolved": 1}
duplicates:
  description: How many of them repeat one that had arrived. Alertmanager delivers at least once, so a few are no error.
  returned: with O(webhook)
  type: int
  sample: 0
"""

import uuid
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _pod_endpoints, _test_alert
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module


def server(service: str) -> dict[str, dict[str, str]]:
    return {
        "service": {"type": "str", "default": service},
        "namespace": {"type": "str"},
        "port": {"type": "str", "default": "http"},
        "path_prefix": {"type": "str", "default": ""},
    }


WEBHOOK = {
    "service": {"type": "str", "required": True},
    "namespace": {"type": "str"},
    "port": {"type": "str", "default": "http"},
    "path": {"type": "str", "default": "/"},
}
OPTIONS = {
    "namespace": {"type": "str", "required": True},
    "name": {"type": "str", "default": "longterm-metrics-test-alert"},
    "labels": {"type": "dict", "default": {"severity": "none", "longterm_metrics_test": "true"}},
    "config_map": {"type": "str", "default": ""},
    "rule_labels": {"type": "dict", "default": {}},
    "receiver": {"type": "str", "default": "longterm-metrics-test"},
    "prometheus": {"type": "dict", "default": {}, "options": server("prometheus")},
    "alertmanager": {"type": "dict", "default": {}, "options": server("alertmanager")},
    "webhook": {"type": "dict", "options": WEBHOOK},
    "wait_timeout": {"type": "int", "default": 180},
    "wait_sleep": {"type": "float", "default": 1.0},
}


def run(call: Call) -> dict[str, Any]:
    if call.check_mode:
        return {"msg": _test_alert.plan(call.params)}
    return _test_alert.Trial(_cluster.connect(call.params), call.params, uuid.uuid4().hex[:8]).prove()


MODULE = Definition(run, {**_cluster.ARGUMENT_SPEC, **_pod_endpoints.ARGUMENT_SPEC, **OPTIONS})


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
