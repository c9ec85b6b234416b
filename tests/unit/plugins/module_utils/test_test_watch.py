# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the alert of one run is seen: each look, by servers that stand still."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._test_rule import MARK, RUN
from ansible_collections.longterm.metrics.plugins.module_utils._test_watch import Watch, messages
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import Answer, FakeServer
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_pods import FakePods, prometheus

ACTIVE = {"state": "active", "silencedBy": [], "inhibitedBy": []}


def at(service: str, **more: Any) -> dict[str, Any]:
    return {"service": service, "namespace": None, "port": "http", **more}


OPTIONS: dict[str, Any] = {
    "namespace": "metrics",
    "receiver": "test",
    "prometheus": at("prometheus"),
    "alertmanager": at("alertmanager"),
    "webhook": at("webhook", path="/messages"),
    "via": "proxy",
    "timeout": 1,
}


def rules(*states: str, run: str = "one", **more: Any) -> Any:
    """What Prometheus answers: a rule of `run` for each state, and one that has no labels."""
    own = [{"state": state, "health": "ok", "labels": {RUN: run}, **more} for state in states]
    return prometheus(rules={"groups": [{"rules": [{"state": "firing", "health": "ok"}]}, {"rules": own}]})


def alert(status: dict[str, Any] = ACTIVE, receivers: tuple[str, ...] = ("test",), **labels: str) -> dict[str, Any]:
    return {"labels": {RUN: "one", **labels}, "receivers": [{"name": name} for name in receivers], "status": status}


def message(*alerts: tuple[str, str]) -> dict[str, Any]:
    """A recorded message of (run, status)."""
    return {"time": "", "body": {"alerts": [{"status": status, "labels": {RUN: run}} for run, status in alerts]}}


@pytest.fixture
def watch(cluster: Cluster) -> Watch:
    return Watch(cluster, OPTIONS, "one")


def prometheus_pods(server: FakeServer, *answers: Any) -> FakePods:
    return FakePods(server, "prometheus", {f"p-{number}": answer for number, answer in enumerate(answers)})


def alertmanagers(server: FakeServer, *alerts: list[dict[str, Any]]) -> FakePods:
    return FakePods(server, "alertmanager", {f"a-{number}": {"/api/v2/alerts": held} for number, held in enumerate(alerts)})


def webhook(server: FakeServer, recorded: Any) -> FakePods:
    return FakePods(server, "webhook", {"w-0": {"/messages": recorded}})


def test_every_prometheus_must_have_loaded_the_rule_of_this_run(server: FakeServer, watch: Watch) -> None:
    prometheus_pods(server, rules("inactive"), rules(), rules("firing", run="another"))
    assert watch.loaded() == ["p-1 has not loaded the rule", "p-2 has not loaded the rule"]


def test_a_rule_that_does_not_fire_is_told_with_its_state_and_error(server: FakeServer, watch: Watch) -> None:
    broken = rules("unknown", health="err", lastError="many-to-many")
    prometheus_pods(server, rules("firing"), rules("pending"), broken, rules())
    assert watch.firing() == [
        "p-1: the rule is pending, its health ok",
        "p-2: the rule is unknown, its health err many-to-many",
        "p-3: the rule is gone",
    ]


def test_a_rule_that_is_not_loaded_fires_nowhere(server: FakeServer, watch: Watch) -> None:
    prometheus_pods(server, rules(), rules("inactive"), rules("firing"))
    assert watch.inactive() == ["p-2: the rule is firing, not inactive"]


@pytest.mark.parametrize("look", ["loaded", "firing", "inactive"])
def test_a_prometheus_that_is_not_ready_has_not_been_seen(server: FakeServer, watch: Watch, look: str) -> None:
    pods = prometheus_pods(server, rules("inactive" if look == "inactive" else "firing"), rules())
    pods.ready.discard("p-1")
    pods.announce()
    assert getattr(watch, look)() == ["Pod metrics/p-1 is not ready"]


def test_every_alertmanager_has_the_alert_once_and_sends_it_to_the_receiver(server: FakeServer, watch: Watch) -> None:
    alertmanagers(server, [alert()], [])
    assert watch.received() == ["a-1 has no such alert"]
    assert watch.receivers == {"a-0": ["test"], "a-1": []}


