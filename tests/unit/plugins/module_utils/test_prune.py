# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing what a set no longer wants, and removing a set."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._discovery import Discovery
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._membership import list_live, resources_of
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key
from ansible_collections.longterm.metrics.plugins.module_utils._parent import PART_OF, Parent
from ansible_collections.longterm.metrics.plugins.module_utils._prune import Removal, prune
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import (
    Object,
    apply,
    claim,
    claim_template,
    config_map,
    crd,
    custom_resource,
    namespace,
    parent_of,
    secret,
    workload,
)
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import Answer, FakeServer, Request


def prune_all(cluster: Cluster, parent: Parent | None = None, *, check: bool = False) -> list[str]:
    """Prune what the parent says, as it is on the cluster or as it was read before."""
    parent = parent or parent_of(cluster)
    live = list_live(cluster, resources_of(Discovery.read(cluster), parent.group_kinds), parent)
    return [str(key) for key in prune(cluster, parent, live, check=check, lock_timeout=30)]


def remove(cluster: Cluster, *named: str, timeout: float = 60, objects: tuple[Object, ...] = ()) -> set[str]:
    removal = Removal(cluster, "web", "metrics", named)
    kinds = {(item["apiVersion"].rpartition("/")[0], item["kind"]) for item in objects}
    doomed = removal.find(kinds)
    removal.run(doomed, wait_timeout=timeout, lock_timeout=30)
    return {str(key) for key in doomed}


