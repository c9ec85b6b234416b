# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which servers a question is put to, and what becomes of those that do not answer."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._servers import ask_each, connections
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import Answer, FakeServer
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_pods import FakePods, reached

OPTIONS = {**reached("web"), "path_prefix": "/p"}


@pytest.fixture
def pods(server: FakeServer) -> FakePods:
    return FakePods(server, "web", {"web-0": {"/p/name": "zero"}, "web-1": {"/p/name": "one"}})


def names(cluster: Cluster | None, **options: Any) -> tuple[dict[str, str], list[str]]:
    """What each server answers at /name, with all that is wrong."""
    servers, findings = connections(cluster, {**OPTIONS, **options})
    answers, silent = ask_each(servers, lambda endpoint: str(endpoint.get("/name")))
    return answers, findings + silent


@pytest.mark.usefixtures("pods")
def test_one_behind_the_service_answers_or_each_pod(cluster: Cluster) -> None:
    assert names(cluster, every_pod=False) == ({"Service metrics/web": "zero"}, [])
    assert names(cluster, every_pod=True) == ({"web-0": "zero", "web-1": "one"}, [])


def test_a_pod_that_is_not_ready_or_does_not_answer_is_a_finding(cluster: Cluster, pods: FakePods) -> None:
    pods.ready.remove("web-1")
    pods.announce()
    pods.pods["web-0"]["/p/name"] = Answer(503, "starting")
    answers, (not_ready, silent) = names(cluster, every_pod=True)
    assert answers == {}
    assert not_ready == "Pod metrics/web-1 is not ready"
    assert "web-0:9090 answered /name with 503: starting" in silent


def test_no_service_and_no_pod_are_findings(cluster: Cluster, pods: FakePods) -> None:
    assert "There is no Service nobody" in names(cluster, every_pod=True, service="nobody")[1][0]
    pods.pods.clear()
    pods.announce()
    assert names(cluster, every_pod=True)[1] == ["Service metrics/web has no pod behind port http"]


def test_a_server_that_refuses_is_an_error(cluster: Cluster, pods: FakePods) -> None:
    pods.pods["web-0"]["/p/name"] = Answer(403, "forbidden")
    with pytest.raises(MetricsError, match="403"):
        names(cluster, every_pod=True)


def test_a_url_has_no_pods(cluster: Cluster) -> None:
    with pytest.raises(MetricsError, match="every_pod asks the pods behind a Service"):
        names(cluster, every_pod=True, via="url", url="http://x")
