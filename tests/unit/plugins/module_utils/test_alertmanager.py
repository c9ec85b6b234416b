# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP API of Alertmanager, and when its replicas work as one."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager import Alertmanager, judge_alerts, judge_cluster
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import Answer, FakeServer
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_pods import Answers, FakePods, reached

METRICS = """\
# TYPE alertmanager_notifications_failed_total counter
alertmanager_notifications_failed_total{integration="email",reason="other"} 0
alertmanager_notifications_failed_total{integration="webhook",reason="other"} 3
alertmanager_notifications_total{integration="webhook"} 4
"""


class Server:
    name = "alertmanager-0"

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[Any] = []

    def get(self, path: str, **parameters: Any) -> Any:
        self.asked.append((path, parameters))
        return self.answer


def cluster_of(*names: str, status: str = "ready") -> dict[str, Any]:
    return {"status": status, "peers": [{"name": name, "address": f"{name}:9094"} for name in names]}


def answers(*peers: str) -> Answers:
    return {"/-/ready": "OK", "/api/v2/status": {"cluster": cluster_of(*peers), "config": {"original": "a secret"}}}


def test_alerts_are_asked_for_by_their_labels() -> None:
    server = Server([{"fingerprint": "a"}])
    assert Alertmanager(server).alerts(alertname="A", run="1") == [{"fingerprint": "a"}]
    assert server.asked == [("/api/v2/alerts", {"filter": ['alertname="A"', 'run="1"']})]


def test_receivers_are_told_by_name() -> None:
    assert Alertmanager(Server([{"name": "a"}, {"name": "b"}])).receivers() == ["a", "b"]


def test_only_notifications_that_failed_are_told() -> None:
    failed = 'alertmanager_notifications_failed_total{integration="webhook",reason="other"} 3'
    assert Alertmanager(Server(METRICS)).failed_notifications() == [failed]


def test_what_is_no_alertmanager_is_not_taken_for_one() -> None:
    with pytest.raises(EndpointError, match="something else than the Alertmanager API gives: '<html>'"):
        Alertmanager(Server("<html>")).receivers()


def test_peers_must_be_as_many_as_replicas() -> None:
    assert judge_cluster(cluster_of("a", "b", "c"), 3) == []
    (finding,) = judge_cluster(cluster_of("a"), 3)
    assert finding == "it has 1 peers, itself among them, 3 are wanted: a a:9094"
    assert "4 peers" in judge_cluster(cluster_of("a", "b", "c", "d"), 3)[0]


def test_gossip_must_be_ready() -> None:
    assert judge_cluster(cluster_of("a", "b", status="settling"), 2) == ["its gossip is settling, not ready yet"]


def test_one_replica_needs_no_gossip_and_two_do() -> None:
    assert judge_cluster({"status": "disabled", "peers": []}, 1) == []
    assert "gossip is disabled" in judge_cluster({"status": "disabled", "peers": []}, 2)[0]


def wait(cluster: Cluster, replicas: int) -> dict[str, Any]:
    return _alertmanager.wait_for(cluster, {**reached("alertmanager"), "replicas": replicas, "wait_timeout": 0}, [1])


def test_replicas_that_know_one_another_are_ready(server: FakeServer, cluster: Cluster) -> None:
    FakePods(server, "alertmanager", {"alertmanager-0": answers("a", "b"), "alertmanager-1": answers("a", "b")}, 9093)
    seen = wait(cluster, 2)["alertmanagers"]
    assert seen["alertmanager-1"]["cluster"]["status"] == "ready"


def test_the_configuration_is_not_returned(server: FakeServer, cluster: Cluster) -> None:
    FakePods(server, "alertmanager", {"alertmanager-0": answers("a")}, 9093)
    assert "a secret" not in str(wait(cluster, 1))


def test_one_failure_says_all_that_is_wrong(server: FakeServer, cluster: Cluster) -> None:
    pods = FakePods(server, "alertmanager", {f"alertmanager-{number}": answers("a", "b", "c") for number in range(3)}, 9093)
    pods.pods["alertmanager-0"] = answers("a")
    pods.pods["alertmanager-1"]["/-/ready"] = Answer(503, "not ready")
    pods.ready.remove("alertmanager-2")
    pods.announce()
    with pytest.raises(MetricsError) as caught:
        wait(cluster, 3)
    not_ready, silent, alone = caught.value.details["findings"]
    assert not_ready == "Pod metrics/alertmanager-2 is not ready"
    assert "alertmanager-1:9093 answered /-/ready with 503" in silent
    assert alone.startswith("alertmanager-0: it has 1 peers")
    assert "port 9094" in caught.value.message


def test_a_missing_replica_is_named(server: FakeServer, cluster: Cluster) -> None:
    FakePods(server, "alertmanager", {"alertmanager-0": answers("a", "b")}, 9093)
    with pytest.raises(MetricsError, match=r"there are 1 pods \(alertmanager-0\), 2 are wanted"):
        wait(cluster, 2)


def test_an_alert_that_must_be_there_is_there_once() -> None:
    wanted = {"alertname": "RulerWatchdog", "cluster": "eu-1"}
    first, second = {"labels": {**wanted, "replica": "a"}}, {"labels": {**wanted, "replica": "b"}}
    assert judge_alerts([(wanted, [first])]) == []
    assert judge_alerts([(wanted, [])]) == ['it has no alert {alertname="RulerWatchdog", cluster="eu-1"}']
    (finding,) = judge_alerts([(wanted, [first, second])])
    assert finding.startswith("it has 2 alerts {")
    assert finding.endswith("told apart by replica: replicas must drop that")