def test_what_is_no_longer_wanted_is_deleted_and_its_kind_forgotten(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"), workload("Deployment", "old"))
    apply(cluster, config_map("a"))
    assert prune_all(cluster) == ["Deployment metrics/old"]
    assert (server.names("Deployment"), server.names("ConfigMap")) == (set(), {"a", "web"})
    assert parent_of(cluster).group_kinds == {("", "ConfigMap")}


def api_service(service: str, namespace: str = "metrics") -> Object:
    spec = {"group": "metrics.k8s.io", "version": "v1beta1", "service": {"namespace": namespace, "name": service}}
    metadata = {"name": "v1beta1.metrics.k8s.io"}
    return {"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": metadata, "spec": spec}


def test_an_api_service_is_given_back(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"), api_service("adapter"))
    apply(cluster, config_map("a"))
    assert prune_all(cluster) == ["APIService v1beta1.metrics.k8s.io"]
    assert server.names("APIService") == set()


@pytest.mark.parametrize("theirs", [("metrics-server", "kube-system"), ("adapter", "monitoring"), ("metrics-server", "metrics")])
def test_an_api_service_that_another_s_service_answers_now_stays_with_that(
    theirs: tuple[str, str], server: FakeServer, cluster: Cluster
) -> None:
    apply(cluster, config_map("a"), api_service("adapter"))
    server.put(api_service(*theirs))
    assert apply(cluster, config_map("a")).leftovers == []
    assert prune_all(cluster) == []
    assert remove(cluster) == {"ConfigMap metrics/a"}
    assert server.names("APIService") == {"v1beta1.metrics.k8s.io"}


@pytest.mark.parametrize("ours_first", [True, False])
def test_an_api_service_of_others_is_not_taken_from_them(ours_first: bool, server: FakeServer, cluster: Cluster) -> None:
    if ours_first:
        apply(cluster, api_service("adapter"))
    server.put(api_service("keda", "keda"))
    before = server.at("APIService", "v1beta1.metrics.k8s.io", "")
    for check in (True, False):
        with pytest.raises(MetricsError, match=r"APIService v1beta1.metrics.k8s.io \(answered by keda/keda\)"):
            apply(cluster, config_map("a"), api_service("adapter"), check=check)
    assert server.at("APIService", "v1beta1.metrics.k8s.io", "") == before
    assert "a" not in server.names("ConfigMap")


def test_an_api_service_that_names_our_service_is_ours_whoever_wrote_it(server: FakeServer, cluster: Cluster) -> None:
    server.put(api_service("adapter"))
    apply(cluster, api_service("adapter"))
    assert apply(cluster, api_service("renamed")).leftovers == []
    assert server.at("APIService", "v1beta1.metrics.k8s.io", "")["spec"]["service"]["name"] == "renamed"


def made_for_a_member(item: Object) -> Object:
    """As a controller makes it that copies the labels of what it makes it for."""
    owner = {"apiVersion": "example.com/v1", "kind": "Widget", "name": "w", "uid": "u", "controller": True}
    labels = {PART_OF: Parent("web", "metrics").id}
    return {**item, "metadata": {**item["metadata"], "labels": labels, "ownerReferences": [owner]}}


def test_what_a_controller_made_for_a_member_stays_with_that_member(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"), workload("StatefulSet", "former"))
    server.put(made_for_a_member(workload("StatefulSet", "made")), manager="operator")
    assert apply(cluster, config_map("a")).leftovers == [Key("apps", "StatefulSet", "metrics", "former")]
    assert prune_all(cluster) == ["StatefulSet metrics/former"]
    assert server.names("StatefulSet") == {"made"}
    assert remove(cluster) == {"ConfigMap metrics/a"}


def test_a_member_that_a_controller_has_made_is_one_as_any_other(server: FakeServer, cluster: Cluster) -> None:
    server.put(made_for_a_member(workload("StatefulSet", "made")), manager="operator")
    apply(cluster, config_map("a"), workload("StatefulSet", "made"))
    again = apply(cluster, config_map("a"), workload("StatefulSet", "made"))
    assert (again.adopted, again.result()["changed_objects"]) == ([], [])
    assert remove(cluster) == {"ConfigMap metrics/a", "StatefulSet metrics/made"}


def test_in_check_mode_it_is_only_told(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"), config_map("old"))
    apply(cluster, config_map("a"))
    assert prune_all(cluster, check=True) == ["ConfigMap metrics/old"]
    assert "old" in server.names("ConfigMap")


@pytest.mark.usefixtures("establishing")
def test_what_is_kept_and_what_is_others_stays(server: FakeServer, cluster: Cluster) -> None:
    server.put(config_map("theirs"))
    apply(cluster, crd(), namespace("n"), claim("c"), config_map("a"))
    apply(cluster, config_map("a"))
    assert prune_all(cluster) == []
    assert server.names("PersistentVolumeClaim") | server.names("ConfigMap") == {"c", "a", "web", "theirs"}


def test_what_is_already_going_is_not_told_again(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"), config_map("old"))
    server.at("ConfigMap", "old")["metadata"]["finalizers"] = ["foregroundDeletion"]
    apply(cluster, config_map("a"))
    assert prune_all(cluster) == ["ConfigMap metrics/old"]
    assert prune_all(cluster) == []


def test_what_was_remade_by_somebody_meanwhile_stays(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"), config_map("old"))
    apply(cluster, config_map("a"))

    def remake(request: Request) -> Answer | None:
        if request.method == "DELETE":
            server.at("ConfigMap", "old")["metadata"]["uid"] = "another"
        return None

    server.answers.append(remake)
    prune_all(cluster)
    assert "old" in server.names("ConfigMap")


def test_what_somebody_made_anew_is_not_waited_for(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"))

    def remake(request: Request) -> Answer | None:
        if request.method == "DELETE" and request.path.endswith("/configmaps/a"):
            server.at("ConfigMap", "a")["metadata"]["uid"] = "another"
        return None

    server.answers.append(remake)
    remove(cluster)
    assert server.names("ConfigMap") == {"a"}


def test_a_set_that_another_run_changed_meanwhile_is_not_pruned(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"), config_map("old"))
    apply(cluster, config_map("a"))
    parent = parent_of(cluster)
    apply(cluster, config_map("a"), config_map("b"))
    with pytest.raises(MetricsError, match="Set metrics/web was changed by another run meanwhile; nothing was pruned"):
        prune_all(cluster, parent)
    assert "old" in server.names("ConfigMap")


def test_a_kind_whose_group_does_not_answer_stays_named_in_the_parent(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"), config_map("old"))
    parent = parent_of(cluster)
    parent.with_members(parent.members, {("broken.example.com", "Thing")}).write(cluster)
    apply(cluster, config_map("a"))
    assert prune_all(cluster) == ["ConfigMap metrics/old"]
    assert ("broken.example.com", "Thing") in parent_of(cluster).group_kinds


def test_a_set_is_removed_with_its_parent(server: FakeServer, cluster: Cluster) -> None:
    server.put(config_map("theirs"))
    apply(cluster, config_map("a"), workload("Deployment", "d"))
    assert remove(cluster) == {"ConfigMap metrics/a", "Deployment metrics/d"}
    assert (server.names("ConfigMap"), server.names("Deployment")) == ({"theirs"}, set())
    assert remove(cluster) == set()


def test_it_goes_in_the_reverse_order_of_applying(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, secret("s"), workload("Deployment", "d"))
    remove(cluster)
    assert [request.path.rsplit("/", 1)[-1] for request in server.writes() if request.method == "DELETE"] == ["d", "s", "web"]


@pytest.mark.usefixtures("establishing")
def test_what_is_kept_is_removed_only_when_it_is_named(server: FakeServer, cluster: Cluster) -> None:
    objects = (crd(), crd("Gadget"), namespace("n"), config_map("a"))
    apply(cluster, *objects)
    assert remove(cluster, "CustomResourceDefinition/widgets.example.com") == {
        "CustomResourceDefinition widgets.example.com",
        "ConfigMap metrics/a",
    }
    assert server.names("CustomResourceDefinition") == {"gadgets.example.com"}
    assert remove(cluster, "Namespace", objects=objects) == {"Namespace n"}


@pytest.mark.usefixtures("establishing")
def test_a_set_whose_crd_is_gone_already_can_be_removed(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, crd())
    apply(cluster, custom_resource("w"), config_map("a"), name="web")
    cluster.request("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com")
    assert remove(cluster) == {"ConfigMap metrics/a"}


@pytest.mark.parametrize(
    ("named", "left"),
    [
        ((), {"data-db-0", "data-db-1", "data-other-0"}),
        (("PersistentVolumeClaim",), {"data-other-0"}),
        (("PersistentVolumeClaim/data-db-1",), {"data-db-0", "data-other-0"}),
    ],
)
def test_the_volumes_of_a_stateful_set_go_only_when_they_are_named(
    server: FakeServer, cluster: Cluster, named: tuple[str, ...], left: set[str]
) -> None:
    apply(cluster, workload("StatefulSet", "db", volumeClaimTemplates=[claim_template("1Gi")]))
    for name in ("data-db-0", "data-db-1", "data-other-0"):
        server.put(claim(name))
    remove(cluster, *named)
    assert server.names("PersistentVolumeClaim") == left


def test_volumes_of_stateful_sets_that_are_gone_go_when_both_they_and_their_kind_are_named(
    server: FakeServer, cluster: Cluster
) -> None:
    others = {"data-other-0", "data-team-db-0", "more-data-db-0", "data-db-of-0"}
    for name in ("data-db-0", "data-db-11", *others):
        server.put(claim(name))
    for named, left in (([], {"data-db-0", "data-db-11", *others}), (["PersistentVolumeClaim"], others)):
        removal = Removal(cluster, "s", "metrics", named, ["data-db"])
        removal.run(removal.find([]), wait_timeout=1, lock_timeout=1)
        assert server.names("PersistentVolumeClaim") == left


def test_what_does_not_go_is_named_with_its_finalizers(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"))
    server.at("ConfigMap", "a")["metadata"]["finalizers"] = ["example.com/guard"]
    started = server.now
    with pytest.raises(MetricsError, match=r"after 60 s: ConfigMap metrics/a \(finalizers: example.com/guard\)"):
        remove(cluster)
    assert 60 <= server.now - started < 63
    assert "web" in server.names("ConfigMap")


def test_a_group_that_does_not_answer_stops_the_removal(server: FakeServer, cluster: Cluster) -> None:
    Parent("web", "metrics").with_members({}, {("broken.example.com", "Thing")}).write(cluster)
    with pytest.raises(MetricsError, match=r"API groups broken.example.com do not answer now"):
        remove(cluster)
