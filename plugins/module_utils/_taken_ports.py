# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has TCP ports of the nodes: Services by their node ports, pods by those of the host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Object = Mapping[str, Any]


def of_services(ports: Iterable[int], services: Iterable[Object]) -> list[dict[str, Any]]:
    """The Services that have one of `ports` as a node port, by port, namespace and name."""
    return _holders("Service", ports, ((item, _node_ports(item["spec"])) for item in services))


def of_pods(ports: Iterable[int], pods: Iterable[Object]) -> list[dict[str, Any]]:
    """The pods that have one of `ports` of their host, likewise."""
    return _holders("Pod", ports, ((item, _host_ports(item["spec"])) for item in pods))


def _holders(kind: str, ports: Iterable[int], held: Iterable[tuple[Object, Iterable[int]]]) -> list[dict[str, Any]]:
    wanted = set(ports)
    found = {
        (port, item["metadata"]["namespace"], item["metadata"]["name"]) for item, own in held for port in own if port in wanted
    }
    return [{"port": port, "kind": kind, "namespace": namespace, "name": name} for port, namespace, name in sorted(found)]


def _node_ports(spec: Object) -> Iterator[int]:
    yield from (port["nodePort"] for port in spec.get("ports") or () if port.get("nodePort") and _is_tcp(port))
    if spec.get("healthCheckNodePort"):
        yield spec["healthCheckNodePort"]


def _host_ports(spec: Object) -> Iterator[int]:
    # With the node's own network, too: there the API server fills them in.
    for container in (*(spec.get("initContainers") or ()), *spec["containers"]):
        yield from (port["hostPort"] for port in container.get("ports") or () if port.get("hostPort") and _is_tcp(port))


def _is_tcp(port: Object) -> bool:
    return bool(port.get("protocol", "TCP") == "TCP")
