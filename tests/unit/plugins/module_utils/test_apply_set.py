# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A set of objects made as declared."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import KEEP
from ansible_collections.longterm.metrics.plugins.module_utils._parent import PART_OF, Parent, set_id
from ansible_collections.longterm.metrics.plugins.module_utils._secret_digests import RESTARTED_BY, stamp
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import (
    Object,
    apply,
    config_map,
    crd,
    custom_resource,
    namespace,
    parent_of,
    secret,
    workload,
)
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import Answer, FakeServer, Request


def order_of_writes(server: FakeServer) -> list[str]:
    return [request.path.rsplit("/", 1)[-1] for request in server.writes() if request.params.get("fieldValidation")]


def test_objects_are_made_with_the_marks_of_the_set(server: FakeServer, cluster: Cluster) -> None:
    changes = apply(cluster, config_map("a", x="1"), {**namespace("other")})
    assert changes.result()["created"] == ["Namespace other", "ConfigMap metrics/a"]
    assert server.at("ConfigMap", "a")["metadata"]["labels"] == {PART_OF: set_id("web", "metrics")}
    assert server.at("Namespace", "other", "")["metadata"]["annotations"] == {KEEP: "true"}
    assert {str(key) for key in parent_of(cluster).members} == {"ConfigMap metrics/a", "Namespace other"}


def test_a_second_run_changes_and_writes_nothing(server: FakeServer, cluster: Cluster) -> None:
    objects = [config_map("a", x="1"), workload("Deployment", "web")]
    apply(cluster, *objects)
    server.requests.clear()
    assert not apply(cluster, *objects).changed
    assert server.writes() == []
    assert not [request for request in server.requests if request.dry_run]


@pytest.mark.usefixtures("establishing")
def test_namespaces_come_first_then_crds_then_what_others_need_then_the_rest(server: FakeServer, cluster: Cluster) -> None:
    objects = [custom_resource("w"), workload("Deployment", "d"), config_map("c"), crd(), namespace("n")]
    apply(cluster, *objects)
    order = order_of_writes(server)
    assert order[:3] == ["n", "widgets.example.com", "c"]
    assert set(order[3:]) == {"w", "d"}


@pytest.mark.usefixtures("establishing")
def test_a_custom_resource_waits_until_its_crd_is_established(server: FakeServer, cluster: Cluster) -> None:
    def refuse_before(request: Request) -> Answer | None:
        early = "/widgets/" in request.path and "status" not in server.at("CustomResourceDefinition", "widgets.example.com", "")
        return Answer(404, {"message": "the server could not find the requested resource"}) if early else None

    server.answers.append(refuse_before)
    apply(cluster, custom_resource("w"), crd())
    assert server.names("Widget") == {"w"}


def test_a_crd_that_is_never_established_is_named(cluster: Cluster) -> None:
    with pytest.raises(MetricsError, match=r"CustomResourceDefinition widgets.example.com: not Established after 360 s"):
        apply(cluster, crd())


def test_the_sets_own_namespace_may_be_made_by_the_set(server: FakeServer, cluster: Cluster) -> None:
    server.objects.clear()
    with pytest.raises(MetricsError, match=r"Namespace metrics does not exist on https://fake:6443.*put it into the set"):
        apply(cluster, config_map("a"))
    assert apply(cluster, config_map("a"), namespace("metrics")).result()["created"] == [
        "Namespace metrics",
        "ConfigMap metrics/a",
    ]
    assert not apply(cluster, config_map("a"), namespace("metrics")).changed


def test_an_object_without_namespace_is_put_into_the_sets_and_a_cluster_wide_one_into_none(
    server: FakeServer, cluster: Cluster
) -> None:
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r", "namespace": "x"}}
    apply(cluster, {**config_map("a"), "metadata": {"name": "a"}}, role)
    assert server.at("ConfigMap", "a", "metrics")
    assert server.at("ClusterRole", "r", "")


def test_an_object_that_stands_twice_once_without_namespace_is_named(cluster: Cluster) -> None:
    with pytest.raises(MetricsError, match="ConfigMap metrics/a stands twice"):
        apply(cluster, config_map("a"), {**config_map("a"), "metadata": {"name": "a"}})


def test_one_bad_object_leaves_all_the_others_as_they_are(server: FakeServer, cluster: Cluster) -> None:
    server.fail("PATCH", ".*/configmaps/bad", 500, "", ".datum: field not declared in schema")
    with pytest.raises(MetricsError, match=r"ConfigMap metrics/bad .*\.datum: field not declared in schema"):
        apply(cluster, config_map("good"), config_map("bad"))
    assert "good" not in server.names("ConfigMap")
    assert parent_of(cluster).members == {}


