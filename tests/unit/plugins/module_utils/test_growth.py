# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes that grow: what is tried before anything is written, controllers that stay away, and sets that were rendered before."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._growth import Growth, keep
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import (
    ESTABLISHED,
    Object,
    apply,
    claim,
    claim_template,
    config_map,
    crd,
    custom_resource,
    sizes,
    workload,
)
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer

SETTINGS = config_map("settings", a="1")
WIDGET = {"Widget/w": "/apis/example.com/v1/namespaces/metrics/widgets/w"}


def stateful_set(size: str) -> Object:
    return workload("StatefulSet", "db", volumeClaimTemplates=[claim_template(size)])


def stored(size: str) -> Object:
    """A custom resource with the volumes of a StatefulSet that its controller makes."""
    return custom_resource("w", storage={"volumeClaimTemplate": claim_template(size)})


def named(size: str, resource: str = "") -> list[Object]:
    return [{"stateful_set": "db", "template": "data", "size": size, "resource": resource}]


def kept(cluster: Cluster, *items: Object, claims: Sequence[Object] = ()) -> list[str]:
    return keep(cluster, "metrics", items, claims)


@pytest.fixture(autouse=True)
def claims(server: FakeServer) -> None:
    for name in ("data-db-0", "data-db-1", "data-dbs-0", "data-db-x"):
        server.put(claim(name))


@pytest.fixture
def served(server: FakeServer) -> None:
    """A kind whose controller makes StatefulSets, one of them `db`."""
    server.put(crd(status=ESTABLISHED))
    server.put(stateful_set("1Gi"))


@pytest.mark.usefixtures("served")
def test_a_controller_makes_its_stateful_set_anew_around_the_pods(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, custom_resource("w"), claims=named("1Gi", "Widget/w"))
    assert "paused" not in server.at("Widget", "w")["spec"]
    server.requests.clear()
    apply(cluster, custom_resource("w", a=2), claims=named("2Gi", "Widget/w"))
    writes = [request for request in server.requests if request.method in ("PATCH", "DELETE") and not request.dry_run]
    done = [
        request.body.get("spec") or request.body for request in writes if re.search("/widgets/w|/statefulsets/db", request.path)
    ]
    assert [part.get("propagationPolicy") or part for part in done] == [{"paused": True}, {"a": 2}, "Orphan", {"paused": None}]
    assert server.at("Widget", "w")["spec"] == {"a": 2}
    assert sizes(server)["data-db-0"] == "2Gi"


@pytest.mark.usefixtures("served")
def test_what_a_controller_had_begun_before_its_pause_is_undone(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, custom_resource("w"), claims=named("1Gi", "Widget/w"))
    # It makes the StatefulSet once more, from what was declared before.
    server.tasks.append(lambda: server.tasks.clear() or server.put(stateful_set("1Gi")))
    apply(cluster, custom_resource("w", a=2), claims=named("2Gi", "Widget/w"))
    assert not server.names("StatefulSet")


@pytest.mark.usefixtures("served")
def test_a_custom_resource_is_not_left_paused_when_something_else_is_refused(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, custom_resource("w"))
    server.fail("PATCH", ".*/configmaps/settings", 422, "Invalid", "no")
    with pytest.raises(MetricsError):
        apply(cluster, SETTINGS, custom_resource("w", a=2), claims=named("2Gi", "Widget/w"))
    assert server.at("Widget", "w")["spec"] == {"a": 1}


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(("size", "resource"), [("1Gi", "Widget/w"), ("2Gi", ""), ("2Gi", "Widget/new")])
def test_no_controller_is_sent_away_whose_volumes_stay_or_that_has_nothing_there(
    server: FakeServer, cluster: Cluster, size: str, resource: str
) -> None:
    server.requests.clear()
    with Growth(cluster, "metrics", [], named(size, resource)).controllers_away(WIDGET):
        pass
    assert [request.path for request in server.writes()] == []
    assert server.names("StatefulSet") == {"db"}


