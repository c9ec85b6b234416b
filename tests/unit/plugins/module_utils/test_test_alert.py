# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of the test alert, through a pair of Prometheus, a pair of Alertmanager and a webhook that take their time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._test_alert import Trial, plan
from ansible_collections.longterm.metrics.plugins.module_utils._test_rule import MARK, RUN, TRUE
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import crd
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_pods import FakePods

NAME = "longterm-metrics-test-alert"
RECEIVER = "longterm-metrics-test"
TIMEOUT = 60
OPTIONS: dict[str, Any] = {
    "namespace": "metrics",
    "name": NAME,
    "labels": {"severity": "none", "longterm_metrics_test": True},
    "rule_labels": {},
    "config_map": "",
    "receiver": RECEIVER,
    "prometheus": {"service": "prometheus", "namespace": None, "port": "http", "path_prefix": ""},
    "alertmanager": {"service": "alertmanager", "namespace": None, "port": "http", "path_prefix": ""},
    "webhook": {"service": "webhook", "namespace": "metrics", "port": "http", "path": "/"},
    "via": "proxy",
    "timeout": 1,
    "wait_timeout": TIMEOUT,
    "wait_sleep": 1,
}
WAY = [
    "prepared",
    "loaded",
    "firing",
    "received",
    "delivered",
    "inactive",
    "resolved",
    "resolved_delivered",
    "removed",
]


class World:
    """Each look at the clock takes an alert one stage further. A stage named in `broken` does not take place."""

    def __init__(self, server: FakeServer) -> None:
        self.server = server
        self.broken: set[str] = set()
        self.loaded: dict[str, Any] = {}
        self.alerts: dict[str, dict[str, Any]] = {}
        self.messages: list[dict[str, Any]] = []
        self.receivers = [RECEIVER]
        server.put(crd("PrometheusRule", "monitoring.coreos.com"))
        rules = {"/api/v1/rules": self._rules, "/api/v1/alertmanagers": success({"activeAlertmanagers": [{"url": "http://am"}]})}
        self.prometheus = FakePods(server, "prometheus", {"prometheus-0": rules, "prometheus-1": rules})
        alerts = {
            "/api/v2/alerts": self._alerts,
            "/api/v2/receivers": lambda _params: [{"name": name} for name in self.receivers],
            "/metrics": 'alertmanager_notifications_failed_total{integration="webhook"} 2\n',
        }
        self.alertmanager = FakePods(server, "alertmanager", {"alertmanager-0": alerts, "alertmanager-1": alerts})
        FakePods(server, "webhook", {"webhook-0": {"/": lambda _params: self.messages}})
        server.tasks.append(self.go_on)

    @property
    def rule(self) -> dict[str, Any]:
        """The rule that stands there, empty when none does."""
        found = [item["spec"] for item in self.server.objects.values() if item["kind"] == "PrometheusRule"]
        files = [item["data"] for item in self.server.objects.values() if item["kind"] == "ConfigMap"]
        found += [json.loads(text) for data in files for text in data.values()]
        return found[0]["groups"][0]["rules"][0] if found else {}

    def go_on(self) -> None:
        for run, alert in list(self.alerts.items()):
            if "deliver" not in self.broken and alert["status"] != alert["sent"]:
                self.messages += [message(run, alert["status"])]
                alert["sent"] = alert["status"]
        rule, run = self.loaded, self.loaded.get("labels", {}).get(RUN)
        if rule and "fire" not in self.broken and "send" not in self.broken:
            if rule["expr"] == TRUE:
                self.alerts.setdefault(run, {"labels": rule["labels"], "status": "firing", "sent": ""})
            # As in truth, an alert whose rule is gone stays until it expires.
            elif run in self.alerts and "resolve" not in self.broken:
                self.alerts[run]["status"] = "resolved"
        if "load" not in self.broken:
            self.loaded = self.rule

    def _rules(self, _params: Any) -> Any:
        rule = self.loaded
        firing = rule and rule["expr"] == TRUE and "fire" not in self.broken
        state = {"state": "firing" if firing else "inactive", "health": "err" if "fire" in self.broken else "ok", "lastError": ""}
        return success({"groups": [{"name": "x", "rules": [{**rule, **state, "name": rule["alert"]}] if rule else []}]})

    def _alerts(self, params: Mapping[str, Any]) -> Any:
        held = [alert for run, alert in self.alerts.items() if params["filter"] == [f'{RUN}="{run}"']]
        return [
            {
                "labels": alert["labels"],
                "receivers": [{"name": name} for name in self.receivers],
                "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
            }
            for alert in held
            if alert["status"] == "firing"
        ]


def success(data: Any) -> dict[str, Any]:
    return {"status": "success", "data": data}


def message(run: str, status: str) -> dict[str, Any]:
    return {"time": "2026-11-20T12:00:00Z", "body": {"status": status, "alerts": [{"status": status, "labels": {RUN: run}}]}}


