# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dashboards read from ConfigMaps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._dashboards import Query, parse, read
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer

LABEL = "grafana_dashboard=1"


def panel(title: str, *expressions: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "targets": [{"expr": expression} for expression in expressions], **more}


def provision(server: FakeServer, name: str, label: str = "1", namespace: str = "metrics", **data: str) -> None:
    metadata = {"name": name, "namespace": namespace, "labels": {"grafana_dashboard": label}}
    files = {key.replace("_", "."): text for key, text in data.items()}
    server.put({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": files})


def test_panels_are_found_in_rows_and_in_rows_of_old(server: FakeServer) -> None:
    board = {
        "title": "A",
        "panels": [panel("one", "a"), {"type": "row", "panels": [panel("two", "b")]}],
        "rows": [{"panels": [panel("three", "c")]}],
    }
    assert parse(board).queries == [Query("A", "one", "a"), Query("A", "two", "b"), Query("A", "three", "c")]


def test_a_panel_without_a_title_goes_by_its_number() -> None:
    assert parse({"title": "A", "panels": [{"id": 7, "targets": [{"expr": "a"}]}]}).queries[0].panel == "panel 7"


@pytest.mark.parametrize(
    ("datasource", "asked"),
    [
        (None, True),
        ("Prometheus", True),
        ({"type": "prometheus", "uid": "thanos"}, True),
        ({"uid": "${datasource}"}, True),
        ({"type": "loki", "uid": "logs"}, False),
    ],
)
def test_only_queries_to_prometheus_are_taken(datasource: Any, asked: bool) -> None:
    board = {"title": "A", "panels": [panel("one", "a", datasource=datasource), {"type": "text"}]}
    assert bool(parse(board).queries) is asked


def test_a_query_may_have_another_datasource_than_its_panel() -> None:
    mixed = {
        "title": "one",
        "datasource": {"type": "datasource", "uid": "-- Mixed --"},
        "targets": [
            {"expr": "a", "datasource": {"type": "prometheus", "uid": "thanos"}},
            {"expr": "{app=\"b\"}", "datasource": {"type": "loki", "uid": "logs"}},
        ],
    }  # fmt: skip
    assert [query.expression for query in parse({"title": "A", "panels": [mixed]}).queries] == ["a"]


def test_dashboards_are_found_by_label_in_all_namespaces_or_in_those_named(server: FakeServer, cluster: Cluster) -> None:
    server.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team"}})
    provision(server, "ours", a_json=json.dumps({"title": "A"}), notes_txt="not a dashboard")
    provision(server, "theirs", namespace="team", b_json=json.dumps({"title": "B"}))
    provision(server, "other", label="0", c_json=json.dumps({"title": "C"}))
    assert {board.title for board in read(cluster, [], LABEL)} == {"A", "B"}
    assert {board.title for board in read(cluster, ["team"], LABEL)} == {"B"}


def test_nothing_to_check_is_an_error(cluster: Cluster) -> None:
    with pytest.raises(MetricsError, match="No ConfigMap with the label grafana_dashboard=1 in any namespace"):
        read(cluster, [], LABEL)


@pytest.mark.parametrize(("text", "said"), [("{", "a.json is no JSON"), ("[]", "is no dashboard"), ("{}", "it has no title")])
def test_what_grafana_could_not_read_is_named(server: FakeServer, cluster: Cluster, text: str, said: str) -> None:
    provision(server, "broken", a_json=text)
    with pytest.raises(MetricsError, match=said) as caught:
        read(cluster, [], LABEL)
    assert "ConfigMap metrics/broken" in caught.value.message
