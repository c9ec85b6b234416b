# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""cluster_info against what another client sees of the same cluster."""

from __future__ import annotations

import json
from typing import Any

from kubernetes.utils.quantity import parse_quantity

from tests.integration import manifests
from tests.integration.api import Api, eventually


def test_versions_and_nodes_are_those_of_the_cluster(api: Api, run_module: Any) -> None:
    found = run_module("cluster_info")
    assert not found["failed"], found
    assert not found["changed"]
    assert found["version"] == json.loads(api.text("/version"))["gitVersion"]
    expected = {node["metadata"]["name"]: node["status"]["nodeInfo"]["kubeletVersion"] for node in api.list("Node")}
    assert {node["name"]: node["kubelet_version"] for node in found["nodes"]} == expected
    assert found["distribution"] in ("talos", "k3s", "kind", "eks", "gke", "aks", "plain")


def test_groups_are_those_the_cluster_serves(api: Api, run_module: Any) -> None:
    def served() -> set[str]:
        return {group["name"] for group in json.loads(api.text("/apis"))["groups"]}

    def found() -> set[str]:
        groups = run_module("cluster_info")["api_groups"]
        assert groups["apps"] == ["v1"]
        return set(groups)

    # Tests beside this one bring groups and take them away.
    eventually(lambda: found() <= served())


def test_storage_classes_are_those_of_the_cluster(api: Api, run_module: Any) -> None:
    found = run_module("cluster_info", check=True)
    assert {entry["name"] for entry in found["storage_classes"]} == api.names("StorageClass", api_version="storage.k8s.io/v1")
    marked = [entry["name"] for entry in found["storage_classes"] if entry["default"]]
    assert found["default_storage_class"] in (marked or [None])


def test_a_crd_is_found_with_its_version_release_and_owner(api: Api, group: str, run_module: Any) -> None:
    item = manifests.crd(group)
    item["metadata"]["annotations"] = {"operator.prometheus.io/version": "0.93.1"}
    item["metadata"]["labels"] = {manifests.PART_OF: "applyset-of-the-test"}
    api.create(item)

    def seen() -> dict[str, Any] | None:
        crds: list[dict[str, Any]] = run_module("cluster_info", crd_groups=[group])["crds"]
        return crds[0] if crds and crds[0]["versions"] else None

    entry = eventually(seen)
    assert entry is not None
    assert (entry["name"], entry["group"], entry["kind"]) == (f"things.{group}", group, "Thing")
    assert (entry["versions"], entry["release"]) == (["v1"], "0.93.1")
    assert entry["owner"]["applyset"] == "applyset-of-the-test"
    assert entry["owner"]["managers"]
    assert "kube-apiserver" not in entry["owner"]["managers"]


def test_a_group_without_crds_has_none(run_module: Any) -> None:
    assert run_module("cluster_info", crd_groups=["absent.example"])["crds"] == []


def test_requests_of_pods_are_counted_as_another_client_counts_them(
    api: Api, namespace: str, image: str, run_module: Any
) -> None:
    pod = manifests.pod_template("asking", image)
    pod["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "17m", "memory": "3Mi"}}
    api.create({"apiVersion": "v1", "kind": "Pod", **pod, "metadata": {"name": "asking"}}, namespace)

    def counted() -> dict[str, float]:
        pods = [pod for pod in api.list("Pod") if pod["spec"].get("nodeName")]
        running = [pod for pod in pods if pod["status"]["phase"] not in ("Succeeded", "Failed")]
        requests = [
            container.get("resources", {}).get("requests", {}) for pod in running for container in pod["spec"]["containers"]
        ]
        total = {name: float(sum(parse_quantity(request.get(name, 0)) for request in requests)) for name in ("cpu", "memory")}
        return {**total, "pods": len(running)}

    def same() -> bool:
        before, found = counted(), run_module("cluster_info")["capacity"]["requests"]
        return before == counted() == found

    eventually(lambda: api.get("Pod", "asking", namespace)["status"]["phase"] == "Running")
    eventually(same)


def test_pods_of_namespaces_that_are_left_out_take_no_room(api: Api, namespace: str, image: str, run_module: Any) -> None:
    pod = manifests.pod_template("asking", image)
    pod["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "19m"}}
    api.create({"apiVersion": "v1", "kind": "Pod", **pod, "metadata": {"name": "asking"}}, namespace)
    eventually(lambda: api.get("Pod", "asking", namespace)["spec"].get("nodeName"))
    # Tests beside this one bring pods and take them away.
    everywhere = sorted(item["metadata"]["name"] for item in api.list("Namespace"))
    others = [name for name in everywhere if name != namespace]
    assert run_module("cluster_info", leave_out_namespaces=everywhere)["capacity"]["requests"]["cpu"] < 0.019
    assert run_module("cluster_info", leave_out_namespaces=others)["capacity"]["requests"]["cpu"] >= 0.019


def test_an_operator_is_found_by_what_it_is_told(api: Api, namespace: str, image: str, run_module: Any) -> None:
    item = manifests.deployment("somebodys-operator", image)
    container = item["spec"]["template"]["spec"]["containers"][0]
    container["args"] = ["--prometheus-config-reloader=reloader", "--namespaces=there,here", "--kubelet-service=there/kubelet"]
    api.create(item, namespace)

    def seen() -> dict[str, Any] | None:
        operators: list[dict[str, Any]] = run_module("cluster_info")["prometheus_operators"]
        return next((operator for operator in operators if operator["namespace"] == namespace), None)

    found = eventually(seen)
    assert found is not None
    assert (found["name"], found["namespaces"], found["kubelet_service"]) == (
        "somebodys-operator",
        ["here", "there"],
        "there/kubelet",
    )


def test_a_node_port_is_found_with_its_service(api: Api, namespace: str, run_module: Any) -> None:
    spec = {"type": "NodePort", "ports": [{"port": 80}]}
    made = api.create({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}, namespace)
    port = made["spec"]["ports"][0]["nodePort"]
    holder = {"port": port, "kind": "Service", "namespace": namespace, "name": "web"}
    assert run_module("cluster_info", node_ports=[port])["taken_ports"] == [holder]
    assert run_module("cluster_info")["taken_ports"] == []


def test_a_cluster_that_is_not_there_is_named(run_module: Any) -> None:
    result = run_module("cluster_info", host="https://127.0.0.1:1", api_key="x")
    assert result["failed"]
    assert "https://127.0.0.1:1" in result["msg"]
