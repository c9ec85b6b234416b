# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a cluster is and has."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster_info import (
    api_groups,
    api_services,
    default_class,
    distribution,
    node_of,
    storage_class,
)

DEFAULT = "storageclass.kubernetes.io/is-default-class"


def node(version: str = "v1.36.3", image: str = "Ubuntu 24.04.3 LTS", provider: str = "", **labels: str) -> dict[str, Any]:
    information = {
        "kubeletVersion": version,
        "osImage": image,
        "containerRuntimeVersion": "containerd://2.4.2",
        "architecture": "amd64",
    }
    status = {"nodeInfo": information, "conditions": [{"type": "Ready", "status": "True"}]}
    return {"metadata": {"name": "node", "labels": labels}, "spec": {"providerID": provider}, "status": status}


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("talos", node(image="Talos (v1.12.1)")),
        ("talos", node(image="Talos (v1.12.1)", provider="aws:///eu-central-1a/i-0123456789abcdef0")),
        ("k3s", node("v1.36.3+k3s1", provider="k3s://node")),
        ("kind", node(image="Debian GNU/Linux 13 (trixie)", provider="kind://docker/kind/kind-control-plane")),
        ("eks", node("v1.36.3-eks-3a10415", "Amazon Linux 2023.9.20260101", "aws:///eu-central-1a/i-0123456789abcdef0")),
        ("eks", node(provider="aws:///eu-central-1a/i-0123456789abcdef0", **{"eks.amazonaws.com/nodegroup": "default"})),
        ("gke", node("v1.36.3-gke.1234000", "Container-Optimized OS from Google", "gce://project/europe-west1-b/node")),
        (
            "aks",
            node(image="Ubuntu 24.04.3 LTS", provider="azure:///subscriptions/x", **{"kubernetes.azure.com/cluster": "MC_x"}),
        ),
        ("plain", node(image="Debian GNU/Linux 12 (bookworm)")),
        ("plain", node(provider="aws:///eu-central-1a/i-0123456789abcdef0")),
        ("plain", node("v1.36.3+rke2r1")),
    ],
)
def test_a_distribution_is_told_by_its_nodes(name: str, seen: dict[str, Any]) -> None:
    assert distribution([node(), seen], "v1.36.3") == name


@pytest.mark.parametrize(
    ("name", "version"), [("eks", "v1.36.3-eks-3a10415"), ("gke", "v1.36.3-gke.1234000"), ("plain", "v1.36.3")]
)
def test_a_cluster_without_nodes_is_told_by_its_api_server(name: str, version: str) -> None:
    assert distribution([], version) == name


def test_a_node_is_shown_with_its_versions() -> None:
    assert node_of(node("v1.35.1")) == {
        "name": "node",
        "ready": True,
        "kubelet_version": "v1.35.1",
        "os_image": "Ubuntu 24.04.3 LTS",
        "container_runtime": "containerd://2.4.2",
        "architecture": "amd64",
        "provider_id": "",
    }


def class_of(name: str, created: str = "2026-11-20T12:01:04Z", **annotations: str) -> dict[str, Any]:
    metadata = {"name": name, "creationTimestamp": created, "annotations": annotations}
    return {"metadata": metadata, "provisioner": "rancher.io/local-path", "reclaimPolicy": "Delete"}


def test_a_storage_class_is_shown_with_what_the_server_fills_in() -> None:
    assert storage_class(class_of("local-path", **{DEFAULT: "true"})) == {
        "name": "local-path",
        "provisioner": "rancher.io/local-path",
        "default": True,
        "allow_volume_expansion": False,
        "reclaim_policy": "Delete",
        "volume_binding_mode": "Immediate",
    }


def test_of_several_default_classes_the_newest_serves_and_of_equally_old_ones_the_first_by_name() -> None:
    old, new = (
        class_of("a", "2026-11-20T12:00:00Z", **{DEFAULT: "true"}),
        class_of("b", "2026-11-20T13:00:00Z", **{DEFAULT: "true"}),
    )
    twin = class_of("c", "2026-11-20T13:00:00Z", **{DEFAULT: "true"})
    assert default_class([twin, new, old, class_of("d", "2026-11-20T14:00:00Z")]) == "b"


def test_there_may_be_no_default_class() -> None:
    assert default_class([class_of("a"), class_of("b", **{DEFAULT: "false"})]) is None


def group(name: str, *versions: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": name}, "versions": list(versions)}


def version(name: str, plural: str, kind: str) -> dict[str, Any]:
    resource = {"resource": plural, "responseKind": {"group": "", "version": "", "kind": kind}, "scope": "Namespaced"}
    return {"version": name, "resources": [resource], "freshness": "Current"}


GROUPS = {
    "items": [
        group("autoscaling", version("v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler")),
        group(
            "monitoring.coreos.com",
            version("v1", "prometheuses", "Prometheus"),
            version("v1alpha1", "scrapeconfigs", "ScrapeConfig"),
        ),
        group("metrics.k8s.io", {"version": "v1beta1", "freshness": "Stale"}),
    ]
}


def test_groups_whose_apiservice_is_down_are_not_served() -> None:
    assert api_groups(GROUPS) == {"autoscaling": ["v2"], "monitoring.coreos.com": ["v1", "v1alpha1"]}


def test_api_services_are_those_that_a_service_answers() -> None:
    service = {"namespace": "kube-system", "name": "metrics-server", "port": 443}
    answered = {"metadata": {"name": "v1beta1.metrics.k8s.io"}, "spec": {"service": service}}
    available = {"status": {"conditions": [{"type": "Available", "status": "True"}]}}
    local = {"metadata": {"name": "v1.apps"}, "spec": {"group": "apps", "version": "v1"}, **available}
    found = {"name": "v1beta1.metrics.k8s.io", "service": "kube-system/metrics-server", "available": False}
    assert api_services([answered, local]) == [found]
    assert api_services([{**answered, **available}]) == [{**found, "available": True}]
