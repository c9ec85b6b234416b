# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The NetworkPolicies of components whose images no sandbox has, asked of pods that stand for them.

tests/connections.py asks the pods of all others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.connections import NAME, Source, Target, ask, expected
from tests.integration.api import Api, eventually
from tests.integration.manifests import pod_template
from tests.network_policies import USERS
from tests.playbooks import run_roles

BOT = {"name": "bots", "key": "feishu"}
ROLES: dict[str, tuple[str, dict[str, Any]]] = {
    "grafana": ("grafana", {"grafana_enabled": True}),
    "prometheus-alert": ("prometheus_alert", {"prometheus_alert_enabled": True, "prometheus_alert_feishu_secret": BOT}),
}
TABLE = {line: users for line, users in USERS.items() if line[0] in ROLES}


def listener(api: Api, namespace: str, image: str, component: str, port: int) -> Target:
    """A running pod of a component that takes connections."""
    spec = pod_template(component, image, f"busybox nc -ll -p {port} -e busybox true")["spec"]
    metadata = {"name": component, "labels": {NAME: component}}
    # As soon as a namespace has its default ServiceAccount.
    eventually(lambda: api.find("ServiceAccount", "default", namespace))
    api.create({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}, namespace)
    address = eventually(lambda: api.get("Pod", component, namespace)["status"].get("podIP"), 60)
    return Target(component, component, address, port)


def test_who_must_reach_them_does_and_nobody_else(api: Api, namespace: str, image: str, tmp_path: Path) -> None:
    cases = {name: (role, {"metrics_namespace": namespace, **variables}) for name, (role, variables) in ROLES.items()}
    outcomes = run_roles(tmp_path, cases)
    assert [outcome.error for outcome in outcomes.values() if outcome.error] == []
    policies = [
        item for outcome in outcomes.values() for (kind, _name), item in outcome.objects.items() if kind == "NetworkPolicy"
    ]
    assert {item["metadata"]["name"] for item in policies} == set(ROLES)
    for item in policies:
        api.create(item, namespace)

    # No policy is for the canary; whom it answers, the network plugin knows.
    canary = listener(api, namespace, image, "canary", 7000)
    targets = [listener(api, namespace, image, component, port) for component, port in TABLE]
    sources = [Source(name, namespace) for name in sorted(set().union(*TABLE.values(), ROLES, {"stranger"}))]
    for source in sources:
        api.create(source.pod([canary, *targets]), namespace)

    reached = ask(api, sources)
    assert {source.component: reached[source] for source in sources} == {
        source.component: {str(canary)} | expected(source, targets, namespace, TABLE) for source in sources
    }
    assert {str(target) for target in targets} <= set().union(*reached.values())
