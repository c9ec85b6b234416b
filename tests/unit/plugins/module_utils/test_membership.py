# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a set is on the cluster, and who else the wanted objects belong to."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._membership import at_once
from ansible_collections.longterm.metrics.plugins.module_utils._parent import PART_OF
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import Object, apply, config_map, crd, namespace, secret
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer


def refuse(number: int) -> int:
    if number < 3:
        raise MetricsError(f"error {number}")
    return number


def test_all_errors_of_one_go_are_raised_together() -> None:
    with pytest.raises(MetricsError) as caught:
        at_once(refuse, [1, 2, 3])
    assert (caught.value.message, caught.value.details) == ("error 1 | error 2", {"errors": 2})
    assert at_once(refuse, [4, 3]) == [4, 3]


def labelled(item: Object, owner: str) -> Object:
    return {**item, "metadata": {**item["metadata"], "labels": {PART_OF: owner}}}


def test_objects_that_belong_to_nobody_are_adopted_and_said_so(server: FakeServer, cluster: Cluster) -> None:
    server.put(config_map("a", x="1"), manager="kubectl-client-side-apply")
    changes = apply(cluster, config_map("a", x="1"))
    assert changes.adopted == [{"object": "ConfigMap metrics/a", "managers": ["kubectl-client-side-apply"]}]
    assert changes.result()["changed_objects"] == ["ConfigMap metrics/a"]
    assert apply(cluster, config_map("a", x="1")).adopted == []


def test_objects_move_between_our_own_sets(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"), name="old")
    assert apply(cluster, config_map("a"), name="new").adopted == [
        {"object": "ConfigMap metrics/a", "managers": [], "set": "metrics/old"}
    ]
    assert apply(cluster, config_map("b"), name="old").leftovers == []


def test_objects_of_another_tools_set_are_refused_before_anything_is_written(server: FakeServer, cluster: Cluster) -> None:
    server.put(labelled(config_map("a", x="theirs"), "applyset-of-kubectl-v1"))
    with pytest.raises(MetricsError, match=r"another tool: ConfigMap metrics/a \(set applyset-of-kubectl-v1\)"):
        apply(cluster, config_map("a", x="ours"), config_map("b"))
    assert server.at("ConfigMap", "a")["data"] == {"x": "theirs"}
    assert "b" not in server.names("ConfigMap")


@pytest.mark.usefixtures("establishing")
def test_what_was_kept_of_a_set_that_is_gone_may_be_taken_by_another(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, crd(), name="old")
    del server.objects["", "configmaps", "metrics", "old"]
    assert apply(cluster, crd(), name="new").adopted == [
        {"object": "CustomResourceDefinition widgets.example.com", "managers": []}
    ]


def test_what_is_there_costs_one_list_per_kind_and_within_the_sets_namespace(server: FakeServer, cluster: Cluster) -> None:
    objects = [config_map(f"a{number}") for number in range(5)]
    apply(cluster, *objects)
    server.requests.clear()
    apply(cluster, *objects)
    lists = [request.path for request in server.requests if "labelSelector" in request.params]
    assert lists == ["/api/v1/namespaces/metrics/configmaps"]


def test_a_set_in_several_namespaces_is_found_in_all_of_them(server: FakeServer, cluster: Cluster) -> None:
    server.put(namespace("other"))
    there = {**config_map("b"), "metadata": {"name": "b", "namespace": "other"}}
    apply(cluster, config_map("a"), there)
    leftovers = apply(cluster, config_map("a")).leftovers
    assert [str(key) for key in leftovers] == ["ConfigMap other/b"]


def spread() -> list[Object]:
    """A set with members in two namespaces; its Secret is in one of them."""
    return [config_map("a"), {**config_map("b"), "metadata": {"name": "b", "namespace": "nodes"}}, secret("keys")]


def test_a_login_that_may_not_list_a_kind_everywhere_lists_it_where_the_set_is(server: FakeServer, cluster: Cluster) -> None:
    server.put(namespace("nodes"))
    apply(cluster, *spread())
    for place in ("/api/v1/secrets", "/api/v1/configmaps", "/api/v1/namespaces/nodes/secrets"):
        server.fail("GET", place, 403, "Forbidden", "no")
    assert apply(cluster, *spread()).result()["changed_objects"] == []


def test_a_kind_of_a_member_must_be_listed_where_the_member_is(server: FakeServer, cluster: Cluster) -> None:
    server.put(namespace("nodes"))
    apply(cluster, *spread())
    for place in ("/api/v1/secrets", "/api/v1/namespaces/metrics/secrets"):
        server.fail("GET", place, 403, "Forbidden", "no")
    with pytest.raises(MetricsError, match="403"):
        apply(cluster, *spread())
