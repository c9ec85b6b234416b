# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: scrape_targets
short_description: Wait until the targets of scrape jobs are up
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Asks C(/api/v1/targets) of Prometheus for its active targets.
  - Waits until each expected job has a target and all its targets are up; fails naming each job without targets and each target
    that is not up, with its last error.
  - Targets of other jobs that are down are named too, with their monitor and their last error; see O(down_targets).
  - With O(monitors) each ServiceMonitor, PodMonitor, Probe and ScrapeConfig of the cluster must have a target too.
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.endpoint
  - longterm.metrics.attempts
  - longterm.metrics.attributes
options:
  jobs:
    description:
      - The expected jobs, each by its C(job) label or the name of its scrape pool.
      - An entry is a name, or a mapping with C(job) and C(min_up), how many of its targets must be up at least (1 by default).
      - Without any, and without O(monitors), nothing is waited for, and the targets there are get reported.
    type: list
    elements: raw
    default: []
  every_pod:
    description:
      - Whether every pod behind the Service is asked, as a highly available pair needs; otherwise one is.
      - A pod that is not ready counts as not as expected.
    type: bool
    default: false
  monitors:
    description:
      - >-
        Whether each ServiceMonitor, PodMonitor, Probe and ScrapeConfig of the cluster must have at least one active target, up or
        not.
      - They are read in all namespaces through the API server, with O(via=url) too.
    type: bool
    default: false
  allowed_empty:
    description: The monitors that may be without targets, each as C(name) or C(namespace/name).
    type: list
    elements: str
    default: []
  down_targets:
    description:
      - What becomes of targets that are down and of none of the O(jobs), as those of other people's monitors.
      - V(report) names them in RV(notes) and in warnings; V(fail) waits for them, and fails when they stay down.
    type: str
    choices: [report, fail]
    default: report
  monitor_namespaces:
    description:
      - Lists of namespaces by the kind of monitor. Of a kind that is named, O(monitors) reads the objects of these namespaces
        alone; of the others it reads all.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Wait until both replicas of Prometheus scrape the kubelets and themselves
  longterm.metrics.scrape_targets:
    namespace: monitoring
    service: prometheus-operated
    port: web
    every_pod: true
    jobs:
      - prometheus
      - job: kubelet
        min_up: 3

- name: Wait until every monitor selects something
  longterm.metrics.scrape_targets:
    namespace: monitoring
    service: prometheus
    port: http
    monitors: true
    allowed_empty: [batch/nightly-jobs]

- name: Wait until every target of every monitor is up
  longterm.metrics.scrape_targets:
    namespace: monitoring
    service: prometheus
    port: http
    monitors: true
    down_targets: fail

- name: See what is scraped
  longterm.metrics.scrape_targets:
    via: url
    url: http://prometheus.example.com:9090
  register: targets
"""

RETURN = r"""
jobs:
  description: For each job how many of its targets are C(up), C(down) and C(unknown) (not scraped yet), over all that were asked.
  returned: always, once Prometheus has answered
  type: dict
  sample: {"kubelet": {"up": 2, "down": 1, "unknown": 0}}
down:
  description: The targets that are not up, of any job.
  returned: always, once Prometheus has answered
  type: list
  elements: dict
  contains:
    asked:
      description: The pod, Service or URL that was asked.
      type: str
    job:
      description: The C(job) label.
      type: str
    scrapePool:
      description: The name of the scrape pool; for a ServiceMonitor V(serviceMonitor/namespace/name/index).
      type: str
    scrapeUrl:
      description: The URL that is scraped.
      type: str
    health:
      description: V(down), or V(unknown) when it was not scraped yet.
      type: str
    lastError:
      description: Why the last scrape failed.
      type: str
    lastScrape:
      description: The time of the last scrape.
      type: str
    labels:
      description: The labels of the target.
      type: dict
notes:
  description: The targets that are down and of none of the O(jobs), as text; empty with O(down_targets=fail).
  returned: always, once Prometheus has answered
  type: list
  elements: str
  sample: ["ServiceMonitor shop/web: http://10.244.0.7:8080/metrics is down: connection refused"]
asked:
  description: The counts of RV(jobs) for each pod, Service or URL that was asked.
  returned: always, once Prometheus has answered
  type: dict
  sample: {"prometheus-0": {"kubelet": {"up": 1, "down": 0, "unknown": 0}}}
monitors:
  description: The ServiceMonitors, PodMonitors and Probes that must have a target; none without O(monitors).
  returned: always, once Prometheus has answered
  type: list
  elements: str
  sample: [ServiceMonitor monitoring/kubelet]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _endpoint, _scrape_targets
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

OPTIONS = {
    "jobs": {"type": "list", "elements": "raw", "default": []},
    "every_pod": {"type": "bool", "default": False},
    "monitors": {"type": "bool", "default": False},
    "allowed_empty": {"type": "list", "elements": "str", "default": []},
    "down_targets": {"type": "str", "choices": ["report", "fail"], "default": "report"},
    "monitor_namespaces": {"type": "dict", "default": {}},
}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    cluster = None if options["via"] == "url" and not options["monitors"] else _cluster.connect(options)
    attempts = _attempts.attempts(options["wait_timeout"], options["wait_sleep"])
    result = _scrape_targets.wait_for(cluster, options, attempts)
    call.warnings += result["notes"]
    return result


MODULE = Definition(
    run,
    {**_cluster.ARGUMENT_SPEC, **_endpoint.ARGUMENT_SPEC, **_attempts.ARGUMENT_SPEC, **OPTIONS},
    {"required_if": _endpoint.REQUIRED_IF},
)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
