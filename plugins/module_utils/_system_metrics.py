# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of the cluster's own components let other pods read their metrics, as their pods' declarations tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Pod = Mapping[str, Any]

NAMESPACE = "kube-system"
LOOPBACK = ("127.", "localhost", "[::1]", "::1")


def system_metrics(pods: Iterable[Pod]) -> list[str]:
    """The components that have pods in kube-system, all of which serve metrics beyond their own loopback.

    Managed control planes, K3s and Talos show no such pods, or pods that keep to the loopback.
    """
    found: dict[str, list[bool]] = {}
    for pod in pods:
        if pod["metadata"].get("namespace") == NAMESPACE:
            labels = pod["metadata"].get("labels") or {}
            for name, ((label, value), serves) in COMPONENTS.items():
                if labels.get(label) == value:
                    found.setdefault(name, []).append(serves(pod))
    return [name for name in COMPONENTS if all(found.get(name, [False]))]


def _flag(pod: Pod, name: str) -> str | None:
    """The value of --name=value in a container's command line; None without it."""
    for container in pod["spec"]["containers"]:
        for word in (*(container.get("command") or ()), *(container.get("args") or ())):
            if word.startswith(f"--{name}="):
                return word.partition("=")[2].strip('"')
    return None


def _listens(flag: str, default: bool) -> Callable[[Pod], bool]:
    """Whether an address of this flag is another than the loopback; `default` where it is not set."""

    def serves(pod: Pod) -> bool:
        value = _flag(pod, flag)
        addresses = [entry.rpartition("//")[2] for entry in (value or "").split(",") if entry]
        return default if value is None else any(not address.startswith(LOOPBACK) for address in addresses)

    return serves


def _has_port(name: str) -> Callable[[Pod], bool]:
    def serves(pod: Pod) -> bool:
        return any(port.get("name") == name for container in pod["spec"]["containers"] for port in container.get("ports") or ())

    return serves


# Component -> the label of its pods, and whether such a pod serves metrics to others.
COMPONENTS: dict[str, tuple[tuple[str, str], Callable[[Pod], bool]]] = {
    "etcd": (("component", "etcd"), _listens("listen-metrics-urls", default=False)),
    "kube-scheduler": (("component", "kube-scheduler"), _listens("bind-address", default=True)),
    "kube-controller-manager": (("component", "kube-controller-manager"), _listens("bind-address", default=True)),
    "kube-proxy": (("k8s-app", "kube-proxy"), _listens("metrics-bind-address", default=False)),
    "coredns": (("k8s-app", "kube-dns"), _has_port("metrics")),
    "cilium-agent": (("k8s-app", "cilium"), _has_port("prometheus")),
    "cilium-operator": (("io.cilium/app", "operator"), _has_port("prometheus")),
    "hubble": (("k8s-app", "cilium"), _has_port("hubble-metrics")),
}
