# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of the cluster's own components let other pods read their metrics."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._system_metrics import system_metrics


def pod(label: str, *command: str, ports: tuple[str, ...] = (), namespace: str = "kube-system") -> dict[str, Any]:
    name, _equals, value = label.partition("=")
    container = {"name": "main", "command": list(command), "ports": [{"name": port, "containerPort": 1} for port in ports]}
    return {"metadata": {"namespace": namespace, "labels": {name: value}}, "spec": {"containers": [container]}}


@pytest.mark.parametrize(
    ("found", "seen"),
    [
        (["kube-scheduler"], pod("component=kube-scheduler", "kube-scheduler", "--bind-address=0.0.0.0")),
        (["kube-scheduler"], pod("component=kube-scheduler", "kube-scheduler")),
        ([], pod("component=kube-scheduler", "kube-scheduler", "--bind-address=127.0.0.1")),
        (["kube-controller-manager"], pod("component=kube-controller-manager", "--bind-address=::")),
        ([], pod("component=kube-controller-manager", "--bind-address=::1")),
        (["etcd"], pod("component=etcd", "etcd", "--listen-metrics-urls=http://127.0.0.1:2381,http://10.0.0.1:2381")),
        ([], pod("component=etcd", "etcd", "--listen-metrics-urls=http://127.0.0.1:2381")),
        ([], pod("component=etcd", "etcd")),
        (["kube-proxy"], pod("k8s-app=kube-proxy", "kube-proxy", "--metrics-bind-address=0.0.0.0:10249")),
        ([], pod("k8s-app=kube-proxy", "kube-proxy", "--config=/var/lib/kube-proxy/config.conf")),
        (["coredns"], pod("k8s-app=kube-dns", ports=("dns", "metrics"))),
        ([], pod("k8s-app=kube-dns", ports=("dns",))),
        (["cilium-agent"], pod("k8s-app=cilium", ports=("prometheus",))),
        (["cilium-agent", "hubble"], pod("k8s-app=cilium", ports=("prometheus", "hubble-metrics"))),
        (["cilium-operator"], pod("io.cilium/app=operator", ports=("prometheus",))),
        ([], pod("k8s-app=cilium")),
        ([], pod("component=kube-scheduler", "kube-scheduler", namespace="default")),
    ],
)
def test_a_component_counts_when_its_metrics_are_served_beyond_the_loopback(found: list[str], seen: dict[str, Any]) -> None:
    assert system_metrics([seen]) == found


def test_all_pods_of_a_component_must_serve_metrics() -> None:
    label = "component=kube-scheduler"
    assert system_metrics([pod(label), pod(label, "--bind-address=127.0.0.1")]) == []


def test_a_managed_control_plane_shows_nothing() -> None:
    assert system_metrics([pod("k8s-app=aws-node"), pod("app=web", namespace="web")]) == []
