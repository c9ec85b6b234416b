# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: grafana_ready
short_description: Wait until Grafana works, with its datasources and dashboards
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Asks Grafana for its health, its datasources, the health of each, and its dashboards.
  - Waits until its database is ok, exactly one datasource is the default, each that is expected is there and healthy, and the
    expected dashboards are there.
  - Datasources of type C(alertmanager) have no health of their own; Alertmanager's status is asked through Grafana instead.
    A datasource of another type without health counts as V(UNKNOWN), which fails nothing.
  - The login is read in the cluster. It is never shown, and a refused one is not tried again, since Grafana locks out who does.
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.endpoint
  - longterm.metrics.attempts
  - longterm.metrics.attributes
options:
  credentials_secret:
    description: A Secret in the cluster that holds the login of an administrator.
    type: dict
    required: true
    suboptions:
      namespace:
        description: The Secret's namespace.
        type: str
        required: true
      name:
        description: The Secret's name.
        type: str
        required: true
      user_key:
        description: Where in the Secret the user's name is.
        type: str
        default: admin-user
      password_key:
        description: Where in the Secret the password is.
        type: str
        default: admin-password
  datasources:
    description:
      - The uids of the datasources that must be there and be healthy. The first is to be the default.
      - Without any, those there are must be healthy.
    type: list
    elements: str
    default: []
  dashboards:
    description: The uids of the dashboards that must be there. A failure names each that is missing.
    type: list
    elements: str
    default: []
  min_dashboards:
    description: How many dashboards there must be at least, whatever their uids.
    type: int
    default: 1
notes:
  - O(via=proxy) is refused, since the API server's proxy does not pass a login on.
  - The Secret is read through the API server, with O(via=url) too.
seealso:
  - module: longterm.metrics.dashboard_check
"""

EXAMPLES = r"""
- name: Wait until Grafana has its datasources and dashboards
  longterm.metrics.grafana_ready:
    namespace: monitoring
    service: grafana
    port: http
    credentials_secret:
      namespace: monitoring
      name: grafana-admin
    datasources: [thanos, prometheus, alertmanager]
    dashboards: [longterm-cluster, longterm-nodes]
    min_dashboards: 20

- name: Ask a Grafana at its URL once
  longterm.metrics.grafana_ready:
    via: url
    url: https://grafana.example.com
    credentials_secret:
      namespace: monitoring
      name: grafana-admin
    wait_timeout: 0
"""

RETURN = r"""
health:
  description: What Grafana says of itself; its version where it is not hidden.
  returned: always, once Grafana has answered
  type: dict
  sample: {"database": "ok", "version": "13.2.3"}
datasources:
  description: The datasources that were asked for their health, by uid.
  returned: always, once Grafana has answered
  type: dict
  contains:
    name:
      description: Its name.
      type: str
    type:
      description: Its type.
      type: str
    isDefault:
      description: Whether it is the default.
      type: bool
    status:
      description: V(OK), V(ERROR), or V(UNKNOWN) where its type has no health.
      type: str
    message:
      description: What Grafana says of its health.
      type: str
  sample:
    thanos:
      name: Thanos
      type: prometheus
      isDefault: true
      status: OK
      message: Successfully queried the Prometheus API.
dashboards:
  description: The number of dashboards.
  returned: always, once Grafana has answered
  type: int
  sample: 24
findings:
  description: Everything that is wrong.
  returned: failure
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _endpoint, _grafana
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

SECRET = {
    "namespace": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "user_key": {"type": "str", "no_log": False, "default": "admin-user"},
    "password_key": {"type": "str", "no_log": False, "default": "admin-password"},
}
OPTIONS = {
    "credentials_secret": {"type": "dict", "required": True, "no_log": False, "options": SECRET},
    "datasources": {"type": "list", "elements": "str", "default": []},
    "dashboards": {"type": "list", "elements": "str", "default": []},
    "min_dashboards": {"type": "int", "default": 1},
}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    cluster = _cluster.connect(options)
    admin = _grafana.login(cluster, options["credentials_secret"])
    # Whatever a server may repeat, these are not in the result.
    call.secrets |= {admin.password, admin.authorization}
    attempts = _attempts.attempts(options["wait_timeout"], options["wait_sleep"])
    return _grafana.wait_for(cluster, admin, options, attempts)


MODULE = Definition(
    run,
    {**_cluster.ARGUMENT_SPEC, **_endpoint.ARGUMENT_SPEC, **_attempts.ARGUMENT_SPEC, **OPTIONS},
    {"required_if": _endpoint.REQUIRED_IF},
)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
