# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What preflight refuses before anything is touched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api_server import THEIRS, release, serve
from tests.playbooks import ROOT, evaluate, play
from tests.settings import judged
from tests.unit.conftest import FURTHER

ENDPOINT: dict[str, Any] = {"component": "prometheus", "host": "prometheus.example.com", "parent_refs": [{"name": "edge"}]}

# The roles whose variables preflight looks at.
ROLES = (
    *("preflight", "namespace", "object_store", "prometheus_operator", "prometheus", "thanos", "alertmanager", "node_exporter"),
    *("kube_state_metrics", "blackbox_exporter", "prometheus_adapter", "prometheus_alert", "grafana", "exposure"),
)
GIB = 1024**3


def crd(name: str, release: str = "0.93.1", **owner: Any) -> dict[str, Any]:
    nobody = {"applyset": None, "helm_release": None, "managed_by": None, "managers": ["kubectl"]}
    return {"name": f"{name}.monitoring.coreos.com", "release": release, "owner": {**nobody, **owner}}


def operator(*namespaces: str, name: str = "prometheus-operator", version: str = "v0.93.1", **more: Any) -> dict[str, Any]:
    """One of kube-prometheus, which takes these namespaces, or all."""
    place = {"namespace": "monitoring", "name": name, "part_of": "kube-prometheus", "version": version}
    kubelets = {"denied_namespaces": [], "kubelet_service": "kube-system/kubelet"}
    return {**place, "namespaces": list(namespaces), **kubelets, **more}


def resource(
    kind: str, name: str, namespace: str = "monitoring", part_of: str = "kube-prometheus", **owner: Any
) -> dict[str, Any]:
    return {"kind": kind, "namespace": namespace, "name": name, "part_of": part_of, "owner": crd("", **owner)["owner"]}


def room(cpu: float, memory: float, nodes: int = 1) -> dict[str, Any]:
    free = {"cpu": cpu, "memory": int(memory * GIB), "pods": 100}
    every = {"cpu": cpu * nodes, "memory": int(memory * GIB) * nodes, "pods": 100 * nodes}
    return {"free": every, "nodes": [{"name": f"node-{number}", "schedulable": True, "free": free} for number in range(nodes)]}


def holder(port: int, name: str, kind: str = "Service") -> dict[str, Any]:
    namespace, _slash, short = name.partition("/")
    return {"port": port, "kind": kind, "namespace": namespace, "name": short}


CLUSTER: dict[str, Any] = {
    "version": "v1.36.3",
    "storage_classes": [{"name": "local-path"}],
    "default_storage_class": "local-path",
    "crds": [],
    "api_groups": {},
    "helm_releases": [],
    "prometheus_operators": [],
    "prometheus_resources": [],
    "taken_ports": [],
    "capacity": room(16, 64),
}
NEEDED_CRDS = [crd(name) for name in ("alertmanagers", "probes", "prometheuses", "prometheusrules", "servicemonitors")]
KUBE_PROMETHEUS = {
    "prometheus_operators": [operator()],
    "prometheus_resources": [
        resource("Alertmanager", "main"),
        resource("Prometheus", "k8s", helm_release="monitoring/stack"),
        resource("Prometheus", "main", "metrics", "longterm-metrics"),
    ],
    "crds": NEEDED_CRDS,
}
EXISTING = {"prometheus_operator_existing": True}
GRAFANA = {"grafana_enabled": True, "grafana_expose": "nodeport", "grafana_node_port": 30300}
EXPOSED = {
    "exposure_endpoints": [{"component": "prometheus", "method": "nodeport", "auth": {"type": "basic", "secret": "people"}}]
}
GATEWAY = {"grafana_enabled": True, "grafana_expose": "gateway"}