def test_an_alertmanager_is_asked_for_the_alert_of_this_run_alone(server: FakeServer, watch: Watch) -> None:
    asked = []
    pods = alertmanagers(server, [])
    pods.pods["a-0"]["/api/v2/alerts"] = lambda params: asked.append(params["filter"]) or [alert()]
    assert watch.received() == []
    assert asked == [[f'{RUN}="one"']]


@pytest.mark.parametrize("receivers", [("pager",), ("test", "pager")])
def test_an_alert_that_goes_elsewhere_is_not_waited_for(server: FakeServer, watch: Watch, receivers: tuple[str, ...]) -> None:
    alertmanagers(server, [alert(receivers=receivers)])
    with pytest.raises(MetricsError, match=r"a-0 sends the test alert to pager.*, and it must go to test alone"):
        watch.received()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ({"state": "suppressed", "inhibitedBy": ["i"], "mutedBy": ["night"]}, "suppressed (inhibitedBy i) (mutedBy night)"),
        ({"state": "unprocessed"}, "unprocessed"),
    ],
)
def test_an_alert_that_is_not_sent_is_told_with_what_keeps_it(
    server: FakeServer, watch: Watch, status: dict[str, Any], words: str
) -> None:
    alertmanagers(server, [alert(status)])
    assert watch.received() == [f"a-0: the alert is {words}"]


SILENCE = {
    "id": "s1",
    "matchers": [
        {"name": "severity", "value": "none|info", "isRegex": True, "isEqual": True},
        {"name": "team", "value": "db", "isRegex": False, "isEqual": False},
    ],
    "createdBy": "night shift",
    "comment": "too loud",
    "endsAt": "2026-12-01T06:00:00Z",
}


def test_a_silence_that_matches_the_alert_is_told_at_once_with_its_matchers(server: FakeServer, watch: Watch) -> None:
    silenced = [alert({"state": "suppressed", "silencedBy": ["s1", "s2"]})]
    pods = alertmanagers(server, silenced, silenced)
    for answers in pods.pods.values():
        answers["/api/v2/silence/s1"] = SILENCE
    with pytest.raises(MetricsError) as caught:
        watch.received()
    told = 's1 {severity=~"none|info", team!="db"} by night shift until 2026-12-01T06:00:00Z (too loud)'
    # Of the second one, which has ended meanwhile, there is no more than its id.
    assert caught.value.message == (
        f"The test alert is silenced, so it reaches nobody: {told}; s2. Expire the silence, or narrow its matchers."
    )


def test_replicas_that_keep_their_labels_are_told_with_them(server: FakeServer, watch: Watch) -> None:
    alertmanagers(server, [alert(replica="0", cluster="c"), alert(replica="1", cluster="c", pod="p")])
    assert watch.received() == ["a-0 has it 2 times, told apart by pod, replica: replicas must drop that"]


def test_an_alert_is_resolved_where_no_alertmanager_has_it(server: FakeServer, watch: Watch) -> None:
    alertmanagers(server, [], [alert()])
    assert watch.resolved() == ["a-1 still holds the alert"]


def test_whoever_takes_part_is_looked_at_before(server: FakeServer, watch: Watch) -> None:
    known = {"a-0": {"/api/v2/receivers": [{"name": "test"}]}, "a-1": {"/api/v2/receivers": [{"name": "x"}, {"name": "y"}]}}
    FakePods(server, "alertmanager", known)
    pods = webhook(server, Answer(503, "starting"))
    unknown, silent = watch.prepared()
    assert unknown == "a-1 knows no receiver test; it knows x, y"
    assert "webhook" in silent
    pods.pods["w-0"]["/messages"] = []
    assert watch.prepared() == [unknown]
    assert Watch(watch.cluster, {**OPTIONS, "webhook": None}, "one").prepared() == [unknown]


def test_a_message_of_the_other_status_is_not_the_one_waited_for(server: FakeServer, watch: Watch) -> None:
    webhook(server, [message(("one", "firing")), message(("one", "firing")), message(("another", "resolved"))])
    assert watch.delivered("firing") == []
    assert watch.delivered("resolved") == [
        "the webhook has no message that it is resolved; messages of this alert: 2 firing, 0 resolved"
    ]
    assert watch.deliveries == {"firing": 2, "resolved": 0}


