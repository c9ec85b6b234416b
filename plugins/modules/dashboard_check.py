#!/usr/bin/python
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dashboard_check
short_description: Prove that every query of the provisioned dashboards returns data
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Reads the Grafana dashboards that ConfigMaps provision, and asks Thanos Query or Prometheus each query of each panel, as an
    instant query. Grafana itself is not needed.
  - Variables are filled with labels of the last hour, as Grafana fills them; all values where the variable offers that, otherwise
    its first one. Of queries that make variables, C(label_values) is understood.
  - Fails when a query is refused, returns no series, or returns nothing but NaN, with dashboard, panel, ConfigMap, query and
    answer of each. Asks again what was not fine, until O(wait_timeout); a query that is refused for good is not waited for.
  - Queries to datasources of other kinds than Prometheus are left out.
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.endpoint
  - longterm.metrics.attempts
  - longterm.metrics.attributes
options:
  namespaces:
    description: Namespaces of the ConfigMaps; all when empty.
    type: list
    elements: str
    default: []
  selector:
    description: Label selector of the ConfigMaps. Dashboards are in their keys that end in C(.json).
    type: str
    default: grafana_dashboard=1
  variables:
    description:
      - Values of variables by name, for the dashboards that have such a variable; for example the cluster.
      - A value that the variable does not have fails.
    type: dict
    default: {}
  allowed_empty:
    description:
      - Panels that may be empty, why, and on which condition.
      - An entry that is not needed, because its panels have data, becomes a note (RV(notes)) and a warning.
      - An entry that can never be needed fails, because its dashboard has no such panel. Entries of dashboards that are not there
        are left alone.
    type: list
    elements: dict
    default: []
    suboptions:
      dashboard:
        description: Title of the dashboard, or a shell pattern of titles.
        type: str
        required: true
      panel:
        description: Title of the panel, or a shell pattern of titles.
        type: str
        required: true
      reason:
        description: Why it may be empty.
        type: str
        required: true
      condition:
        description:
          - PromQL that must return series while the panel is empty, as the expression of an alert does while it fires.
            Otherwise the panel fails.
          - It is asked whenever the panel is empty, with the variables of the dashboard filled.
          - It should show that the source of the panel works and has nothing to tell; see the example.
        type: str
        required: true
      transient:
        description: Whether it is empty at times only, so that data in it is no reason for a note.
        type: bool
        default: false
"""

EXAMPLES = r"""
- name: Every panel shows something
  longterm.metrics.dashboard_check:
    namespace: metrics
    service: thanos-query
    port: http
    variables:
      cluster: production
    allowed_empty:
      - dashboard: Namespaces
        panel: Quotas
        reason: No namespace has a quota.
        condition: up{cluster="$cluster",job="kube-state-metrics"} == 1 unless on() kube_resourcequota{cluster="$cluster"}
"""

RETURN = r"""
checked:
  description: How many queries were asked.
  returned: always, once dashboards were found
  type: int
  sample: 212
dashboards:
  description: The titles of the dashboards.
  returned: always, once dashboards were found
  type: list
  elements: str
  sample: [Cluster, Nodes]
empty:
  description: The queries that returned no series, or nothing but NaN.
  returned: always, once dashboards were found
  type: list
  elements: dict
  contains:
    dashboard:
      description: The title of the dashboard.
      type: str
    panel:
      description: The title of the panel.
      type: str
    config_map:
      description: The ConfigMap that provisions the dashboard, as C(namespace/name).
      type: str
    query:
      description: The query, its variables filled.
      type: str
    reason:
      description: Why it may be empty; empty when it may not, or when the condition does not hold.
      type: str
failing:
  description: The queries that could not be asked, or were refused.
  returned: always, once dashboards were found
  type: list
  elements: dict
  contains:
    dashboard:
      description: The title of the dashboard.
      type: str
    panel:
      description: The title of the panel.
      type: str
    config_map:
      description: The ConfigMap that provisions the dashboard, as C(namespace/name).
      type: str
    query:
      description: The query, its variables filled.
      type: str
    answer:
      description: What the API answered, or which variable could not be filled.
      type: str
notes:
  description: The entries of O(allowed_empty) that are not needed.
  returned: always, once dashboards were found
  type: list
  elements: str
"""

from functools import partial
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import (
    _attempts,
    _cluster,
    _dashboard_check,
    _dashboards,
    _endpoint,
)
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

ALLOWANCE = {
    "dashboard": {"type": "str", "required": True},
    "panel": {"type": "str", "required": True},
    "reason": {"type": "str", "required": True},
    "condition": {"type": "str", "required": True},
    "transient": {"type": "bool", "default": False},
}
OPTIONS = {
    "namespaces": {"type": "list", "elements": "str", "default": []},
    "selector": {"type": "str", "default": "grafana_dashboard=1"},
    "variables": {"type": "dict", "default": {}},
    "allowed_empty": {"type": "list", "elements": "dict", "default": [], "options": ALLOWANCE},
}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    cluster = _cluster.connect(options)
    dashboards = _dashboards.read(cluster, options["namespaces"], options["selector"])
    attempts = _attempts.attempts(options["wait_timeout"], options["wait_sleep"])
    connect = partial(_endpoint.open_endpoint, cluster, options)
    result = _dashboard_check.check(connect, dashboards, options, attempts).result()
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
