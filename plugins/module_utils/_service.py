# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pods behind a Service, from its EndpointSlices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError


@dataclass(frozen=True)
class Pod:
    """A pod and the port it is asked at; `problem` says why it cannot be asked yet. `ip` is empty where it was not looked for."""

    namespace: str
    name: str
    port: int
    problem: str = ""
    ip: str = ""

    def __str__(self) -> str:
        return f"Pod {self.namespace}/{self.name}"


def behind_service(cluster: Cluster, namespace: str, service: str, port: int | str) -> list[Pod]:
    """The pods behind a Service's port (by number or name), those that are going away left out.

    Raises MetricsError when the Service or its port is not there.
    """
    found = cluster.find(f"/api/v1/namespaces/{namespace}/services/{service}")
    if found is None:
        raise MetricsError(f"There is no Service {service} in namespace {namespace} of {cluster.server}.")
    ports = [entry for entry in found["spec"].get("ports") or () if entry.get("protocol", "TCP") == "TCP"]
    names = [entry.get("name", "") for entry in ports if str(port) in (str(entry["port"]), entry.get("name"))]
    if not names:
        known = ", ".join(f"{entry.get('name', '')}:{entry['port']}" for entry in ports) or "none"
        raise MetricsError(f"Service {namespace}/{service} has no port {port}; it has {known}.")
    path = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"
    slices = cluster.list(path, labelSelector=f"kubernetes.io/service-name={service}")
    pods = {pod.name: pod for item in slices for pod in _pods_of_slice(item, namespace, names[0])}
    return [pods[name] for name in sorted(pods)]


def _pods_of_slice(item: Mapping[str, Any], namespace: str, port_name: str) -> Iterator[Pod]:
    numbers = [entry["port"] for entry in item.get("ports") or () if (entry.get("name") or "") == port_name]
    for endpoint in item.get("endpoints") or ():
        target, conditions = endpoint.get("targetRef") or {}, endpoint.get("conditions") or {}
        if numbers and target.get("kind") == "Pod" and not conditions.get("terminating"):
            yield Pod(namespace, target["name"], numbers[0], "is not ready" if conditions.get("ready") is False else "")


def ready_pod(cluster: Cluster, namespace: str, service: str, port: int | str) -> Pod:
    """One pod that answers behind a Service's port; MetricsError when there is none."""
    for pod in behind_service(cluster, namespace, service, port):
        if not pod.problem:
            return pod
    raise MetricsError(f"Service {namespace}/{service} has no ready pod behind port {port}; look at its pods.")