def test_a_run_that_is_killed_half_way_is_finished_by_the_next(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a", x="1"), config_map("old"))

    def die(request: Request) -> Answer | None:
        if request.path.endswith("/configmaps/b") and not request.dry_run and request.method == "PATCH":
            raise KeyboardInterrupt
        return None

    server.answers.append(die)
    with pytest.raises(KeyboardInterrupt):
        apply(cluster, config_map("a", x="2"), config_map("b"))
    server.answers.clear()
    changes = apply(cluster, config_map("a", x="2"), config_map("b"))
    assert server.names("ConfigMap") == {"a", "b", "old", "web"}
    assert [str(key) for key in changes.leftovers] == ["ConfigMap metrics/old"]


def test_drift_is_repaired_and_reported(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a", x="1"), config_map("b"))
    del server.objects["", "configmaps", "metrics", "b"]
    server.put(config_map("a", x="9"), manager="kubectl-edit")
    assert apply(cluster, config_map("a", x="1"), config_map("b")).result() == {
        "created": ["ConfigMap metrics/b"],
        "changed_objects": ["ConfigMap metrics/a"],
        "recreated": [],
        "adopted": [],
        "taken_back": [{"object": "ConfigMap metrics/a", "manager": "kubectl-edit", "fields": [".data.x"]}],
    }


def test_pods_of_an_adopted_workload_run_on_until_a_secret_that_they_read_changes(server: FakeServer, cluster: Cluster) -> None:
    def run(value: str) -> Object:
        server.put(secret("keys", x=value))
        apply(cluster, *stamp(cluster, "metrics", [reader], check=False))
        found: Object = server.at("Deployment", "web")["spec"]["template"]
        return found

    reader = workload("Deployment", "web")
    reader["spec"]["template"]["metadata"]["annotations"] = {RESTARTED_BY: "keys"}
    server.put(reader)
    before = server.at("Deployment", "web")["spec"]["template"]
    assert run("1") == before
    assert run("1") == before
    rotated = run("2")
    assert rotated != before
    assert run("2") == rotated


def test_fields_of_others_that_are_not_declared_stay(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a", x="1"))
    server.put(config_map("a", x="1", theirs="1"), manager="other")
    assert not apply(cluster, config_map("a", x="1")).changed
    assert server.at("ConfigMap", "a")["data"] == {"x": "1", "theirs": "1"}


def test_what_is_no_longer_wanted_stays_and_is_told_until_it_is_gone(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"), workload("Deployment", "old"))
    assert [str(key) for key in apply(cluster, config_map("a")).leftovers] == ["Deployment metrics/old"]
    assert server.names("Deployment") == {"old"}
    server.at("Deployment", "old")["metadata"]["deletionTimestamp"] = "now"
    assert apply(cluster, config_map("a")).leftovers == []


@pytest.mark.usefixtures("establishing")
def test_what_is_kept_is_never_left_over(cluster: Cluster) -> None:
    apply(cluster, crd(), namespace("n"), config_map("a"))
    assert apply(cluster, config_map("a")).leftovers == []


def test_check_mode_writes_nothing_on_an_empty_cluster_and_reports_all_as_created(server: FakeServer, cluster: Cluster) -> None:
    server.objects.clear()
    objects = [namespace("metrics"), crd(), custom_resource("w"), config_map("a"), custom_resource("g", kind="Gadget")]
    changes = apply(cluster, *objects, check=True)
    assert len(changes.result()["created"]) == 5
    assert changes.warnings == [
        "Gadget metrics/g: the cluster knows no kind Gadget in example.com/v1; its CRD must be applied before. "
        "In check mode it is taken to come."
    ]
    assert (server.objects, server.writes()) == ({}, [])


def test_check_mode_tells_what_a_run_would_change(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a", x="1"), config_map("b"))
    changes = apply(cluster, config_map("a", x="2"), check=True)
    assert changes.result()["changed_objects"] == ["ConfigMap metrics/a"]
    assert [str(key) for key in changes.leftovers] == ["ConfigMap metrics/b"]
    assert "x: '2'" in changes.diff()[0]["after"]
    assert server.at("ConfigMap", "a")["data"] == {"x": "1"}


@pytest.mark.parametrize("check", [True, False])
def test_a_group_whose_api_service_is_down_is_named_and_not_taken_to_come(
    server: FakeServer, cluster: Cluster, check: bool
) -> None:
    group = {"metadata": {"name": "example.com"}, "versions": [{"version": "v1", "freshness": "Stale"}]}
    documents = {"/api": {"items": []}, "/apis": {"items": [group]}}
    server.answers.append(lambda request: Answer(200, documents[request.path]) if request.path in documents else None)
    with pytest.raises(MetricsError, match=r"the API group example\.com does not answer now"):
        apply(cluster, custom_resource("w"), check=check)
    assert server.writes() == []


def test_a_config_map_with_the_name_of_the_sets_own_parent_is_refused(server: FakeServer, cluster: Cluster) -> None:
    with pytest.raises(MetricsError, match=r"ConfigMap metrics/web would be written over the set's own parent"):
        apply(cluster, config_map("a"), config_map("web"))
    assert server.writes() == []


@pytest.mark.parametrize("check", [True, False])
def test_an_unknown_kind_in_a_known_group_fails_before_anything_is_written(
    server: FakeServer, cluster: Cluster, check: bool
) -> None:
    old: Object = {"apiVersion": "autoscaling/v2beta2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "h"}}
    with pytest.raises(MetricsError, match="serves kind HorizontalPodAutoscaler as"):
        apply(cluster, config_map("a"), old, check=check)
    assert server.writes() == []


def test_a_set_of_another_tool_is_refused_before_anything_is_written(server: FakeServer, cluster: Cluster) -> None:
    server.put(config_map("web"))
    with pytest.raises(MetricsError, match="is no set of ours"):
        apply(cluster, config_map("a"))
    assert server.writes() == []


def test_two_runs_at_once_do_not_mix(server: FakeServer, cluster: Cluster) -> None:
    Parent("web", "metrics").create(cluster)
    annotations = server.at("ConfigMap", "web")["metadata"]["annotations"]
    annotations["longterm.metrics/lock"] = "first 0"
    server.tasks.append(lambda: annotations.__setitem__("longterm.metrics/lock", f"first {server.now}"))
    with pytest.raises(MetricsError, match="Another run holds the set metrics/web"):
        apply(cluster, config_map("a"), lock_timeout=10.0)
    assert "a" not in server.names("ConfigMap")


def test_values_of_secrets_are_not_in_the_diff(cluster: Cluster) -> None:
    assert "aHVudGVyMg==" not in str(apply(cluster, secret("s", password="aHVudGVyMg==")).diff())