# Variables, what of the cluster differs, and words of the one finding; without words there is none.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]] = {
    "nothing": ({}, {}, ()),
    "no default class": ({}, {"default_storage_class": None}, ("no default StorageClass", "local-path", "metrics_storage_class")),
    "a class that is not there": ({"metrics_storage_class": "gp3"}, {}, ("no StorageClass gp3", "local-path")),
    "a class of one role that is not there": (
        {"thanos_store_storage_class": "gp3"},
        {},
        ("gp3", "set thanos_store_storage_class to"),
    ),
    "a class of a role that is off": (
        {"grafana_enabled": False, "grafana_storage": "1Gi", "grafana_storage_class": "gp3"},
        {},
        (),
    ),
    "no default class where none is asked for": (
        {
            name: "local-path"
            for name in (
                *("prometheus_storage_class", "alertmanager_storage_class", "object_store_storage_class"),
                *("thanos_store_storage_class", "thanos_compact_storage_class", "thanos_ruler_storage_class"),
            )
        },
        {"default_storage_class": None},
        (),
    ),
    "an old cluster": ({}, {"version": "v1.29.4"}, ("Kubernetes is v1.29.4", "at least 1.30")),
    "definitions of a chart": (
        {},
        {"crds": [crd("prometheuses", helm_release="monitoring/crds")]},
        ("prometheuses.monitoring.coreos.com", "prometheus_operator_crds to false"),
    ),
    "newer definitions": ({}, {"crds": [crd("prometheuses", "0.95.0")]}, ()),
    "definitions that a GitOps controller writes": (
        {},
        {"crds": [crd("probes", managers=["kustomize-controller", "longterm-metrics"]), crd("prometheuses")]},
        (),
    ),
    "a folder of the node": (
        {"prometheus_engine": "standalone", "prometheus_host_path": "/data", "prometheus_replicas": 1},
        {},
        (),
    ),
    "no definitions": (
        {"prometheus_operator_crds": False},
        {"crds": NEEDED_CRDS[1:]},
        ("no custom resource definitions of alertmanagers",),
    ),
    "old definitions": (
        {"prometheus_operator_crds": False},
        {"crds": [*NEEDED_CRDS[1:], crd("alertmanagers", "0.70.0")]},
        ("older than Prometheus Operator 0.81.0", "alertmanagers.monitoring.coreos.com"),
    ),
    "old definitions that we bring": ({}, {"crds": [crd("alertmanagers", "0.70.0")]}, ()),
    # Another operator, and what it runs.
    "a whole kube-prometheus": ({}, KUBE_PROMETHEUS, ("monitoring/prometheus-operator",)),
    "a whole kube-prometheus is left to itself": ({"prometheus_engine": "standalone"}, KUBE_PROMETHEUS, ()),
    "a whole kube-prometheus that runs ours": (EXISTING, KUBE_PROMETHEUS, ()),
    "an operator that takes ours by name": (
        {},
        {"prometheus_operators": [operator("metrics")]},
        ("monitoring/prometheus-operator",),
    ),
    "an operator that keeps to its own": (
        {},
        {"prometheus_operators": [operator("monitoring")], "prometheus_resources": [resource("Prometheus", "k8s")]},
        (),
    ),
    "an operator that leaves ours alone": (
        {},
        {
            "prometheus_operators": [operator(denied_namespaces=["metrics"])],
            "prometheus_resources": [resource("Prometheus", "k8s")],
        },
        (),
    ),
    "an operator that keeps to its own, and a Prometheus elsewhere": (
        {},
        {"prometheus_operators": [operator("other")], "prometheus_resources": [resource("Prometheus", "k8s")]},
        ("what another operator runs: Prometheus monitoring/k8s.", "--deny-namespaces=metrics"),
    ),
    "a Prometheus of others in our namespace": (
        {},
        {"prometheus_operators": [operator("monitoring")], "prometheus_resources": [resource("Prometheus", "k8s", "metrics")]},
        ("Prometheus metrics/k8s",),
    ),
    "ours": (
        {},
        {
            "prometheus_operators": [operator("metrics", part_of="longterm-metrics")],
            "prometheus_resources": [
                resource("Prometheus", "main", "metrics", "longterm-metrics"),
                resource("Alertmanager", "main", "metrics", "", managers=["longterm-metrics"]),
            ],
        },
        (),
    ),
    "no operator to run ours": (
        EXISTING,
        {"crds": NEEDED_CRDS, "prometheus_operators": [operator("monitoring")]},
        ("prometheus_operator_existing is true, but no operator", "namespace metrics"),
    ),
    "two operators to run ours": (
        EXISTING,
        {"crds": NEEDED_CRDS, "prometheus_operators": [operator(), operator(name="second")]},
        ("several operators", "monitoring/second", "--deny-namespaces=metrics"),
    ),
    "an old operator to run ours": (
        EXISTING,
        {"crds": NEEDED_CRDS, "prometheus_operators": [operator(version="v0.70.0")]},
        ("prometheus_operator_existing", "0.70.0", "0.81.0 or later"),
    ),
    "an operator that knows no kubelets": (
        EXISTING,
        {"crds": NEEDED_CRDS, "prometheus_operators": [operator(kubelet_service=None)]},
        ("prometheus_kubelet is true", "--kubelet-service"),
    ),
    "an operator to run ours, without definitions": (
        EXISTING,
        {"prometheus_operators": [operator()]},
        ("prometheus_operator_crds is false", "prometheuses"),
    ),
    # Room on the nodes.
    "too few cores": ({}, {"capacity": room(0.5, 64)}, ("together they ask for", "0.5 cores are free", "preflight_capacity")),
    "nodes on demand": ({"preflight_capacity": False}, {"capacity": room(0, 0)}, ()),
    "no node for the largest pod": (
        {"prometheus_resources": {"requests": {"memory": "12Gi"}}},
        {"capacity": room(4, 8, nodes=8)},
        ("a pod of prometheus asks for", "12384 MiB, which no node has free"),
    ),
    "a request that is none": (
        {"prometheus_resources": {"requests": {"cpu": "lots"}}},
        {},
        ("prometheus", "'lots' is no Kubernetes quantity"),
    ),
    # Ports of the nodes.
    "a node port of others": (
        GRAFANA,
        {"taken_ports": [holder(30300, "monitoring/grafana")]},
        ("grafana_node_port is 30300, which Service monitoring/grafana has", "another port"),
    ),
    "a node port of ours": (GRAFANA, {"taken_ports": [holder(30300, "metrics/grafana")]}, ()),
    "a node port of our namespace": (
        GRAFANA,
        {"taken_ports": [holder(30300, "metrics/grafana-old")]},
        ("metrics/grafana-old has",),
    ),
    "an endpoint of others": (
        EXPOSED,
        {"taken_ports": [holder(30900, "monitoring/prometheus")]},
        ("exposure_endpoints[0].node_port is 30900", "monitoring/prometheus"),
    ),
    "an endpoint of ours": (EXPOSED, {"taken_ports": [holder(30900, "metrics/exposure-prometheus")]}, ()),
    "one port for two": (
        {**GRAFANA, **EXPOSED, "grafana_node_port": "30900"},
        {},
        ("grafana_node_port and exposure_endpoints[0].node_port are both 30900",),
    ),
    "another node_exporter": (
        {},
        {"taken_ports": [holder(9100, f"monitoring/node-exporter-{number}", "Pod") for number in range(5)]},
        ("node_exporter_port is 9100, which Pod monitoring/node-exporter-0", "and others have"),
    ),
    "our own node_exporter": ({}, {"taken_ports": [holder(9100, "metrics-node/node-exporter-x", "Pod")]}, ()),
    # Routes.
    "a route of Grafana": (GATEWAY, {}, ("gateway.networking.k8s.io", "grafana_expose")),
    "a route": ({"exposure_endpoints": [{"component": "prometheus", "method": "gateway"}]}, {}, ("exposure_endpoints[].method",)),
    "a route that is served": (GATEWAY, {"api_groups": {"gateway.networking.k8s.io": ["v1"]}}, ()),
    "a route of nobody": ({**GATEWAY, "grafana_enabled": False}, {}, ()),
    "an Ingress": ({**GATEWAY, "grafana_expose": "ingress"}, {}, ()),
}


