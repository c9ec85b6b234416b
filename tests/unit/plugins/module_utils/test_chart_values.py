# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of the chart that open what is closed."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._chart_values import findings

PROMETHEUS = "prometheus.prometheusSpec"
OPENING: list[tuple[str, Any, str]] = [
    ("prometheus.service.type", "NodePort", "from outside"),
    ("alertmanager.service.type", "loadBalancer", "from outside"),
    ("grafana.service.type", "LoadBalancer", "from outside"),
    ("prometheus.servicePerReplica.type", "NodePort", "from outside"),
    ("prometheus.thanosServiceExternal.type", "LoadBalancer", "from outside"),
    ("prometheus.service.externalIPs", ["192.0.2.1"], "from outside"),
    ("prometheus.service.nodePort", 30090, "from outside"),
    ("grafana.ingress.enabled", True, "from outside"),
    # What a template takes for true.
    ("prometheus.ingressPerReplica.enabled", "false", "from outside"),
    ("prometheus.thanosIngress.enabled", True, "from outside"),
    ("alertmanager.route.main.enabled", True, "from outside"),
    ("grafana.route.main.enabled", True, "from outside"),
    (f"{PROMETHEUS}.hostNetwork", True, "NetworkPolicies"),
    ("prometheusOperator.hostNetwork", True, "NetworkPolicies"),
    (f"{PROMETHEUS}.containers[0].ports[0].hostPort", 9090, "NetworkPolicies"),
    (f"{PROMETHEUS}.enableAdminAPI", True, "change its data"),
    (f"{PROMETHEUS}.enableAdminAPI", "false", "change its data"),
    (f"{PROMETHEUS}.enableRemoteWriteReceiver", True, "change its data"),
    (f"{PROMETHEUS}.enableOTLPReceiver", True, "change its data"),
    (f"{PROMETHEUS}.additionalArgs[0].name", "web.enable-admin-api", "change its data"),
    (f"{PROMETHEUS}.enableFeatures[0]", "remote-write-receiver", "change its data"),
    (f"{PROMETHEUS}.containers[0].args[0]", "--web.enable-remote-write-receiver", "change its data"),
    (f"{PROMETHEUS}.arbitraryFSAccessThroughSMs.deny", False, "read files of Prometheus"),
    ("extraManifests[0].kind", "Ingress", "from outside"),
    ("extraManifests[0].kind", "HTTPRoute", "from outside"),
    ("extraManifests[0].spec.type", "NodePort", "from outside"),
    ("extraManifests[0]", "apiVersion: v1\nkind: Service\nspec:\n  type: NodePort\n", "from outside"),
    ("grafana.extraObjects[0]", "kind: Ingress\n", "from outside"),
    ("extraManifests[0]", "{apiVersion: v1, kind: Service, spec: {type: NodePort}}", "from outside"),
    ("extraManifests[0]", "- kind: Ingress\n", "from outside"),
    ("extraManifests[0]", "kind: Service\nspec: {type: NodePort, a: '{{ .Values.a }}'}\n", "from outside"),
    ("extraManifests[0].kind", "VirtualService", "from outside"),
    ("extraManifests[0].spec.type", '{{ "NodePort" }}', "is a template"),
    ("prometheus.thanosServiceExternal.enabled", True, "from outside"),
    (f"{PROMETHEUS}.additionalConfigString", "enableAdminAPI: true\n", "change its data"),
    (f"{PROMETHEUS}.scrapeConfigNamespaceSelector", {}, "other namespaces"),
    (f"{PROMETHEUS}.probeNamespaceSelector", {}, "other namespaces"),
    ("alertmanager.alertmanagerSpec.alertmanagerConfigNamespaceSelector", {"matchLabels": {}}, "other namespaces"),
    (f"{PROMETHEUS}.scrapeClasses", [{"name": "a", "authorization": {}}], "logins and certificates"),
    (f"{PROMETHEUS}.containers[0].command[2]", "prometheus --web.enable-admin-api --x=false", "change its data"),
    ("extraManifests[0].kind", "NetworkPolicy", "metrics_network_policy_from"),
    ("extraManifests[0]", "kind: CiliumNetworkPolicy\n", "metrics_network_policy_from"),
    ("grafana.networkPolicy.enabled", True, "metrics_network_policy_from"),
    ("grafana.env.GF_PATHS_CONFIG", "/x/grafana.ini", "grafana_config"),
    ("grafana.extraConfigmapMounts[0].mountPath", "/etc/grafana/grafana.ini", "grafana_config"),
    ("grafana.extraSecretMounts[0].mountPath", "/etc/grafana/", "grafana_config"),
    ("grafana.envFromSecret", "settings", "whatever Grafana guards"),
    ("grafana.envFromConfigMaps", [{"name": "settings"}], "whatever Grafana guards"),
]
HARMLESS: list[tuple[str, Any]] = [
    ("prometheus.service.type", "ClusterIP"),
    ("grafana.ingress.enabled", False),
    ("grafana.networkPolicy.enabled", False),
    ("grafana.extraSecretMounts[0].mountPath", "/etc/grafana/secrets/db"),
    ("grafana.ingress.hosts", ["a.example"]),
    ("prometheus-node-exporter.hostNetwork", True),
    (f"{PROMETHEUS}.enableAdminAPI", False),
    (f"{PROMETHEUS}.additionalArgs[0].name", "web.max-connections"),
    (f"{PROMETHEUS}.containers[0].args[0]", "--web.enable-admin-api=false"),
    (f"{PROMETHEUS}.arbitraryFSAccessThroughSMs.deny", True),
    (f"{PROMETHEUS}.logLevel", "debug"),
    (f"{PROMETHEUS}.additionalConfigString", "enableAdminAPI: false\n"),
    (f"{PROMETHEUS}.scrapeClasses", []),
    ("prometheus.thanosServiceExternal.enabled", False),
    ("grafana.notes", "a text: with a colon"),
    ("grafana.persistence.type", "pvc"),
    ("alertmanager.alertmanagerSpec.alertmanagerConfigMatcherStrategy.type", "None"),
    ("grafana.env.GF_AUTH_ANONYMOUS_ENABLED", "false"),
    ("grafana.envValueFrom.GF_SMTP_PASSWORD", {"secretKeyRef": {"name": "smtp", "key": "password"}}),
    ("extra", None),
]