@pytest.fixture
def world(server: FakeServer) -> World:
    return World(server)


def prove(cluster: Cluster, run: str = "one", **options: Any) -> dict[str, Any]:
    return Trial(cluster, {**OPTIONS, **options}, run).prove()


def fails(cluster: Cluster, run: str = "one", **options: Any) -> MetricsError:
    with pytest.raises(MetricsError) as caught:
        prove(cluster, run, **options)
    return caught.value


def steps(result: Mapping[str, Any]) -> list[str]:
    return [entry["step"] for entry in result["steps"]]


def test_an_alert_is_seen_at_every_place_and_nothing_is_left(cluster: Cluster, world: World) -> None:
    result = prove(cluster)
    assert steps(result) == WAY
    seconds = [entry["seconds"] for entry in result["steps"]]
    assert seconds == sorted(seconds)
    assert seconds[-1] == world.server.now - 1000
    assert result["receivers"] == {"alertmanager-0": [RECEIVER], "alertmanager-1": [RECEIVER]}
    assert (result["deliveries"], result["duplicates"]) == ({"firing": 1, "resolved": 1}, 0)
    assert world.rule == {}
    assert world.alerts["one"]["status"] == "resolved"


def test_without_an_operator_the_rule_is_a_file_that_the_pods_are_brought_at_each_change(cluster: Cluster, world: World) -> None:
    for name in ("prometheus-0", "prometheus-1"):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "metrics"}}
        world.server.put({**pod, "spec": {}})
    assert steps(prove(cluster, config_map="test-rule")) == WAY
    assert world.rule == {}
    touched = [
        (request.path.rpartition("/")[2], request.body["metadata"]["annotations"][MARK])
        for request in world.server.writes()
        if "/pods/" in request.path
    ]
    assert touched == [(pod, state) for state in ("one-true", "one-false", None) for pod in ("prometheus-0", "prometheus-1")]
    assert [request.path for request in world.server.writes() if request.method == "DELETE"] == [
        "/api/v1/namespaces/metrics/configmaps/test-rule"
    ]


def test_pods_that_may_not_be_changed_take_their_time(cluster: Cluster, world: World) -> None:
    world.server.fail("PATCH", "/api/v1/namespaces/metrics/pods/.*", 403, "Forbidden", "no")
    assert steps(prove(cluster, config_map="test-rule")) == WAY


def test_a_rule_file_that_is_not_loaded_is_named_with_where_to_look(cluster: Cluster, world: World) -> None:
    world.broken.add("load")
    message = fails(cluster, config_map="test-rule").message
    assert "ConfigMap metrics/test-rule stands there. Do the pods mount it where rule_files looks" in message
    assert "operator" not in message


def test_without_a_webhook_alertmanager_is_the_end_of_the_way(cluster: Cluster, world: World) -> None:
    world.broken.add("deliver")
    result = prove(cluster, webhook=None)
    assert steps(result) == [step for step in WAY if "delivered" not in step]
    assert "deliveries" not in result


def test_messages_that_arrive_twice_are_counted_and_those_of_other_runs_are_not(cluster: Cluster, world: World) -> None:
    world.messages += [message("one", "firing"), message("other", "firing"), {"time": "", "body": "no JSON"}]
    result = prove(cluster)
    assert (result["deliveries"], result["duplicates"]) == ({"firing": 2, "resolved": 1}, 1)


@pytest.mark.parametrize(
    ("broken", "step", "words"),
    [
        ("load", "loaded", ["prometheus-1 has not loaded the rule", "ruleSelector", "operator"]),
        ("fire", "firing", ["prometheus-0: the rule is inactive, its health err", "/rules"]),
        ("send", "received", ["alertmanager-0 has no such alert", "prometheus-0 sends alerts to http://am"]),
        ("deliver", "delivered", ["no message that it is firing", '{integration="webhook"} 2', "group_wait"]),
        ("resolve", "resolved", ["alertmanager-1 still holds the alert", "http://am"]),
    ],
)
def test_a_step_that_does_not_come_to_pass_is_named_with_where_to_look(
    cluster: Cluster, world: World, broken: str, step: str, words: list[str]
) -> None:
    world.broken.add(broken)
    error = fails(cluster)
    assert error.details["failed_step"] == step
    assert steps(error.details) == WAY[: WAY.index(step)]
    assert f"did not come to step {step} within {TIMEOUT} s" in error.message
    assert [word for word in words if word not in error.message] == []
    assert world.rule == {}


def test_each_step_has_a_deadline_of_its_own(cluster: Cluster, world: World) -> None:
    def mend() -> None:
        if world.server.now - 1000 > 0.6 * TIMEOUT:
            world.broken.discard("load")
        if world.server.now - 1000 > 1.2 * TIMEOUT:
            world.broken.discard("deliver")

    world.broken |= {"load", "deliver"}
    world.server.tasks.append(mend)
    assert prove(cluster)["steps"][-1]["seconds"] > 1.2 * TIMEOUT