# Settings that contradict each other on any cluster: variables, and words of the one finding; without words there is none.
SETTINGS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "an old operator": ({"prometheus_operator_version": "v0.80.0"}, ("prometheus_operator_version is v0.80.0", "v0.89.0")),
    "a sidecar that refuses to start": (
        {"prometheus_thanos_version": "v0.41.0"},
        ("prometheus_thanos_version is v0.41.0", "v0.42.0"),
    ),
    "a sidecar of then": ({"prometheus_thanos_version": "v0.41.0", "prometheus_version": "v3.8.1"}, ()),
    "a sidecar beside blocks of fixed length": (
        {"prometheus_thanos_version": "v0.41.0", "prometheus_block_duration": "1m"},
        (),
    ),
    "a sidecar without labels": (
        {"prometheus_thanos_version": "v0.36.1"},
        ("prometheus_thanos_version is v0.36.1", "v0.37.0"),
    ),
    "an image of another version": (
        {"prometheus_image": "registry.example.com/prometheus:v2.55.1"},
        ("prometheus_image is registry.example.com/prometheus:v2.55.1", "prometheus_version, v3.15.0"),
    ),
    "an image of a variant": ({"prometheus_image": "quay.io/prometheus/prometheus:v3.15.0-distroless"}, ()),
    "an image of no version": ({"alertmanager_image": "registry.example.com/alertmanager:latest"}, ()),
    "an oldest Kubernetes that is too old": (
        {"preflight_kubernetes": "1.24"},
        ("preflight_kubernetes is 1.24", "at least 1.25"),
    ),
    "twin": ({"metrics_cluster": "twins"}, ("metrics_cluster is twins", "another inventory host has it too")),
    "named as another host": ({"metrics_cluster": "taken"}, ("metrics_cluster is taken", "another inventory host has it too")),
    "labels that Query drops": (
        {"prometheus_external_labels": {"receive_replica": "a"}},
        ("prometheus_external_labels has receive_replica", "thanos_query_replica_labels"),
    ),
    "duplicates that Query keeps": (
        {"thanos_query_replica_labels": ["replica", "thanos_ruler_replica"]},
        ("thanos_query_replica_labels must have prometheus_replica",),
    ),
}
OTHERS = [{"metrics_cluster": "twins", "metrics_rendered_to": ""}, {"metrics_cluster": "taken", "metrics_rendered_to": ""}]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    """What preflight would say of each case."""
    folder = tmp_path_factory.mktemp("preflight")
    hosts = {
        f"case-{number}": {**case[0], "__preflight_cluster": {**CLUSTER, **case[1]}} for number, case in enumerate(CASES.values())
    }
    said = "{'findings': __preflight_fit.findings, 'notes': __preflight_notes}"
    said_by = evaluate(said, ROLES, hosts, folder)
    return {name: said_by[host] for name, host in zip(CASES, hosts, strict=True)}


