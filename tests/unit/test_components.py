# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Alertmanager and the exporters are as rendered: their pods, their rights, and what follows from their variables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.playbooks import evaluate, play, rendered

SERVES = "kube-system/metrics-server"
OURS = "metrics/prometheus-adapter"


def serving(servers: dict[str, str]) -> dict[str, Any]:
    """A cluster whose APIs these Services answer."""
    return {"api_services": [{"name": name, "service": service, "available": True} for name, service in servers.items()]}


# Hosts: the role of each, and its variables.
HOSTS: dict[str, tuple[str, dict[str, Any]]] = {
    "alertmanager": ("alertmanager", {}),
    "node": ("node_exporter", {}),
    "state": ("kube_state_metrics", {}),
    "state_of_two": (
        "kube_state_metrics",
        {"kube_state_metrics_resources": ["secrets", "ingresses"], "kube_state_metrics_labels": {"ingresses": ["app", "team"]}},
    ),
    "blackbox": (
        "blackbox_exporter",
        {
            "blackbox_exporter_targets": [
                {"name": "site", "module": "http_2xx", "targets": ["https://a/"], "interval": "1m", "labels": {"team": "web"}},
                {"name": "mail", "module": "tcp", "targets": ["b:25"]},
            ]
        },
    ),
    "blackbox_of_one": (
        "blackbox_exporter",
        {"blackbox_exporter_modules": {"dns": {"prober": "dns", "dns": {"query_name": "example.org"}}}},
    ),
    "adapter": ("prometheus_adapter", {}),
    "adapter_of_all": (
        "prometheus_adapter",
        {
            "prometheus_adapter_resource_metrics": "always",
            "prometheus_adapter_matchers": 'cluster="a"',
            "prometheus_adapter_external_rules": [{"seriesQuery": "queue", "metricsQuery": "q", "resources": {"template": "x"}}],
        },
    ),
}
RESOURCE, CUSTOM, EXTERNAL = (f"v1beta1.{name}metrics.k8s.io" for name in ("", "custom.", "external."))
# Who answers which API, what is asked for of resource metrics, and what prometheus-adapter is to serve.
SERVED: list[tuple[dict[str, str], str, set[str]]] = [
    ({}, "auto", {RESOURCE, CUSTOM, EXTERNAL}),
    ({RESOURCE: OURS, CUSTOM: OURS, EXTERNAL: OURS}, "auto", {RESOURCE, CUSTOM, EXTERNAL}),
    ({RESOURCE: SERVES}, "auto", {CUSTOM, EXTERNAL}),
    ({RESOURCE: "monitoring/prometheus-adapter"}, "auto", {CUSTOM, EXTERNAL}),
    ({EXTERNAL: "keda/keda-operator-metrics-apiserver"}, "auto", {RESOURCE, CUSTOM}),
    ({CUSTOM: "monitoring/prometheus-adapter", "v1.apps": SERVES}, "auto", {RESOURCE, EXTERNAL}),
    ({}, "always", {RESOURCE, CUSTOM, EXTERNAL}),
    ({RESOURCE: OURS}, "always", {RESOURCE, CUSTOM, EXTERNAL}),
    ({}, "never", {CUSTOM, EXTERNAL}),
    ({RESOURCE: OURS}, "never", {CUSTOM, EXTERNAL}),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of rendered objects per host."""
    place = tmp_path_factory.mktemp("components")
    values = {"metrics_state": "rendered", "metrics_rendered_to": f"{place}/{{{{ inventory_hostname }}}}"}
    include = {"name": "Role", "ansible.builtin.include_role": {"name": "longterm.metrics.{{ role }}"}}
    hosts = {host: {"role": role, **variables} for host, (role, variables) in HOSTS.items()}
    ran = play([{"hosts": "all", "gather_facts": False, "vars": values, "tasks": [include]}], hosts, place)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return place


def only(folder: Path, kind: str) -> dict[str, Any]:
    [item] = rendered(folder, kind)
    return item


def config_of(folder: Path) -> dict[str, Any]:
    [text] = only(folder, "ConfigMap")["data"].values()
    found: dict[str, Any] = yaml.safe_load(text)
    return found


WORKLOADS = {"node": "DaemonSet", "state": "Deployment", "blackbox": "Deployment", "adapter": "Deployment"}


@pytest.mark.parametrize(("host", "kind"), WORKLOADS.items())
def test_a_pod_is_an_ordinary_user_that_can_write_nothing(host: str, kind: str, folder: Path) -> None:
    template = only(folder / host, kind)["spec"]["template"]
    [container] = template["spec"]["containers"]
    assert template["spec"]["securityContext"]["runAsNonRoot"] is True
    assert template["spec"]["securityContext"]["runAsUser"] == 65534
    assert template["spec"]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(container["resources"]) == {"requests", "limits"}
    assert template["metadata"]["labels"]["app.kubernetes.io/part-of"] == "longterm-metrics"


@pytest.mark.parametrize(("host", "kind"), WORKLOADS.items())
def test_only_what_asks_the_api_server_has_a_token(host: str, kind: str, folder: Path) -> None:
    spec = only(folder / host, kind)["spec"]["template"]["spec"]
    assert spec["automountServiceAccountToken"] is (host in ("state", "adapter"))


def test_alertmanager_is_a_cluster_that_takes_configurations_of_its_namespace_as_they_are(folder: Path) -> None:
    spec = only(folder / "alertmanager", "Alertmanager")["spec"]
    assert (spec["replicas"], spec["automountServiceAccountToken"]) == (3, False)
    assert spec["alertmanagerConfigSelector"] == {}
    assert spec["alertmanagerConfigNamespaceSelector"] == {"matchLabels": {"kubernetes.io/metadata.name": "metrics"}}
    assert spec["alertmanagerConfigMatcherStrategy"] == {"type": "None"}
    assert spec["configSecret"] == only(folder / "alertmanager", "Secret")["metadata"]["name"]
    assert spec["storage"]["volumeClaimTemplate"]["spec"]["resources"]["requests"]["storage"] == "5Gi"


def test_node_exporter_alone_is_in_a_namespace_that_lets_it_see_the_host(folder: Path) -> None:
    namespace = only(folder / "node", "Namespace")["metadata"]
    assert namespace["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    daemon = only(folder / "node", "DaemonSet")
    assert daemon["metadata"]["namespace"] == namespace["name"] != "metrics"
    [root] = daemon["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
    assert (root["mountPath"], root["readOnly"]) == ("/host/root", True)
    assert daemon["spec"]["template"]["spec"]["tolerations"] == [{"operator": "Exists"}]


def test_node_exporter_answers_on_the_node_s_own_address_only(folder: Path) -> None:
    [container] = only(folder / "node", "DaemonSet")["spec"]["template"]["spec"]["containers"]
    assert "--web.listen-address=[$(HOST_IP)]:9100" in container["args"]


@pytest.mark.parametrize("host", ["state", "state_of_two"])
def test_kube_state_metrics_may_list_and_watch_just_what_it_tells_of(host: str, folder: Path) -> None:
    rules = only(folder / host, "ClusterRole")["rules"]
    [container] = only(folder / host, "Deployment")["spec"]["template"]["spec"]["containers"]
    [told] = [argument for argument in container["args"] if argument.startswith("--resources=")]
    assert sorted(name for rule in rules for name in rule["resources"]) == told.partition("=")[2].split(",")
    assert all(rule["verbs"] == ["list", "watch"] for rule in rules)


def test_kube_state_metrics_reads_no_secrets_unless_it_is_to(folder: Path) -> None:
    assert "secrets" not in json.dumps(only(folder / "state", "ClusterRole"))
    assert only(folder / "state_of_two", "ClusterRole")["rules"] == [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["list", "watch"]},
        {"apiGroups": ["networking.k8s.io"], "resources": ["ingresses"], "verbs": ["list", "watch"]},
    ]


def test_kube_state_metrics_tells_the_labels_it_is_to_tell(folder: Path) -> None:
    [container] = only(folder / "state_of_two", "Deployment")["spec"]["template"]["spec"]["containers"]
    assert "--metric-labels-allowlist=ingresses=[app,team]" in container["args"]
    assert not [argument for argument in container["args"] if "annotations" in argument]


def test_series_about_objects_keep_their_own_labels(folder: Path) -> None:
    series, own = only(folder / "state", "ServiceMonitor")["spec"]["endpoints"]
    assert (series["port"], series["honorLabels"]) == ("http", True)
    assert (own["port"], "honorLabels" in own) == ("telemetry", False)


def test_every_entry_of_targets_is_a_probe(folder: Path) -> None:
    mail, site = sorted(rendered(folder / "blackbox", "Probe"), key=lambda item: item["metadata"]["name"])
    assert (mail["spec"]["module"], mail["spec"]["jobName"], "interval" in mail["spec"]) == ("tcp", "probe-mail", False)
    assert (site["spec"]["module"], site["spec"]["interval"]) == ("http_2xx", "1m")
    assert site["spec"]["targets"]["staticConfig"] == {"static": ["https://a/"], "labels": {"team": "web"}}
    assert site["spec"]["prober"] == {"url": "blackbox-exporter.metrics.svc:9115"}


def test_blackbox_exporter_pings_by_sysctl_and_only_where_a_module_does(folder: Path) -> None:
    pods = {host: only(folder / host, "Deployment")["spec"]["template"] for host in ("blackbox", "blackbox_of_one")}
    assert [entry["name"] for entry in pods["blackbox"]["spec"]["securityContext"]["sysctls"]] == ["net.ipv4.ping_group_range"]
    assert "sysctls" not in pods["blackbox_of_one"]["spec"]["securityContext"]


def test_blackbox_exporter_restarts_for_new_modules(folder: Path) -> None:
    assert set(config_of(folder / "blackbox")["modules"]) == {"http_2xx", "tcp", "icmp", "grpc"}
    assert set(config_of(folder / "blackbox_of_one")["modules"]) == {"dns"}
    first, second = (only(folder / host, "Deployment") for host in ("blackbox", "blackbox_of_one"))
    assert first["spec"]["template"]["metadata"]["annotations"] != second["spec"]["template"]["metadata"]["annotations"]


def test_prometheus_adapter_serves_an_api_where_it_has_rules_for_it(folder: Path) -> None:
    names = {host: {item["metadata"]["name"] for item in rendered(folder / host, "APIService")} for host in HOSTS}
    assert names["adapter"] == {"v1beta1.custom.metrics.k8s.io"}
    assert names["adapter_of_all"] == {
        "v1beta1.custom.metrics.k8s.io",
        "v1beta1.external.metrics.k8s.io",
        "v1beta1.metrics.k8s.io",
    }


def test_a_rule_names_its_object_by_namespace_and_pod_unless_it_says_otherwise(folder: Path) -> None:
    config = config_of(folder / "adapter_of_all")
    assert config["rules"][0]["resources"] == {"overrides": {"namespace": {"resource": "namespace"}, "pod": {"resource": "pod"}}}
    assert config["externalRules"] == [{"seriesQuery": "queue", "metricsQuery": "q", "resources": {"template": "x"}}]


def test_resource_metrics_are_of_the_cluster_that_the_matchers_name(folder: Path) -> None:
    rules = config_of(folder / "adapter_of_all")["resourceRules"]
    for query in (rules[name][of] for name in ("cpu", "memory") for of in ("containerQuery", "nodeQuery")):
        assert query.count('<<.LabelMatchers>>,cluster="a"}') == query.count("{")
    assert "resourceRules" not in config_of(folder / "adapter")


def test_an_api_is_taken_only_where_nobody_else_serves_it(tmp_path: Path) -> None:
    rules = {"prometheus_adapter_rules": [{}], "prometheus_adapter_external_rules": [{}]}
    hosts = {
        f"case{number}": {"__preflight_cluster": serving(servers), "prometheus_adapter_resource_metrics": asked, **rules}
        for number, (servers, asked, _served) in enumerate(SERVED)
    }
    shared = {"metrics_state": "present", "metrics_namespace": "metrics"}
    cases = {host: {**shared, **variables} for host, variables in hosts.items()}
    found = evaluate("__prometheus_adapter_apis", ["prometheus_adapter"], cases, tmp_path)
    assert {host: set(apis) for host, apis in found.items()} == {
        f"case{number}": served for number, (_servers, _asked, served) in enumerate(SERVED)
    }


def test_a_definition_that_is_newer_in_the_cluster_stays_and_the_others_are_brought(tmp_path: Path) -> None:
    def definition(plural: str) -> dict[str, Any]:
        names = {"kind": plural.title(), "plural": plural}
        spec = {"group": "monitoring.coreos.com", "names": names, "scope": "Namespaced", "versions": []}
        metadata = {"name": f"{plural}.monitoring.coreos.com"}
        return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": metadata, "spec": spec}

    bundle = tmp_path / "bundle.yaml"
    bundle.write_text(yaml.safe_dump_all([definition("probes"), definition("prometheuses")]))
    shared = {"metrics_state": "rendered", "prometheus_operator_crds_file": str(bundle), "prometheus_operator_version": "v0.93.1"}
    there = {
        "none": [],
        "older": [("probes", "0.80.0")],
        "newer": [("probes", "0.95.0"), ("prometheuses", "0.93.1")],
        "all newer": [("probes", "0.95.0"), ("prometheuses", "0.94.0")],
    }
    hosts = {
        f"case-{number}": shared
        | {
            "metrics_rendered_to": f"{tmp_path}/case-{number}",
            "__preflight_cluster": {"crds": [{"name": f"{n}.monitoring.coreos.com", "release": release} for n, release in found]},
        }
        for number, found in enumerate(there.values())
    }
    ran = play([{"hosts": "all", "gather_facts": False, "roles": ["longterm.metrics.prometheus_operator"]}], hosts, tmp_path)
    assert ran.returncode == 0, ran.stdout
    brought = {
        name: [item["spec"]["names"]["plural"] for item in rendered(tmp_path / host, "CustomResourceDefinition")]
        for name, host in zip(there, hosts, strict=True)
    }
    both = ["probes", "prometheuses"]
    assert brought == {"none": both, "older": both, "newer": ["prometheuses"], "all newer": []}


def test_nobody_marks_blocks_through_the_pages_of_thanos(stack: list[dict[str, Any]]) -> None:
    found = {
        container["name"]: "--disable-admin-operations" in container["args"]
        for item in stack
        if item["kind"] in ("Deployment", "StatefulSet")
        for container in item["spec"]["template"]["spec"]["containers"]
        if container["name"] in ("thanos-bucket-web", "thanos-compact", "thanos-store")
    }
    assert found == dict.fromkeys(("thanos-bucket-web", "thanos-compact", "thanos-store"), True)
