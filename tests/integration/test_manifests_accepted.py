# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What no scenario runs, for want of images or of somebody who comes that way: the API server accepts the manifests, with pod
security in force.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from kubernetes.dynamic.exceptions import ForbiddenError, ResourceNotFoundError

from tests.integration.api import Api
from tests.playbooks import run_roles

RESTRICTED = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn", "audit")}
BOT = {"name": "bots", "key": "feishu"}
COMPONENTS: dict[str, dict[str, Any]] = {
    "grafana": {"grafana_storage": "1Gi", "grafana_expose": "ingress", "grafana_host": "grafana.example.com"},
    "prometheus_alert": {"prometheus_alert_enabled": True, "prometheus_alert_feishu_secret": BOT},
    "exposure": {
        "exposure_endpoints": [
            {"component": "prometheus", "method": "nodeport", "auth": {"type": "basic", "secret": "people"}, "tls_secret": "tls"},
            {
                "component": "alertmanager",
                "method": "ingress",
                "host": "alerts.example.com",
                "auth": {"type": "forward", "address": "http://oauth2-proxy.auth.svc:4180/"},
            },
        ]
    },
}


@pytest.fixture
def restricted(api: Api, namespace: str) -> str:
    api.edit("Namespace", namespace, change={"metadata": {"labels": RESTRICTED}})
    return namespace


def dry_run(api: Api, item: dict[str, Any], namespace: str | None) -> None:
    """Have the API server accept an object, or refuse it, without keeping it; a kind whose CRD is not there is passed by."""
    try:
        api.create(item, namespace, dry_run="All")
    except ResourceNotFoundError:
        assert item["apiVersion"].startswith("monitoring.coreos.com/")


def pods(objects: dict[tuple[str, str], dict[str, Any]]) -> list[dict[str, Any]]:
    """What the Deployments would run, as pods."""
    templates = {name: item["spec"]["template"] for (kind, name), item in objects.items() if kind == "Deployment"}
    return [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {**template["metadata"], "name": name}, "spec": template["spec"]}
        for name, template in templates.items()
    ]


@pytest.mark.parametrize("role", COMPONENTS)
def test_the_api_server_accepts_every_object_and_pod_security_every_pod(
    role: str, api: Api, restricted: str, tmp_path: Path
) -> None:
    error, objects = run_roles(tmp_path, {role: (role, {"metrics_namespace": restricted, **COMPONENTS[role]})})[role]
    assert not error
    # A pod is accepted only when its ServiceAccount is there.
    for (kind, _name), item in objects.items():
        if kind == "ServiceAccount":
            api.create(item, restricted)
        else:
            dry_run(api, item, item["metadata"].get("namespace"))
    found = pods(objects)
    assert found
    for pod in found:
        dry_run(api, pod, restricted)


def test_pod_security_is_in_force_there(api: Api, restricted: str, image: str) -> None:
    api.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web"}}, restricted)
    spec = {"serviceAccountName": "web", "containers": [{"name": "main", "image": image}]}
    with pytest.raises(ForbiddenError, match="violates PodSecurity"):
        dry_run(api, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}, restricted)