@pytest.fixture(scope="module")
def findings(told: dict[str, dict[str, list[str]]]) -> dict[str, list[str]]:
    return {name: said["findings"] for name, said in told.items()}


@pytest.fixture(scope="module")
def notes(told: dict[str, dict[str, list[str]]]) -> dict[str, list[str]]:
    return {name: said["notes"] for name, said in told.items()}


@pytest.mark.parametrize("method", ["ingress", "gateway", "nodeport"])
def test_nothing_is_exposed_without_authentication(method: str, tmp_path: Path) -> None:
    variables = {"metrics_rendered_to": f"{tmp_path}/rendered", "exposure_endpoints": [{**ENDPOINT, "method": method}]}
    ran = play(ROOT / "playbooks/render.yml", {"site": variables}, tmp_path)
    assert ran.returncode != 0
    assert "exposure_endpoints[0] must have auth" in ran.stdout
    assert not (tmp_path / "rendered").exists()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_contradiction_is_named_before_the_cluster_is_looked_at(name: str) -> None:
    variables, words = SETTINGS[name]
    found = judged(ROLES, {"prometheus_operator_crds_file": __file__, **variables}, others=OTHERS).findings
    assert len(found) == bool(words), found
    assert not [word for word in words if word not in found[0]], found[0]


@pytest.mark.parametrize("name", CASES)
def test_what_is_in_the_way_is_named_with_what_to_do(name: str, findings: dict[str, list[str]]) -> None:
    words = CASES[name][2]
    assert len(findings[name]) == bool(words), findings[name]
    assert not [word for word in words if word not in findings[name][0]], findings[name][0]


