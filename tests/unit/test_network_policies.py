# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who reaches whom by the rendered NetworkPolicies, evaluated as Kubernetes does (networking.k8s.io/v1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.network_policies import COMPONENTS, ELSEWHERE, TABLES, USERS
from tests.unit.conftest import ENGINES

Labels = dict[str, str]


def matches(selector: dict[str, Any], labels: Labels) -> bool:
    assert set(selector) <= {"matchLabels"}, "the evaluation knows no other selectors"
    return selector.get("matchLabels", {}).items() <= labels.items()


def allows(policy: dict[str, Any], client: Labels, namespace: str, port: int, protocol: str) -> bool:
    home = policy["metadata"]["namespace"]
    for rule in policy["spec"].get("ingress", []):
        if {"port": port, "protocol": protocol} not in rule["ports"]:
            continue
        peers = rule.get("from", [{"namespaceSelector": {}}])
        for peer in peers:
            if "namespaceSelector" in peer:
                assert peer["namespaceSelector"] == {}, "the evaluation knows no namespaces' labels"
            elif namespace != home:
                continue
            if matches(peer.get("podSelector", {}), client):
                return True
    return False


def reaches(policies: list[dict[str, Any]], client: Labels, namespace: str, server: Labels, port: int, protocol: str) -> bool:
    isolating = [policy for policy in policies if matches(policy["spec"]["podSelector"], server)]
    return not isolating or any(allows(policy, client, namespace, port, protocol) for policy in isolating)


def pods(objects: list[dict[str, Any]]) -> Iterator[tuple[str, Labels]]:
    """The labels of each component's pods; those of the operator's resources are what it is known to give them."""
    for item in objects:
        spec = item.get("spec") or {}
        if item["kind"] == "Prometheus":
            name = item["metadata"]["name"]
            labels = {"app.kubernetes.io/name": "prometheus", "operator.prometheus.io/name": name}
            yield "prometheus", labels | spec["podMetadata"]["labels"]
        elif item["kind"] == "Alertmanager":
            yield "alertmanager", {"app.kubernetes.io/name": "alertmanager", "alertmanager": item["metadata"]["name"]}
        elif item["kind"] == "ThanosRuler":
            yield "thanos-ruler", {"app.kubernetes.io/name": "thanos-ruler", "thanos-ruler": item["metadata"]["name"]}
        elif "template" in spec and "spec" in spec["template"]:
            labels = spec["template"]["metadata"]["labels"]
            yield labels["app.kubernetes.io/name"], labels


def policies_of(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for item in objects if item["kind"] == "NetworkPolicy"]


@pytest.mark.parametrize(("engine", "server", "port"), [(engine, *at) for engine in ENGINES for at in TABLES[engine]])
def test_a_component_is_reached_by_those_that_use_it_and_by_nobody_else(
    stacks: dict[str, list[dict[str, Any]]], engine: str, server: str, port: int
) -> None:
    policies, labels = policies_of(stacks[engine]), dict(pods(stacks[engine]))[server]
    clients = {name: {"app.kubernetes.io/name": name} for name in COMPONENTS}
    reaching = {name for name, client in clients.items() if reaches(policies, client, "metrics", labels, port, "TCP")}
    if reaches(policies, clients["prometheus"], "elsewhere", labels, port, "TCP"):
        reaching.add(ELSEWHERE)
    # Whoever is elsewhere is let in only where everybody is.
    assert reaching == (USERS[server, port] if ELSEWHERE not in USERS[server, port] else {*COMPONENTS, ELSEWHERE})


@pytest.mark.parametrize("engine", ENGINES)
def test_every_port_of_every_pod_has_its_line_in_the_table(stacks: dict[str, list[dict[str, Any]]], engine: str) -> None:
    named = {
        (policy["metadata"]["name"], port["port"])
        for policy in policies_of(stacks[engine])
        for rule in policy["spec"].get("ingress", [])
        for port in rule["ports"]
    }
    assert named <= set(TABLES[engine])
    # The pods of node-exporter are in the network of their node, which no policy reaches.
    assert {name for name, _labels in pods(stacks[engine])} - {"node-exporter"} == {name for name, _port in TABLES[engine]}


@pytest.mark.parametrize("engine", ENGINES)
def test_replicas_of_alertmanager_gossip_by_udp_too(stacks: dict[str, list[dict[str, Any]]], engine: str) -> None:
    policies, labels = policies_of(stacks[engine]), dict(pods(stacks[engine]))["alertmanager"]
    assert reaches(policies, labels, "metrics", labels, 9094, "UDP")
    assert not reaches(policies, {"app.kubernetes.io/name": "prometheus"}, "metrics", labels, 9094, "UDP")


def test_a_pod_that_no_policy_names_is_reached_by_nobody(stack: list[dict[str, Any]]) -> None:
    policies, stranger = policies_of(stack), {"app.kubernetes.io/name": "stranger"}
    assert not reaches(policies, {"app.kubernetes.io/name": "prometheus"}, "metrics", stranger, 8080, "TCP")
