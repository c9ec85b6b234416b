# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API server takes what is rendered of strange settings that were accepted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._yaml import KUBERNETES, load_all
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import judgement
from kubernetes.dynamic.exceptions import DynamicApiError

from sandbox.programs import cache_dir
from tests.integration.api import Api, with_definitions
from tests.playbooks import rendered, run_roles
from tests.settings import judged
from tests.strange_values import accepted, defaults, without_tags

pytestmark = pytest.mark.alone
SEED = int(os.environ.get("SETTINGS_SEED", "12"))
BASIC = {"type": "basic", "secret": "people"}
# The roles whose objects a render writes, each with what turns it on.
ROLES: dict[str, dict[str, Any]] = {
    "access": {},
    "alertmanager": {"alertmanager_enabled": True},
    "blackbox_exporter": {"blackbox_exporter_enabled": True},
    "dashboards": {},
    "exposure": {
        "exposure_endpoints": [
            {"component": "prometheus", "method": "nodeport", "auth": BASIC},
            {
                "component": "thanos-query",
                "method": "ingress",
                "host": "a.example",
                "auth": BASIC,
            },
        ]
    },
    "grafana": {"grafana_enabled": True},
    "kube_state_metrics": {"kube_state_metrics_enabled": True},
    "namespace": {},
    "node_exporter": {"node_exporter_enabled": True},
    "object_store": {"object_store_report_to": "/tmp/blocks.html"},
    "prometheus": {},
    "prometheus_adapter": {"prometheus_adapter_enabled": True},
    "prometheus_alert": {"prometheus_alert_enabled": True, "prometheus_alert_feishu_secret": {"name": "bots", "key": "feishu"}},
    "prometheus_operator": {"prometheus_operator_crds": False, "prometheus_operator_crds_cache": "/tmp/crds"},
    "rules": {},
    "system_monitors": {},
    "thanos": {},
}
# The other roles render much the same for both.
DIFFERENT = ("alertmanager", "prometheus", "system_monitors", "thanos")


def strange_settings(role: str, engine: str, seed: int) -> dict[str, Any]:
    fixed = {**ROLES[role], "prometheus_engine": engine, "metrics_state": "rendered", "metrics_rendered_to": "/tmp/tree"}
    options = {
        name: option for part in ("common", role) for name, option in judgement.role(part).options.items() if name not in fixed
    }

    def findings(values: dict[str, Any]) -> str:
        return "\n".join(judged([role], {**fixed, **without_tags(values)}).findings)

    found = accepted(options, defaults(), findings, seed)
    return {**ROLES[role], "prometheus_engine": engine, **without_tags(found)}


@pytest.fixture(scope="module")
def definitions(api: Api) -> Iterator[None]:
    """The operator's kinds."""
    (bundle,) = cache_dir().glob("programs/prometheus-operator-*[0-9a-f]/bundle.yaml")
    documents = filter(None, load_all(bundle.read_text(), KUBERNETES))
    found = [item for item in documents if item["kind"] == "CustomResourceDefinition"]
    with with_definitions(api, found):
        yield


@pytest.mark.usefixtures("definitions")
def test_the_api_server_takes_what_is_rendered_of_strange_settings(api: Api, namespace: str, tmp_path: Path) -> None:
    cases = {
        f"{role}, {engine}": (role, strange_settings(role, engine, SEED + number))
        for number, (role, engine) in enumerate([*product(ROLES, ["operator"]), *product(DIFFERENT, ["standalone"])])
    }
    wrong, asked = [], 0
    for number, (case, outcome) in enumerate(run_roles(tmp_path, cases).items()):
        if outcome.error:
            wrong.append(f"{case}: {outcome.error}")
        for item in rendered(tmp_path / f"case-{number}"):
            asked += 1
            if "namespace" in item["metadata"]:
                item["metadata"]["namespace"] = namespace
            try:
                api.dry_run(item)
            except DynamicApiError as error:
                wrong.append(f"{case}: {item['kind']} {item['metadata']['name']}: {error.summary()}")
    assert asked > 150
    assert not wrong, f"seed {SEED}, {len(wrong)} of {asked} wrong:\n" + "\n".join(wrong)
