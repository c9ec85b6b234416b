# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parent of a set, as KEP-3659 has it."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key
from ansible_collections.longterm.metrics.plugins.module_utils._parent import (
    GROUP_KINDS,
    ID_LABEL,
    NAMESPACES,
    TOOLING,
    Parent,
    set_id,
    sets_of_ours,
)
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import config_map
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer, recorded

MEMBERS = {
    Key("apps", "Deployment", "metrics", "query"): "0123",
    Key("", "ConfigMap", "other", "c"): "4567",
    Key("", "Namespace", "", "other"): "89ab",
}


def test_the_id_of_a_set_is_the_one_kubectl_computes() -> None:
    metadata = recorded("applyset_of_kubectl.json")["metadata"]
    assert set_id(metadata["name"], metadata["namespace"]) == metadata["labels"][ID_LABEL]


def test_a_parent_that_is_read_is_the_one_that_was_written(server: FakeServer, cluster: Cluster) -> None:
    Parent("web", "metrics").with_members(MEMBERS).write(cluster)
    found = Parent.read(cluster, "web", "metrics")
    assert (found.exists, found.members) == (True, MEMBERS)
    assert found.group_kinds == {("apps", "Deployment"), ("", "ConfigMap"), ("", "Namespace")}
    assert found.namespaces == {"metrics", "other"}


def test_its_marks_are_those_of_the_specification(server: FakeServer, cluster: Cluster) -> None:
    parent = Parent("web", "metrics").with_members(MEMBERS)
    parent.write(cluster)
    metadata = server.at("ConfigMap", "web")["metadata"]
    kubectl = recorded("applyset_of_kubectl.json")["metadata"]
    assert set(metadata["annotations"]) == set(kubectl["annotations"])
    assert metadata["labels"] == {ID_LABEL: parent.id}
    assert metadata["annotations"][GROUP_KINDS] == "ConfigMap,Deployment.apps,Namespace"
    assert metadata["annotations"][NAMESPACES] == "other"
    assert metadata["annotations"][TOOLING] == "longterm.metrics/v1"


def test_without_a_parent_a_set_is_empty(cluster: Cluster) -> None:
    found = Parent.read(cluster, "web", "metrics")
    assert (found.exists, found.members) == (False, {})


@pytest.mark.parametrize("item", [recorded("applyset_of_kubectl.json"), config_map("kubeset")], ids=["kubectl's", "nobody's"])
def test_a_config_map_that_is_no_set_of_ours_is_refused(server: FakeServer, cluster: Cluster, item: dict) -> None:
    server.put({**item, "metadata": {**item["metadata"], "namespace": "metrics"}})
    with pytest.raises(
        MetricsError, match=r"ConfigMap metrics/kubeset of https://fake:6443 is no set of ours: .*(kubectl/|missing)"
    ):
        Parent.read(cluster, "kubeset", "metrics")


def test_creating_a_parent_never_empties_one_that_is_there(cluster: Cluster) -> None:
    Parent("web", "metrics").with_members(MEMBERS).write(cluster)
    Parent("web", "metrics").create(cluster)
    assert Parent.read(cluster, "web", "metrics").members == MEMBERS


def test_leftovers_stay_named_until_they_are_gone() -> None:
    parent = Parent("web", "metrics").with_members({}, {("batch", "Job")}, {"other"})
    assert (parent.group_kinds, parent.namespaces) == ({("batch", "Job")}, {"metrics", "other"})


def test_sets_are_ours_by_their_tooling(server: FakeServer, cluster: Cluster) -> None:
    kubeset = recorded("applyset_of_kubectl.json")
    server.put({**kubeset, "metadata": {**kubeset["metadata"], "namespace": "metrics"}})
    Parent("web", "metrics").write(cluster)
    ids = [kubeset["metadata"]["labels"][ID_LABEL], set_id("web", "metrics"), "applyset-of-nobody-v1"]
    assert sets_of_ours(cluster, ids) == {set_id("web", "metrics"): "metrics/web"}