def test_a_webhook_that_does_not_answer_leaves_what_was_seen_before(server: FakeServer, watch: Watch) -> None:
    pods = webhook(server, [message(("one", "firing"))])
    watch.delivered("firing")
    pods.pods["w-0"]["/messages"] = Answer(503, "starting")
    (finding,) = watch.delivered("firing")
    assert "503" in finding
    assert watch.deliveries == {"firing": 1, "resolved": 0}


class Recorded:
    """An endpoint that gives one answer."""

    name = "webhook"

    def __init__(self, answer: Any) -> None:
        self.get = lambda _path: answer


def count(*recorded: Any) -> dict[str, int]:
    return dict(messages(Recorded(list(recorded)), "/", "one"))  # type: ignore[arg-type]


def test_a_message_counts_once_for_each_status_it_tells() -> None:
    twice = message(("one", "firing"), ("one", "firing"), ("another", "firing"))
    assert count(twice) == {"firing": 1}
    assert count(twice, message(("one", "firing"), ("one", "resolved"))) == {"firing": 2, "resolved": 1}


@pytest.mark.parametrize(
    "odd",
    [
        "text",
        None,
        {},
        {"body": "no JSON"},
        {"body": [1]},
        {"body": {"alerts": None}},
        {"body": {"alerts": 3}},
        {"body": {"alerts": ["text", {}, {"labels": None}]}},
    ],
)
def test_what_is_no_message_of_alertmanager_is_not_counted(odd: Any) -> None:
    assert count(odd, message(("one", "firing"))) == {"firing": 1}


@pytest.mark.parametrize("answer", ["<html>", {"items": []}])
def test_what_records_no_messages_is_named_with_what_it_answered(answer: Any) -> None:
    with pytest.raises(EndpointError, match=r"webhook answered /seen with no list of messages, but .*(html|items)"):
        messages(Recorded(answer), "/seen", "one")  # type: ignore[arg-type]


def test_where_alerts_are_sent_is_told_of_each_prometheus(server: FakeServer, watch: Watch) -> None:
    told = [prometheus(alertmanagers={"activeAlertmanagers": urls}) for urls in ([{"url": "http://a"}, {"url": "http://b"}], [])]
    prometheus_pods(server, *told)
    assert watch.where_sent() == "p-0 sends alerts to http://a, http://b; p-1 sends alerts to no Alertmanager at all"


def test_what_could_not_be_sent_is_told_of_each_alertmanager(server: FakeServer, watch: Watch) -> None:
    failed = 'alertmanager_notifications_failed_total{integration="webhook"}'
    FakePods(server, "alertmanager", {"a-0": {"/metrics": f"{failed} 2\n"}, "a-1": {"/metrics": f"{failed} 0\n"}})
    assert watch.not_sent() == f"a-0 counts {failed} 2; a-1 counts no failed notification"


@pytest.mark.parametrize("value", ["one-true", None])
def test_a_changed_file_is_brought_into_the_pods_of_prometheus(server: FakeServer, watch: Watch, value: str | None) -> None:
    prometheus_pods(server, {}, {})
    for name in ("p-0", "p-1", "other"):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "metrics"}, "spec": {}}
        pod["metadata"]["annotations"] = {MARK: "before", "of": "another"}
        server.put(pod)
    watch.sync(value)
    left = {"of": "another"} if value is None else {MARK: value, "of": "another"}
    assert [server.at("Pod", name)["metadata"]["annotations"] for name in ("p-0", "p-1")] == [left, left]
    assert server.at("Pod", "other")["metadata"]["annotations"][MARK] == "before"


def test_pods_that_may_not_be_changed_are_no_error(server: FakeServer, watch: Watch) -> None:
    watch.sync("no Service there")
    prometheus_pods(server, {})
    server.fail("PATCH", ".*/pods/.*", 403, "Forbidden", "no")
    watch.sync("no right to it")
    assert server.requests[-1].path == "/api/v1/namespaces/metrics/pods/p-0"