def test_one_replica_that_has_not_loaded_the_rule_is_enough_to_fail(cluster: Cluster, world: World) -> None:
    world.prometheus.pods["prometheus-1"]["/api/v1/rules"] = success({"groups": []})
    error = fails(cluster)
    assert "prometheus-1 has not loaded the rule" in error.message
    assert "prometheus-0 has" not in error.message


def test_after_a_failure_an_alert_that_was_sent_resolves_before_its_rule_goes(cluster: Cluster, world: World) -> None:
    world.broken.add("deliver")
    assert fails(cluster).details["failed_step"] == "delivered"
    assert world.alerts["one"]["status"] == "resolved"
    assert world.rule == {}


def test_nothing_is_fired_while_an_alertmanager_does_not_know_the_receiver(cluster: Cluster, world: World) -> None:
    world.receivers = ["pager"]
    error = fails(cluster)
    assert "alertmanager-0 knows no receiver longterm-metrics-test; it knows pager" in error.message
    assert 'before all other routes one to it for {severity="none", longterm_metrics_test="true"}' in error.message
    assert [request.method for request in world.server.requests if "prometheusrules" in request.path] == ["GET"]


def test_nothing_is_fired_while_the_webhook_does_not_answer(cluster: Cluster, world: World) -> None:
    error = fails(cluster, webhook={**OPTIONS["webhook"], "service": "nobody"})
    assert "/nobody:http answered / with 404" in error.message
    assert error.details["failed_step"] == "prepared"


def test_an_alert_that_goes_elsewhere_is_ended_at_once(cluster: Cluster, world: World) -> None:
    world.receivers = [RECEIVER, "pager"]
    error = fails(cluster)
    assert f"alertmanager-0 sends the test alert to {RECEIVER}, pager, and it must go to {RECEIVER} alone" in error.message
    assert error.details["failed_step"] == "received"
    assert world.server.now - 1000 < TIMEOUT
    assert world.alerts["one"]["status"] == "resolved"
    assert world.rule == {}


def killed(cluster: Cluster, world: World, at: str) -> None:
    """A run that ends while it waits for a step, without a chance to clean up."""
    trial, put_back = Trial(cluster, OPTIONS, "dead"), {}
    world.broken.add({"loaded": "load", "delivered": "deliver", "resolved": "resolve"}[at])

    def die() -> None:
        if [entry["step"] for entry in trial.steps][-1:] == [WAY[WAY.index(at) - 1]]:
            put_back.update({place: dict(item) for place, item in world.server.objects.items()})
            raise KeyboardInterrupt

    world.server.tasks.append(die)
    with pytest.raises(KeyboardInterrupt):
        trial.prove()
    world.server.tasks.remove(die)
    world.broken.clear()
    world.server.objects.update(put_back)
    assert world.rule["labels"][RUN] == "dead"


@pytest.mark.parametrize("at", ["loaded", "delivered", "resolved"])
def test_what_a_killed_run_left_is_resolved_and_removed_by_the_next(cluster: Cluster, world: World, at: str) -> None:
    killed(cluster, world, at)
    result = prove(cluster, "two")
    assert steps(result) == ["leftover_resolved", *WAY]
    assert {alert["status"] for alert in world.alerts.values()} == {"resolved"}
    assert result["deliveries"] == {"firing": 1, "resolved": 1}
    assert world.rule == {}


def test_a_leftover_that_does_not_resolve_is_named(cluster: Cluster, world: World) -> None:
    killed(cluster, world, "delivered")
    world.broken.add("resolve")
    error = fails(cluster, "two")
    assert "The alert of an earlier run, dead, was made false" in error.message
    assert "two" not in world.alerts


def test_an_interrupted_run_removes_its_rule(cluster: Cluster, world: World) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    world.broken.add("load")
    world.server.tasks.append(interrupt)
    with pytest.raises(KeyboardInterrupt):
        prove(cluster)
    assert world.rule == {}


def test_a_rule_of_somebody_else_is_left_alone(cluster: Cluster, world: World) -> None:
    spec = {"groups": [{"name": "x", "rules": [{"alert": "A", "expr": "up == 0"}]}]}
    metadata = {"name": NAME, "namespace": "metrics"}
    world.server.put({"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "metadata": metadata, "spec": spec})
    assert f"lacks the label {MARK}, so it is left alone" in fails(cluster).message
    assert world.rule["expr"] == "up == 0"


def test_the_label_of_the_run_is_not_the_callers(cluster: Cluster, world: World) -> None:
    assert f"labels must not name {RUN}" in fails(cluster, labels={RUN: "x"}).message
    assert world.server.requests == []


def test_a_plan_says_what_would_be_done() -> None:
    assert plan(OPTIONS).startswith(f"Would put PrometheusRule metrics/{NAME} there, see its alert in Prometheus")
    assert "webhook" not in plan({**OPTIONS, "webhook": None})
