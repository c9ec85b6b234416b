# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What objects of other namespaces can make Prometheus and Alertmanager do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.playbooks import Outcome, run_roles

OPEN = {"prometheus_tenant_probes": True, "prometheus_tenant_scrape_configs": True, "alertmanager_tenant_configs": True}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    f"{role} {state}": (role, variables)
    for role in ("prometheus", "alertmanager")
    for state, variables in {"closed": {}, "open": OPEN}.items()
}
OURS, ALL = {"matchLabels": {"kubernetes.io/metadata.name": "metrics"}}, {}
FILES = ("bearerTokenFile", "caFile", "certFile", "keyFile", "credentialsFile", "passwordFile")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    found = run_roles(tmp_path_factory.mktemp("tenants"), CASES)
    assert {name: outcome.error for name, outcome in found.items() if outcome.error} == {}
    return found


def resource(outcomes: dict[str, Outcome], kind: str, state: str) -> dict[str, Any]:
    spec: dict[str, Any] = outcomes[f"{kind.lower()} {state}"].objects[kind, "main"]["spec"]
    return spec


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


@pytest.mark.parametrize("kind", ["probe", "scrapeConfig"])
def test_what_asks_any_address_is_taken_from_our_namespace_unless_a_variable_says_otherwise(
    outcomes: dict[str, Outcome], kind: str
) -> None:
    closed, opened = (resource(outcomes, "Prometheus", state) for state in ("closed", "open"))
    assert (closed[f"{kind}NamespaceSelector"], opened[f"{kind}NamespaceSelector"]) == (OURS, ALL)
    assert (closed[f"{kind}Selector"], opened[f"{kind}Selector"]) == (ALL, ALL)


@pytest.mark.parametrize("kind", ["serviceMonitor", "podMonitor", "rule"])
def test_monitors_and_rules_are_taken_from_all_namespaces(outcomes: dict[str, Outcome], kind: str) -> None:
    assert resource(outcomes, "Prometheus", "closed")[f"{kind}NamespaceSelector"] == ALL


def test_a_tenant_s_receivers_get_alerts_of_its_namespace_alone(outcomes: dict[str, Outcome]) -> None:
    closed, opened = (resource(outcomes, "Alertmanager", state) for state in ("closed", "open"))
    assert closed["alertmanagerConfigNamespaceSelector"] == OURS
    assert opened["alertmanagerConfigNamespaceSelector"] == ALL
    assert opened["alertmanagerConfigMatcherStrategy"] == {"type": "OnNamespaceExceptForAlertmanagerNamespace"}


def test_no_monitor_reads_files_of_prometheus_and_ours_need_none(stack: list[dict[str, Any]]) -> None:
    (prometheus,) = [item for item in stack if item["kind"] == "Prometheus"]
    assert prometheus["spec"]["arbitraryFSAccessThroughSMs"] == {"deny": True}
    monitors = [item for item in stack if item["kind"] in ("ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig")]
    assert len(monitors) > 10
    assert {item["metadata"]["name"]: name for item in monitors for name in keys(item["spec"]) if name in FILES} == {}


def test_the_token_that_monitors_name_opens_metrics_and_nothing_else(stack: list[dict[str, Any]]) -> None:
    named = {
        (item["metadata"]["namespace"], endpoint["authorization"]["credentials"]["name"])
        for item in stack
        if item["kind"] == "ServiceMonitor"
        for endpoint in item["spec"]["endpoints"]
        if "authorization" in endpoint
    }
    assert named == {("metrics", "prometheus-scraper")}
    (role,) = [
        item for item in stack if (item["kind"], item["metadata"]["name"]) == ("ClusterRole", "metrics-prometheus-scraper")
    ]
    assert role["rules"] == [
        {"apiGroups": [""], "resources": ["nodes/metrics"], "verbs": ["get"]},
        {"nonResourceURLs": ["/metrics", "/metrics/slis"], "verbs": ["get"]},
    ]


def test_what_the_cluster_s_authority_signs_is_verified(stack: list[dict[str, Any]]) -> None:
    monitors = {item["metadata"]["name"]: item["spec"]["endpoints"] for item in stack if item["kind"] == "ServiceMonitor"}
    authority = {"configMap": {"name": "kube-root-ca.crt", "key": "ca.crt"}}
    for name in ("kubelet", "apiserver"):
        for endpoint in monitors[name]:
            assert endpoint["tlsConfig"]["ca"] == authority
            assert not endpoint["tlsConfig"].get("insecureSkipVerify", False)
