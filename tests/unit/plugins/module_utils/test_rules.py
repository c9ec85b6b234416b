# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which rules are loaded and healthy; the answer has the shape of Prometheus 3.15's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _rules
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._rules import Declared
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import crd, namespace
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_pods import FakePods, prometheus, reached

NODES = Declared("metrics", "nodes", "uid-1", {"nodes": ["NodeDown", "node:cpu:ratio"]})
EVALUATED = 990.0


def loaded(**changes: Any) -> list[dict[str, Any]]:
    """The groups as recorded; `changes` go into the first rule."""
    groups = json.loads((Path(__file__).parent / "fixtures/prometheus_rules.json").read_text())["data"]["groups"]
    groups[0]["rules"][0].update(changes)
    return groups


def judged(*declared: Declared, now: float = EVALUATED + 10, **changes: Any) -> list[str]:
    return list(_rules.judge(declared, loaded(**changes), now))


def declare(server: FakeServer, name: str, *rules: str, **labels: str) -> str:
    """Puts an object of one group there; returns the path of the file the operator makes of it."""
    server.put(crd("PrometheusRule", "monitoring.coreos.com"))
    entries = [{"alert": rule, "expr": "vector(1)"} for rule in rules]
    item = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": name, "namespace": "metrics", "labels": labels},
        "spec": {"groups": [{"name": "nodes", "rules": entries}]},
    }
    return f"/etc/prometheus/rules/prometheus-main-rulefiles-0/metrics-{name}-{server.put(item)['metadata']['uid']}.yaml"


def test_rules_that_are_loaded_and_healthy_are_fine() -> None:
    assert judged(NODES) == []


def test_an_object_none_of_whose_groups_is_loaded_is_named_once() -> None:
    other = Declared("metrics", "nodes", "uid-2", {"nodes": ["NodeDown"], "more": ["More"]})
    (finding,) = judged(other)
    assert finding.startswith("PrometheusRule metrics/nodes is not loaded: does this Prometheus select it (ruleSelector")


def test_a_group_that_is_not_loaded_is_named() -> None:
    (finding,) = judged(Declared("metrics", "nodes", "uid-1", {**NODES.groups, "more": ["More"]}))
    assert finding.startswith("PrometheusRule metrics/nodes, group more is not loaded")


def test_a_group_loaded_as_it_was_before_is_named_with_the_difference() -> None:
    (finding,) = judged(Declared("metrics", "nodes", "uid-1", {"nodes": ["NodeDown", "NodeDown"]}))
    assert finding == (
        "PrometheusRule metrics/nodes, group nodes is loaded as it was before: it lacks NodeDown, and has node:cpu:ratio beyond "
        "what is declared"
    )


def test_a_rule_that_fails_is_named_with_its_last_error() -> None:
    (finding,) = judged(NODES, health="err", lastError="many-to-many matching not allowed")
    assert finding == "PrometheusRule metrics/nodes, group nodes, rule NodeDown is err: many-to-many matching not allowed"


def test_a_rule_that_was_not_evaluated_yet_is_not_healthy() -> None:
    (finding,) = judged(NODES, health="unknown", lastEvaluation="0001-01-01T00:00:00Z")
    assert finding.endswith("rule NodeDown was not evaluated yet")


@pytest.mark.parametrize(("age", "findings"), [(89, 0), (91, 2)])
def test_a_rule_must_have_been_evaluated_within_three_intervals(age: float, findings: int) -> None:
    assert len(judged(NODES, now=EVALUATED + age)) == findings


def test_rules_of_short_intervals_have_a_minute() -> None:
    groups = loaded()
    groups[0]["interval"] = 1
    assert list(_rules.judge([NODES], groups, EVALUATED + 59)) == []
    assert "last evaluated 62 s ago (60 s are allowed)" in next(_rules.judge([NODES], groups, EVALUATED + 62))


def test_an_object_without_groups_asks_for_nothing() -> None:
    assert judged(Declared("metrics", "empty", "uid-9", {})) == []


def test_objects_are_chosen_by_namespace_and_label(server: FakeServer, cluster: Cluster) -> None:
    server.put(namespace("other"))
    declare(server, "a", "A", team="one")
    declare(server, "b", "B", team="two")
    assert [item.name for item in _rules.read(cluster)] == ["a", "b"]
    assert [item.name for item in _rules.read(cluster, ["metrics", "other"], "team=two")] == ["b"]
    assert _rules.read(cluster, ["other"]) == []


