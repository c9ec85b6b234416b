# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operators of Prometheus, told by their pods, and what they run."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus_operators import collections, operators, resource


def pod(image: str = "quay.io/prometheus-operator/prometheus-operator:v0.93.1", *args: str, **metadata: Any) -> dict[str, Any]:
    about = {"namespace": "monitoring", "name": "prometheus-operator-5f7d9c6b54-x2x4z", **metadata}
    return {"metadata": about, "spec": {"containers": [{"image": image, "args": list(args)}]}}


def test_an_operator_is_called_as_its_deployment() -> None:
    labels = {"pod-template-hash": "5f7d9c6b54", "app.kubernetes.io/part-of": "kube-prometheus"}
    owners = [{"kind": "ReplicaSet", "name": "prometheus-operator-5f7d9c6b54"}]
    # Old and new pod of a rollout are one operator.
    pods = [pod(labels=labels, ownerReferences=owners), pod(labels=labels, ownerReferences=owners, name="another")]
    assert operators(pods) == [
        {
            "namespace": "monitoring",
            "name": "prometheus-operator",
            "part_of": "kube-prometheus",
            "version": "v0.93.1",
            "namespaces": [],
            "denied_namespaces": [],
            "kubelet_service": None,
        }
    ]


@pytest.mark.parametrize(
    ("image", "args", "version"),
    [
        ("registry.example.com:5000/mirror/prometheus-operator:0.70.0-debian-12-r1", [], "0.70.0"),
        ("quay.io/prometheus-operator/prometheus-operator@sha256:0123", [], None),
        ("registry.example.com/platform@sha256:0123", ["--prometheus-config-reloader=registry.example.com/reloader:v1"], None),
    ],
)
def test_an_operator_is_known_by_its_image_or_by_the_reloader_it_brings(image: str, args: list[str], version: str | None) -> None:
    [found] = operators([pod(image, *args)])
    assert (found["name"], found["version"]) == ("prometheus-operator-5f7d9c6b54-x2x4z", version)


@pytest.mark.parametrize(
    "image", ["quay.io/prometheus-operator/prometheus-config-reloader:v0.93.1", "quay.io/prometheus/prometheus:v3.15.0", ""]
)
def test_what_is_beside_an_operator_is_none(image: str) -> None:
    assert operators([pod(image, "--web.enable-lifecycle")]) == []


@pytest.mark.parametrize(
    ("args", "namespaces", "denied"),
    [
        (["--namespaces=b,a"], ["a", "b"], []),
        (["-namespaces=a", "--prometheus-instance-namespaces=c"], ["c"], []),
        (["--deny-namespaces=a, b"], [], ["a", "b"]),
        (["--namespaces="], [], []),
        (["--namespaces=$(NAMESPACES)"], [], []),
    ],
)
def test_an_operator_takes_the_namespaces_of_its_arguments(args: list[str], namespaces: list[str], denied: list[str]) -> None:
    [found] = operators([pod("prometheus-operator", *args)])
    assert (found["namespaces"], found["denied_namespaces"]) == (namespaces, denied)


def test_an_operator_that_lists_the_kubelets_says_where() -> None:
    assert (
        operators([pod("prometheus-operator", "--kubelet-service=kube-system/kubelet")])[0]["kubelet_service"]
        == "kube-system/kubelet"
    )


def test_what_operators_run_is_looked_for_in_the_versions_that_are_served() -> None:
    def group(name: str, version: str, **kinds: str) -> dict[str, Any]:
        resources = [
            {"resource": plural, "responseKind": {"kind": kind}, "scope": "Namespaced"} for plural, kind in kinds.items()
        ]
        return {"metadata": {"name": name}, "versions": [{"version": version, "resources": resources}]}

    ours = group("monitoring.coreos.com", "v1", prometheuses="Prometheus", servicemonitors="ServiceMonitor")
    agents = group("monitoring.coreos.com", "v1alpha1", prometheusagents="PrometheusAgent")
    ours["versions"] += agents["versions"]
    assert collections({"items": [ours, group("other.example", "v1", prometheuses="Prometheus")]}) == [
        ("Prometheus", "/apis/monitoring.coreos.com/v1/prometheuses"),
        ("PrometheusAgent", "/apis/monitoring.coreos.com/v1alpha1/prometheusagents"),
    ]
    assert collections({"items": []}) == []


def test_what_an_operator_runs_says_whose_it_is() -> None:
    annotations = {"meta.helm.sh/release-name": "stack", "meta.helm.sh/release-namespace": "monitoring"}
    found = resource("Prometheus", {"namespace": "monitoring", "name": "k8s", "annotations": annotations})
    assert (found["kind"], found["namespace"], found["name"], found["part_of"]) == ("Prometheus", "monitoring", "k8s", None)
    assert found["owner"]["helm_release"] == "monitoring/stack"