def values_with(path: str, value: Any) -> dict[str, Any]:
    """Nested values in which this one alone is set."""
    for part in reversed(path.replace("[0]", ".0").split(".")):
        value = [value] if part == "0" else {part: value}
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(("path", "value", "effect"), OPENING, ids=str)
def test_what_opens_something_is_found_and_unlocked_by_its_path(path: str, value: Any, effect: str) -> None:
    (finding,) = findings("values", values_with(path, value))
    assert finding.startswith(f"values has {path}, which ")
    assert effect in finding
    assert finding.endswith("or name it in kube_prometheus_stack_unlocked_values.")
    assert findings("values", values_with(path, value), [path]) == []
    assert len(findings("values", values_with(path, value), [f"{path}x"])) == 1


@pytest.mark.parametrize(("path", "value"), HARMLESS, ids=str)
def test_what_opens_nothing_is_no_finding(path: str, value: Any) -> None:
    assert findings("values", values_with(path, value)) == []


@pytest.mark.parametrize(
    "grafana",
    [
        {"grafana.ini": {"auth.anonymous": {"Enabled": '"true"'}}},
        {"env": {"GF_AUTH_ANONYMOUS_ENABLED": True}},
        {"envValueFrom": {"GF_AUTH_ANONYMOUS_ENABLED": {"configMapKeyRef": {"name": "a", "key": "b"}}}},
    ],
    ids=str,
)
def test_grafana_is_opened_by_none_of_its_ways(grafana: dict[str, Any]) -> None:
    (finding,) = findings("values", {"grafana": grafana})
    (way,) = grafana
    assert finding.startswith(f"values.grafana.{way} sets auth.anonymous.enabled to ")
    assert findings("values", {"grafana": grafana}, [], ["auth.anonymous.enabled"]) == []


def test_settings_of_grafana_with_a_route_in_their_name_are_none() -> None:
    ini = {"unified_alerting.screenshots": {"enabled": True}, "auth.gateway": {"enabled": True}}
    assert findings("values", {"grafana": {"grafana.ini": ini}}) == []


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("enableAdminAPI: {{ true }}", "change its data"),
        ("enableAdminAPI: true\nfoo: {{ .Values.x }}", "change its data"),
        ("arbitraryFSAccessThroughSMs: {deny: false}\nx: {{ 1 }}", "read files"),
        ("hostNetwork: true\n{{- if .Values.a }}", "NetworkPolicies"),
        ("spec: {externalIPs: [192.0.2.1]}\nmetadata: {{ x }}", "from outside"),
    ],
)
def test_templates_in_a_text_hide_nothing(text: str, effect: str) -> None:
    (finding,) = findings("values", {"prometheus": {"prometheusSpec": {"additionalConfigString": text}}})
    assert effect in finding