def test_what_grows_is_tried_at_first_and_done_at_the_end(server: FakeServer, cluster: Cluster) -> None:
    growth = Growth(cluster, "metrics", [stateful_set("2Gi")], [])
    assert [str(outcome.key) for outcome in growth.planned] == [f"PersistentVolumeClaim metrics/data-db-{n}" for n in (0, 1)]
    assert sizes(server)["data-db-0"] == "1Gi"
    assert [outcome.changed for outcome in growth.finish()] == [True, True]
    assert sizes(server) == {"data-db-0": "2Gi", "data-db-1": "2Gi", "data-dbs-0": "1Gi", "data-db-x": "1Gi"}


def test_a_claim_that_is_named_without_a_size_stays_as_it_is(cluster: Cluster) -> None:
    assert Growth(cluster, "metrics", [], named("")).planned == []


def test_volumes_of_another_namespace_grow_there(server: FakeServer, cluster: Cluster) -> None:
    server.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "other"}})
    elsewhere, there = stateful_set("2Gi"), claim("data-db-0")
    for item in (elsewhere, there):
        item["metadata"]["namespace"] = "other"
    server.put(there)
    growth = Growth(cluster, "metrics", [elsewhere], [])
    assert [str(outcome.key) for outcome in growth.finish()] == ["PersistentVolumeClaim other/data-db-0"]
    assert sizes(server)["data-db-1"] == "1Gi"


def test_a_set_rendered_before_its_volumes_grew_asks_for_the_largest_of_them(server: FakeServer, cluster: Cluster) -> None:
    server.put(claim("data-db-0", "900Mi"))
    server.put(claim("data-db-1", "3Gi"))
    server.put(claim("data-db-2", "2Gi"))
    db, data = stateful_set("1Gi"), claim("data-db-2", "1Gi")
    told = kept(cluster, db, data)
    assert db["spec"]["volumeClaimTemplates"] == [claim_template("3Gi")]
    assert data["spec"] == claim_template("2Gi")["spec"]
    assert [line.partition(" was ")[0] for line in told] == ["StatefulSet metrics/db", "PersistentVolumeClaim metrics/data-db-2"]
    assert "PersistentVolumeClaim metrics/data-db-1 has 3Gi by now" in told[0]


@pytest.mark.parametrize("size", ["1Gi", "1024Mi", "5Gi"])
def test_a_set_that_asks_for_as_much_or_more_stays_as_it_was_rendered(cluster: Cluster, size: str) -> None:
    db = stateful_set(size)
    assert kept(cluster, db) == []
    assert db == stateful_set(size)


def test_only_claims_of_its_own_count(server: FakeServer, cluster: Cluster) -> None:
    for name in ("data-dbs-0", "data-db-x", "dataxdb-0", "my-data-db-0"):
        server.put(claim(name, "9Gi"))
    assert kept(cluster, stateful_set("1Gi"), claim("data.db-0", "1Gi"), claim("data-d", "1Gi")) == []


def test_a_custom_resource_keeps_the_volumes_that_are_named_as_its_own(server: FakeServer, cluster: Cluster) -> None:
    server.put(claim("data-db-1", "2Gi"))
    assert kept(cluster, stored("1Gi"), claims=named("", "Widget/another")) == []
    mine = stored("1Gi")
    (told,) = kept(cluster, mine, claims=named("", "Widget/w"))
    assert mine == stored("2Gi")
    assert told.startswith("Widget metrics/w was rendered with 1Gi")


def test_what_asks_for_no_storage_is_left_alone(cluster: Cluster) -> None:
    bare = {**claim("data-db-0"), "spec": {}}
    of_others = {**custom_resource("v"), "spec": {"storage": "5Gi"}}
    items = (bare, config_map("a"), workload("StatefulSet", "db"), custom_resource("w"), of_others)
    assert kept(cluster, *items, claims=named("")) == []
    assert bare["spec"] == {}


def test_an_object_without_a_namespace_is_of_the_sets(server: FakeServer, cluster: Cluster) -> None:
    server.put(claim("data-db-0", "2Gi"))
    db = stateful_set("1Gi")
    del db["metadata"]["namespace"]
    (told,) = kept(cluster, db)
    assert "PersistentVolumeClaim metrics/data-db-0 has 2Gi" in told
