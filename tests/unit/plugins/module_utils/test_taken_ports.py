# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has ports of the nodes."""

from __future__ import annotations

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._taken_ports import of_pods, of_services


def service(name: str, *ports: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return {"metadata": {"namespace": "apps", "name": name}, "spec": {"ports": list(ports), **spec}}


def pod(name: str, *ports: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"namespace": "apps", "name": name}, "spec": {"containers": [{}, {"ports": list(ports)}]}}


def test_services_have_node_ports_of_tcp_also_for_their_health() -> None:
    services = [
        service("web", {"port": 80, "nodePort": 30080}, {"port": 443, "nodePort": 30443}),
        service("dns", {"port": 53, "nodePort": 30300, "protocol": "UDP"}),
        service("edge", {"port": 443}, healthCheckNodePort=30900),
        service("inside", {"port": 30300}),
        {"metadata": {"namespace": "apps", "name": "elsewhere"}, "spec": {"externalName": "example.com"}},
    ]
    assert of_services([30300, 30900, 30443], services) == [
        {"port": 30443, "kind": "Service", "namespace": "apps", "name": "web"},
        {"port": 30900, "kind": "Service", "namespace": "apps", "name": "edge"},
    ]


def test_pods_have_ports_of_their_host() -> None:
    pods = [
        pod("node", {"containerPort": 9100, "hostPort": 9100}),
        pod("other", {"containerPort": 9100}),
        pod("udp", {"containerPort": 9100, "hostPort": 9100, "protocol": "UDP"}),
    ]
    assert of_pods([9100], pods) == [{"port": 9100, "kind": "Pod", "namespace": "apps", "name": "node"}]


def test_nobody_has_what_is_not_asked_for() -> None:
    assert of_services([], [service("web", {"nodePort": 30080})]) == of_pods([], [pod("node", {"hostPort": 9100})]) == []