@pytest.mark.parametrize(
    ("name", "words"),
    {
        "newer definitions": ("prometheuses", "newer", "stay as they are"),
        "definitions that a GitOps controller writes": ("definitions probes.monitoring", "prometheus_operator_crds to false"),
        "a folder of the node": ("pod security level", "an init container that is root"),
    }.items(),
)
def test_what_is_in_nothings_way_is_told_all_the_same(name: str, words: tuple[str, ...], notes: dict[str, list[str]]) -> None:
    [note] = notes[name]
    assert not [word for word in words if word not in note]
    assert not notes["nothing"]


def test_wrong_types_are_told_before_the_cluster_is_looked_at(tmp_path: Path) -> None:
    variables = {"metrics_kubeconfig": "/nowhere/kubeconfig", "exposure_endpoints": [{"component": "prometheus"}]}
    ran = play(ROOT / "site.yml", {"site": variables}, tmp_path)
    assert "exposure_endpoints[0] has no method; it needs one." in ran.stdout
    assert "/nowhere/kubeconfig" not in ran.stdout


def test_a_release_of_others_by_our_name_is_seen_on_the_cluster(tmp_path: Path) -> None:
    with serve(tmp_path, [release("theirs", THEIRS)]) as kubeconfig:
        variables = {"metrics_kubeconfig": kubeconfig, "prometheus_engine": "helm", "metrics_namespace": "theirs"}
        ran = play(ROOT / "site.yml", {"site": variables}, tmp_path)
    assert ran.returncode != 0
    assert "in the namespace theirs is not ours" in ran.stdout


def test_another_operator_is_named_with_all_that_it_runs_and_every_way_out(findings: dict[str, list[str]]) -> None:
    assert findings["a whole kube-prometheus"] == [
        "The cluster has another Prometheus by an operator: the operator monitoring/prometheus-operator v0.93.1, "
        "Alertmanager monitoring/main, Prometheus monitoring/k8s of the Helm release monitoring/stack. "
        "Two operators undo what the other does. Leave ours to the existing operator (prometheus_operator_existing: true), "
        "keep that one to namespaces of its own (its argument --deny-namespaces=metrics), or remove what is named."
    ]


@pytest.mark.parametrize("engine", ["operator", "standalone"])
def test_pods_ask_for_what_preflight_counts(engine: str, stacks: dict[str, list[dict[str, Any]]], tmp_path: Path) -> None:
    variables = {"prometheus_engine": engine, **FURTHER}
    options = [f"--inventory={ROOT}/inventories/sandbox", f"--extra-vars={json.dumps(variables)}"]
    roles = [folder.name for folder in (ROOT / "roles").iterdir()]
    said = evaluate("__preflight_requests", roles, {"site": {}}, tmp_path, *options, pattern="site")["site"]
    counted = {item["name"]: item for item in said}
    workloads = [item for item in stacks[engine] if item["kind"] in ("Deployment", "StatefulSet", "DaemonSet")]
    rendered = {item["metadata"]["labels"]["app.kubernetes.io/name"]: item for item in workloads}
    of_operator = {"prometheus", "alertmanager", "thanos-ruler"} if engine == "operator" else set()
    assert set(counted) - of_operator == set(rendered)
    for name, item in rendered.items():
        containers = item["spec"]["template"]["spec"]["containers"]
        assert counted[name]["requests"] == [container["resources"]["requests"] for container in containers], name
        assert counted[name].get("replicas") == item["spec"].get("replicas"), name
    for name in of_operator:
        [item] = [item for item in stacks[engine] if item["kind"].lower() == name.replace("-", "")]
        specs = [item["spec"], *filter(None, [item["spec"].get("thanos")])]
        asked = [spec["resources"]["requests"] for spec in specs]
        [flags] = [rendered["prometheus-operator"]["spec"]["template"]["spec"]["containers"][0]["args"]]
        asked.append(
            {kind: flag.partition("=")[2] for kind in ("cpu", "memory") for flag in flags if f"reloader-{kind}-req" in flag}
        )
        assert (counted[name]["requests"], counted[name]["replicas"]) == (asked, item["spec"]["replicas"])