def test_a_cluster_without_the_kind_is_an_error(cluster: Cluster) -> None:
    with pytest.raises(MetricsError, match="does not know the kind PrometheusRule"):
        _rules.read(cluster)


def wait(cluster: Cluster, **options: Any) -> dict[str, Any]:
    every = {
        **reached("prometheus"),
        "every_pod": True,
        "namespaces": [],
        "label_selector": "",
        "config_maps": [],
        "wait_timeout": 0,
    }
    return _rules.wait_for(cluster, {**every, **options}, [1])


def test_every_replica_must_have_loaded_them(server: FakeServer, cluster: Cluster) -> None:
    groups = loaded()
    groups[0]["file"] = declare(server, "nodes", "NodeDown", "node:cpu:ratio")
    replicas = {"prometheus-0": prometheus(rules={"groups": groups}), "prometheus-1": prometheus(rules={"groups": []})}
    pods = FakePods(server, "prometheus", replicas)
    with pytest.raises(MetricsError) as caught:
        wait(cluster)
    (finding,) = caught.value.details["findings"]
    assert finding.startswith("prometheus-1: PrometheusRule metrics/nodes is not loaded")
    pods.pods["prometheus-1"] = pods.pods["prometheus-0"]
    assert wait(cluster) == {"objects": {"metrics/nodes": 2}, "rules": 2, "asked": ["prometheus-0", "prometheus-1"]}


def test_no_object_at_all_is_not_fine(server: FakeServer, cluster: Cluster) -> None:
    declare(server, "nodes", "NodeDown")
    FakePods(server, "prometheus", {"prometheus-0": prometheus(rules={"groups": []})})
    with pytest.raises(MetricsError, match="there is no PrometheusRule with the labels team=x in metrics"):
        wait(cluster, namespaces=["metrics"], label_selector="team=x")


def config_map(server: FakeServer, **files: str) -> None:
    data = {f"{name}.yml": text for name, text in files.items()}
    server.put({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "rules", "namespace": "metrics"}, "data": data})


def test_rule_files_of_a_config_map_are_found_by_their_names(server: FakeServer, cluster: Cluster) -> None:
    groups = loaded()
    groups[0]["file"] = "/etc/prometheus/rules/nodes.yml"
    FakePods(server, "prometheus", {"prometheus-0": prometheus(rules={"groups": groups})})
    nodes = "groups: [{name: nodes, rules: [{alert: NodeDown, expr: up}, {record: 'node:cpu:ratio', expr: up}]}]"
    config_map(server, nodes=nodes, empty="")
    assert wait(cluster, config_maps=["rules"]) == {"objects": {"metrics/rules": 2}, "rules": 2, "asked": ["prometheus-0"]}
    config_map(server, nodes=nodes, more="groups: [{name: more, rules: [{alert: More, expr: up}]}]")
    with pytest.raises(MetricsError) as caught:
        wait(cluster, config_maps=["rules"])
    (finding,) = caught.value.details["findings"]
    assert finding.startswith("prometheus-0: more.yml of ConfigMap metrics/rules is not loaded: do the pods mount it")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("groups: [", "nodes.yml of ConfigMap metrics/rules is not valid YAML"),
        ("groups: [nodes]", "nodes.yml of ConfigMap metrics/rules is no rule file"),
        ("", "there is no rule file in ConfigMap rules of namespace metrics"),
    ],
)
def test_a_config_map_without_rule_files_is_an_error(server: FakeServer, cluster: Cluster, text: str, words: str) -> None:
    FakePods(server, "prometheus", {"prometheus-0": prometheus(rules={"groups": []})})
    config_map(server, nodes=text)
    with pytest.raises(MetricsError, match=words):
        wait(cluster, config_maps=["rules"])


def test_a_config_map_that_is_missing_is_named(server: FakeServer, cluster: Cluster) -> None:
    FakePods(server, "prometheus", {"prometheus-0": prometheus(rules={"groups": []})})
    with pytest.raises(MetricsError, match="There is no ConfigMap rules in namespace metrics"):
        wait(cluster, config_maps=["rules"])
