# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a cluster is and has, from one LIST per kind and the aggregated discovery document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _capacity, _discovery, _helm_releases, _system_metrics
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster

Object = Mapping[str, Any]

PART_OF = "applyset.kubernetes.io/part-of"
MANAGED_BY = "app.kubernetes.io/managed-by"
HELM_NAME, HELM_NAMESPACE = "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"
OPERATOR_VERSION = "operator.prometheus.io/version"
DEFAULT_CLASS = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")


def read(cluster: Cluster, crd_groups: Iterable[str] | None = None) -> dict[str, Any]:
    """The return values of the module cluster_info; `crd_groups` limits the CRDs to those API groups."""
    version = cluster.get("/version")["gitVersion"]
    nodes = list(cluster.list("/api/v1/nodes"))
    # The server leaves finished pods out; the rest is all that takes room.
    pods = list(cluster.list("/api/v1/pods", fieldSelector="status.phase!=Succeeded,status.phase!=Failed"))
    classes = list(cluster.list("/apis/storage.k8s.io/v1/storageclasses"))
    crds = cluster.list("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", metadata_only=True)
    groups = cluster.request("GET", "/apis", accept=_discovery.ACCEPT)
    return {
        "server": cluster.server,
        "distribution": distribution(nodes, version),
        "version": version,
        "nodes": [node_of(node) for node in nodes],
        "storage_classes": [storage_class(item) for item in classes],
        "default_storage_class": default_class(classes),
        "crds": custom_resources(crds, groups, crd_groups),
        "api_groups": api_groups(groups),
        "api_services": api_services(cluster.list("/apis/apiregistration.k8s.io/v1/apiservices")),
        "helm_releases": _helm_releases.read(cluster),
        "system_metrics": _system_metrics.system_metrics(pods),
        "capacity": _capacity.capacity(nodes, pods),
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


def custom_resources(crds: Iterable[Object], groups: Object, wanted: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """The CRDs (PartialObjectMetadata), by name; their versions are those served by the APIGroupDiscoveryList `groups`."""
    served: dict[str, list[tuple[str, str]]] = {}
    for group in groups.get("items") or ():
        for version in group.get("versions") or ():
            for resource in version.get("resources") or ():
                name = f"{resource['resource']}.{group['metadata']['name']}"
                served.setdefault(name, []).append((version["version"], (resource.get("responseKind") or {}).get("kind", "")))
    limit, found = set(wanted or ()), []
    for item in crds:
        metadata = item["metadata"]
        versions, group = served.get(metadata["name"], []), metadata["name"].partition(".")[2]
        if not limit or group in limit:
            found.append(
                {
                    "name": metadata["name"],
                    "group": group,
                    "kind": versions[0][1] if versions else "",
                    "versions": [version for version, _kind in versions],
                    "release": (metadata.get("annotations") or {}).get(OPERATOR_VERSION),
                    "owner": owner_of(metadata),
                }
            )
    return sorted(found, key=lambda entry: entry["name"])


def owner_of(metadata: Object) -> dict[str, Any]:
    """By what an object says it is managed; `managers` are the field managers, without those of its status."""
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    release = [annotations[name] for name in (HELM_NAMESPACE, HELM_NAME) if annotations.get(name)]
    managers = {entry["manager"] for entry in metadata.get("managedFields") or () if not entry.get("subresource")}
    return {
        "applyset": labels.get(PART_OF),
        "helm_release": "/".join(release) or None,
        "managed_by": labels.get(MANAGED_BY),
        "managers": sorted(managers),
    }
