# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Capacity: what nodes can carry, and what pods have asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._capacity import capacity, pod_requests, shortages

MIB = 1024**2


def node(name: str, ready: str = "True", **spec: Any) -> dict[str, Any]:
    status = {
        "allocatable": {"cpu": "1900m", "memory": "1000Mi", "pods": "110"},
        "conditions": [{"type": "Ready", "status": ready}],
    }
    return {"metadata": {"name": name}, "spec": spec, "status": status}


def container(cpu: str, memory: str = "0", **more: Any) -> dict[str, Any]:
    return {"resources": {"requests": {"cpu": cpu, "memory": memory}}, **more}


def pod(node_name: str | None, *containers: dict[str, Any], phase: str = "Running") -> dict[str, Any]:
    return {"spec": {"containers": list(containers), "nodeName": node_name}, "status": {"phase": phase}}


def test_requests_of_pods_on_a_node_are_taken_from_it() -> None:
    pods = [
        pod("a", container("100m", "64Mi"), container("50m")),
        pod("a", {}),
        pod(None, container("1")),
        pod("b", container("1")),
    ]
    seen = capacity([node("a")], pods)
    assert seen["requests"] == {"cpu": 0.15, "memory": 64 * MIB, "pods": 2}
    assert seen["free"] == {"cpu": 1.75, "memory": 936 * MIB, "pods": 108}
    assert seen["nodes"][0]["free"] == seen["free"]


def test_finished_pods_take_nothing() -> None:
    assert capacity([node("a")], [pod("a", container("1"), phase="Succeeded")])["requests"]["cpu"] == 0


def test_the_sum_is_over_nodes_that_take_any_pod_but_each_node_is_shown() -> None:
    tainted = node("c", taints=[{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}])
    soft = node("d", taints=[{"key": "spot", "effect": "PreferNoSchedule"}])
    seen = capacity([node("a"), node("b", unschedulable=True), tainted, soft, node("e", ready="Unknown")], [])
    assert [entry["name"] for entry in seen["nodes"] if entry["schedulable"]] == ["a", "d"]
    assert len(seen["nodes"]) == 5
    assert seen["allocatable"] == {"cpu": 3.8, "memory": 2000 * MIB, "pods": 220}


def test_no_nodes_have_no_capacity() -> None:
    assert capacity([], [])["allocatable"] == {"cpu": 0.0, "memory": 0, "pods": 0}


def cpu(**spec: Any) -> Decimal:
    return pod_requests({"containers": [container("100m")], **spec})["cpu"]


def test_an_init_container_counts_where_it_needs_more_than_the_pod_does_later() -> None:
    assert cpu(initContainers=[container("300m"), container("200m")]) == Decimal("0.3")
    assert cpu(initContainers=[container("50m")]) == Decimal("0.1")


def test_a_sidecar_counts_beside_the_containers_and_beside_init_containers_after_it() -> None:
    sidecar = container("200m", restartPolicy="Always")
    assert cpu(initContainers=[sidecar]) == Decimal("0.3")
    assert cpu(initContainers=[sidecar, container("300m")]) == Decimal("0.5")
    assert cpu(initContainers=[container("250m"), sidecar]) == Decimal("0.3")


def test_requests_of_the_whole_pod_stand_for_its_containers_and_the_overhead_comes_on_top() -> None:
    assert cpu(resources={"requests": {"cpu": "1"}}, overhead={"cpu": "10m"}) == Decimal("1.01")


def wanted(name: str, replicas: int, *requests: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "replicas": replicas, "requests": list(requests)}


def test_what_fits_exactly_is_no_shortage() -> None:
    given = capacity([node("a")], [pod("a", container("100m"))])
    assert shortages(given, [wanted("a", 2, {"cpu": "300m"}, {"cpu": "600m", "memory": "500Mi"})]) == []


def test_what_is_short_is_told_in_sum() -> None:
    given = capacity([node("a"), node("b", unschedulable=True)], [pod("a", container("100m"))])
    short = ["together they ask for 1.9 cores, and 1.8 cores are free", "together they ask for 1200 MiB, and 1000 MiB are free"]
    assert shortages(given, [wanted("a", 1, {"cpu": "100m"}), wanted("b", 3, {"cpu": "600m", "memory": "400Mi"})]) == short


def test_a_pod_that_fits_on_no_node_is_named_although_the_sum_would_fit() -> None:
    given = capacity([node("a"), node("b")], [])
    [short] = shortages(given, [wanted("large", 1, {"cpu": "1"}, {"cpu": "1", "memory": "64Mi"}), wanted("small", 1, {})])
    assert short == "a pod of large asks for 2 cores and 64 MiB, which no node has free"
    # Of what is not asked for nothing is too large.
    assert shortages(given, [wanted("large", 0, {"cpu": "64"})]) == []


def test_pods_of_every_node_count_for_every_node() -> None:
    given = capacity([node("a"), node("b")], [pod("a", container("1850m")), pod("b", container("1850m"))])
    each = {"name": "exporter", "every_node": True, "requests": [{"cpu": "50m"}]}
    assert shortages(given, [each]) == []
    assert shortages(given, [each, wanted("one", 1, {"cpu": "10m"})]) == [
        "together they ask for 0.11 cores, and 0.1 cores are free"
    ]


def test_a_request_that_is_no_quantity_is_told_of_its_pod() -> None:
    [short] = shortages(capacity([node("a")], []), [wanted("a", 1, {"memory": "plenty"})])
    assert short.startswith("a asks for what is no quantity: 'plenty'")


def test_nodes_have_places_for_so_many_pods() -> None:
    assert shortages(capacity([node("a")], []), [wanted("a", 111, {})]) == [
        "together they ask for 111 pods, and 110 pods are free"
    ]
