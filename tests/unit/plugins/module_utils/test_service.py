# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pods behind a Service."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._service import behind_service, ready_pod
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer, recorded


@pytest.fixture
def slices(server: FakeServer) -> dict[str, Any]:
    """The Service kube-dns as recorded, moved to `metrics`, and its one EndpointSlice."""
    service, found = recorded("service_kube_dns.json"), recorded("endpointslices_kube_dns.json")["items"][0]
    for item in (service, found):
        item["metadata"]["namespace"] = "metrics"
    server.put(service)
    return server.put({"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", **found})


@pytest.mark.usefixtures("slices")
@pytest.mark.parametrize(("port", "number"), [("metrics", 9153), (9153, 9153), ("9153", 9153), ("dns-tcp", 53), (53, 53)])
def test_a_services_port_by_name_or_number_leads_to_its_pods_port(cluster: Cluster, port: str | int, number: int) -> None:
    pod = ready_pod(cluster, "metrics", "kube-dns", port)
    assert (pod.name, pod.port) == ("coredns-78d848cb4f-9vrn8", number)


@pytest.mark.parametrize(("ready", "name"), [(True, "first"), (None, "first"), (False, "second")])
def test_a_pod_that_is_not_ready_is_passed_over(cluster: Cluster, slices: dict[str, Any], ready: bool | None, name: str) -> None:
    (endpoint,) = slices["endpoints"]
    slices["endpoints"] = [
        {**endpoint, "conditions": {"ready": state}, "targetRef": {"kind": "Pod", "name": pod}}
        for pod, state in (("first", ready), ("second", True))
    ]
    assert ready_pod(cluster, "metrics", "kube-dns", "metrics").name == name


@pytest.mark.parametrize(
    ("service", "port", "words"),
    [
        ("none", 1, "There is no Service none in namespace metrics of https://fake:6443"),
        ("kube-dns", "http", "Service metrics/kube-dns has no port http; it has dns-tcp:53, metrics:9153"),
        ("kube-dns", "metrics", "Service metrics/kube-dns has no ready pod behind port metrics; look at its pods"),
    ],
)
def test_an_error_says_what_there_is(cluster: Cluster, slices: dict[str, Any], service: str, port: str | int, words: str) -> None:
    slices["endpoints"] = []
    with pytest.raises(MetricsError, match=words):
        ready_pod(cluster, "metrics", service, port)


def test_every_pod_is_found_and_those_that_go_away_are_not(cluster: Cluster, slices: dict[str, Any]) -> None:
    (endpoint,) = slices["endpoints"]
    states = {"b": {"ready": False}, "a": {"ready": True}, "gone": {"ready": True, "terminating": True}}
    slices["endpoints"] = [
        {**endpoint, "conditions": state, "targetRef": {"kind": "Pod", "name": name}} for name, state in states.items()
    ]
    found = [(pod.name, pod.problem) for pod in behind_service(cluster, "metrics", "kube-dns", "metrics")]
    assert found == [("a", ""), ("b", "is not ready")]
