# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a cluster is and has, from one LIST per kind and the aggregated discovery document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import (
    _capacity,
    _custom_resources,
    _discovery,
    _helm_releases,
    _prometheus_operators,
    _system_metrics,
    _taken_ports,
)
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster

Object = Mapping[str, Any]

# Requests under way together.
AT_ONCE = 4
DEFAULT_CLASS = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")


def read(
    cluster: Cluster,
    crd_groups: Iterable[str] | None = None,
    node_ports: Sequence[int] = (),
    host_ports: Sequence[int] = (),
    leave_out_namespaces: Iterable[str] = (),
    helm_release: str = "",
) -> dict[str, Any]:
    """The return values of the module cluster_info, by its options."""
    version = cluster.get("/version")["gitVersion"]
    left_out = set(leave_out_namespaces)

    def listed(path: str, metadata_only: bool = False, **parameters: str) -> list[dict[str, Any]]:
        return list(cluster.list(path, metadata_only=metadata_only, **parameters))

    with ThreadPoolExecutor(AT_ONCE) as threads:
        # What others need comes first. The server leaves finished pods out; the rest is all that takes room.
        groups_asked = threads.submit(cluster.request, "GET", "/apis", accept=_discovery.ACCEPT)
        pods_asked = threads.submit(listed, "/api/v1/pods", fieldSelector="status.phase!=Succeeded,status.phase!=Failed")
        nodes_asked = threads.submit(listed, "/api/v1/nodes")
        classes_asked = threads.submit(listed, "/apis/storage.k8s.io/v1/storageclasses")
        crds_asked = threads.submit(listed, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", metadata_only=True)
        served_asked = threads.submit(listed, "/apis/apiregistration.k8s.io/v1/apiservices")
        releases_asked = threads.submit(_helm_releases.read, cluster, helm_release)
        services_asked = threads.submit(listed, "/api/v1/services") if node_ports else None
        groups = groups_asked.result()
        kinds = _prometheus_operators.collections(groups)
        run_by_operators = threads.map(lambda kind: listed(kind[1], metadata_only=True), kinds)
    nodes, pods, classes = nodes_asked.result(), pods_asked.result(), classes_asked.result()
    return {
        "server": cluster.server,
        "distribution": distribution(nodes, version),
        "version": version,
        "nodes": [node_of(node) for node in nodes],
        "storage_classes": [storage_class(item) for item in classes],
        "default_storage_class": default_class(classes),
        "crds": _custom_resources.definitions(crds_asked.result(), groups, crd_groups),
        "api_groups": api_groups(groups),
        "api_services": api_services(served_asked.result()),
        "helm_releases": releases_asked.result(),
        "prometheus_operators": _prometheus_operators.operators(pods),
        "prometheus_resources": [
            _prometheus_operators.resource(kind, item["metadata"])
            for (kind, _path), items in zip(kinds, run_by_operators, strict=True)
            for item in items
        ],
        "system_metrics": _system_metrics.system_metrics(pods),
        "taken_ports": [
            *_taken_ports.of_services(node_ports, services_asked.result() if services_asked else ()),
            *_taken_ports.of_pods(host_ports, pods),
        ],
        "capacity": _capacity.capacity(nodes, [pod for pod in pods if pod["metadata"].get("namespace") not in left_out]),
    }


def distribution(nodes: Iterable[Object], version: str) -> str:
    """talos, k3s, kind, eks, gke or aks by the marks each leaves on its nodes and in its versions; else plain."""
    marks: set[str] = set()
    for node in nodes:
        status, labels = node["status"]["nodeInfo"], node["metadata"].get("labels") or {}
        release, provider = status["kubeletVersion"], (node.get("spec") or {}).get("providerID") or ""
        domains = {name.partition("/")[0] for name in labels}
        if status["osImage"].startswith("Talos"):
            marks.add("talos")
        if "+k3s" in release or provider.startswith("k3s://"):
            marks.add("k3s")
        if provider.startswith("kind://"):
            marks.add("kind")
        if "-eks-" in release or "eks.amazonaws.com" in domains:
            marks.add("eks")
        if "-gke." in release or "cloud.google.com/gke-nodepool" in labels:
            marks.add("gke")
        if "kubernetes.azure.com/cluster" in labels:
            marks.add("aks")
    marks |= {name for sign, name in (("+k3s", "k3s"), ("-eks-", "eks"), ("-gke.", "gke")) if sign in version}
    return next((name for name in ("talos", "k3s", "kind", "eks", "gke", "aks") if name in marks), "plain")


def node_of(node: Object) -> dict[str, Any]:
    conditions = {entry["type"]: entry["status"] for entry in node["status"].get("conditions") or ()}
    information = node["status"]["nodeInfo"]
    return {
        "name": node["metadata"]["name"],
        "ready": conditions.get("Ready") == "True",
        "kubelet_version": information["kubeletVersion"],
        "os_image": information["osImage"],
        "container_runtime": information["containerRuntimeVersion"],
        "architecture": information["architecture"],
        "provider_id": (node.get("spec") or {}).get("providerID") or "",
    }


def storage_class(item: Object) -> dict[str, Any]:
    return {
        "name": item["metadata"]["name"],
        "provisioner": item["provisioner"],
        "default": _is_default(item),
        "allow_volume_expansion": bool(item.get("allowVolumeExpansion")),
        "reclaim_policy": item.get("reclaimPolicy", "Delete"),
        "volume_binding_mode": item.get("volumeBindingMode", "Immediate"),
    }


def default_class(classes: Iterable[Object]) -> str | None:
    """The class a claim without one gets: of several defaults the newest, as the API server has it."""
    defaults = [item["metadata"] for item in classes if _is_default(item)]
    by_name = sorted(defaults, key=lambda metadata: metadata["name"])
    # Of those made in one second max keeps the first, which is the API server's rule too.
    newest = max(by_name, key=lambda metadata: metadata["creationTimestamp"], default=None)
    return newest["name"] if newest else None


def _is_default(item: Object) -> bool:
    annotations = item["metadata"].get("annotations") or {}
    return any(annotations.get(name) == "true" for name in DEFAULT_CLASS)


def api_groups(groups: Object) -> dict[str, list[str]]:
    """Group -> the versions it serves now, in the server's order; `groups` is an APIGroupDiscoveryList.

    Left out are those whose APIService does not answer.
    """
    found: dict[str, list[str]] = {}
    for group in groups.get("items") or ():
        for version in group.get("versions") or ():
            if version.get("freshness") != "Stale" and "resources" in version:
                found.setdefault(group["metadata"]["name"], []).append(version["version"])
    return found


def api_services(items: Iterable[Object]) -> list[dict[str, Any]]:
    """The APIServices that a Service answers, by name; the API server itself answers all others."""
    found = []
    for item in items:
        if service := item["spec"].get("service"):
            conditions = {entry["type"]: entry["status"] for entry in (item.get("status") or {}).get("conditions") or ()}
            found.append(
                {
                    "name": item["metadata"]["name"],
                    "service": f"{service['namespace']}/{service['name']}",
                    "available": conditions.get("Available") == "True",
                }
            )
    return sorted(found, key=lambda entry: entry["name"])
