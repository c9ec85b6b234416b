# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rule of the test alert, in a PrometheusRule or a ConfigMap."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._test_rule import FALSE, MARK, RUN, TRUE, Rule, texts
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import config_map, crd
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer

KINDS = {"PrometheusRule": "", "ConfigMap": "rules"}
NAMES = {"PrometheusRule": "test-alert", "ConfigMap": "rules"}


@pytest.fixture(autouse=True)
def served(server: FakeServer) -> None:
    server.put(crd("PrometheusRule", "monitoring.coreos.com"))


@pytest.fixture
def changes() -> list[str | None]:
    return []


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def rule(cluster: Cluster, changes: list[str | None], kind: str) -> Rule:
    return Rule(cluster, "metrics", "test-alert", KINDS[kind], changes.append)


def groups(item: dict[str, Any]) -> list[dict[str, Any]]:
    return item["spec"]["groups"] if "spec" in item else json.loads(item["data"]["rules.yml"])["groups"]


def another(cluster: Cluster, kind: str) -> Rule:
    """The same object in the eyes of another run."""
    return Rule(cluster, "metrics", "test-alert", KINDS[kind], lambda _value: None)


def test_it_carries_its_run_and_the_labels_asked_for(server: FakeServer, rule: Rule, kind: str) -> None:
    rule.put("one", {"severity": "none", "longterm_metrics_test": True}, {"release": "stack"})
    made = server.at(kind, NAMES[kind])
    assert made["metadata"]["labels"] == {"app.kubernetes.io/managed-by": "longterm-metrics", "release": "stack", MARK: "one"}
    ((alert,),) = [group["rules"] for group in groups(made)]
    assert alert["labels"] == {"severity": "none", "longterm_metrics_test": "true", RUN: "one"}
    assert alert["expr"] == TRUE


def test_made_false_it_is_the_same_alert_so_that_it_resolves(server: FakeServer, rule: Rule, kind: str) -> None:
    rule.put("one", {"severity": "none"}, {})
    before = groups(server.at(kind, NAMES[kind]))
    rule.make_false()
    after = groups(server.at(kind, NAMES[kind]))
    assert after == [{**group, "rules": [{**alert, "expr": FALSE} for alert in group["rules"]]} for group in before]
    assert server.at(kind, NAMES[kind])["metadata"]["labels"][MARK] == "one"


def test_each_change_is_told_by_a_text_of_its_own(rule: Rule, changes: list[str | None]) -> None:
    rule.put("one", {}, {})
    rule.make_false()
    rule.remove()
    rule.remove()
    assert changes == ["one-true", "one-false", None]


def test_what_an_earlier_run_left_is_found_made_false_and_removed(
    server: FakeServer, cluster: Cluster, rule: Rule, kind: str
) -> None:
    rule.put("dead", {}, {})
    next_one = another(cluster, kind)
    assert next_one.find() == "dead"
    next_one.make_false()
    assert groups(server.at(kind, NAMES[kind]))[0]["rules"][0]["expr"] == FALSE
    next_one.remove()
    assert NAMES[kind] not in server.names(kind)
    assert next_one.find() == ""


def test_an_object_of_somebody_else_is_named_and_left_alone(server: FakeServer, rule: Rule, kind: str) -> None:
    spec = {"groups": [{"name": "x", "rules": [{"alert": "A", "expr": "up == 0"}]}]}
    metadata = {"name": "test-alert", "namespace": "metrics", "labels": {"team": "a"}}
    server.put({"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "metadata": metadata, "spec": spec})
    server.put(config_map("rules"))
    with pytest.raises(MetricsError, match=f"{kind} metrics/{NAMES[kind]} of https://fake.* lacks the label {MARK}"):
        rule.find()
    rule.remove()
    assert server.writes() == []
    assert NAMES[kind] in server.names(kind)


def test_two_runs_at_once_do_not_share_it(cluster: Cluster, rule: Rule, kind: str) -> None:
    rule.put("one", {}, {})
    second = another(cluster, kind)
    with pytest.raises(MetricsError, match=f"{kind} metrics/{NAMES[kind]} was made by another run just now"):
        second.put("two", {}, {})
    second.remove()
    assert rule.find() == "one"


def test_a_namespace_or_kind_that_is_missing_is_named(server: FakeServer, rule: Rule) -> None:
    server.objects.clear()
    with pytest.raises(MetricsError, match=r"namespace or kind is missing.*or set config_map"):
        rule.put("one", {}, {})
    assert rule.run == ""


def test_any_other_refusal_is_told_in_the_servers_words(server: FakeServer, rule: Rule) -> None:
    server.fail("POST", ".*", 403, "Forbidden", "no right to create")
    with pytest.raises(ApiError, match="no right to create"):
        rule.put("one", {}, {})


def test_one_that_is_gone_cannot_be_made_false_and_need_not_be_removed(
    server: FakeServer, cluster: Cluster, rule: Rule, kind: str, changes: list[str | None]
) -> None:
    rule.put("one", {}, {})
    gone = another(cluster, kind)
    gone.find()
    gone.remove()
    with pytest.raises(MetricsError, match="was removed or replaced while its alert was under way"):
        rule.make_false()
    rule.remove()
    assert changes == ["one-true", None]


def test_one_that_another_run_put_in_its_place_stays(server: FakeServer, cluster: Cluster, rule: Rule, kind: str) -> None:
    rule.put("one", {}, {})
    second = another(cluster, kind)
    second.find()
    second.remove()
    second.put("two", {}, {})
    with pytest.raises(MetricsError, match="does another run use the same name"):
        rule.remove()
    assert second.find() == "two"


def test_labels_are_texts_as_yaml_would_write_them() -> None:
    assert texts({"a": True, "b": False, "c": 1, "d": "Text"}) == {"a": "true", "b": "false", "c": "1", "d": "Text"}


def test_the_label_of_the_run_is_none_that_a_caller_may_give() -> None:
    with pytest.raises(MetricsError, match=f"labels must not name {RUN}"):
        texts({"severity": "none", RUN: "x"})
