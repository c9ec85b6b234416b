# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""StatefulSets whose volume claims changed."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._stateful_set import keep_replicas
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import Object, apply, claim, claim_template, sizes, workload
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer


def stateful_set(size: str) -> Object:
    return workload("StatefulSet", "db", volumeClaimTemplates=[claim_template(size)])


@pytest.fixture
def running(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, stateful_set("1Gi"))
    for name in ("data-db-0", "data-db-1", "data-other-0", "data-db-x"):
        server.put(claim(name))


@pytest.mark.usefixtures("running")
def test_it_is_remade_around_its_pods_and_its_volumes_grow(server: FakeServer, cluster: Cluster) -> None:
    changes = apply(cluster, stateful_set("2Gi"))
    assert changes.result()["recreated"] == ["StatefulSet metrics/db"]
    (deletion,) = [request for request in server.requests if request.method == "DELETE"]
    assert deletion.body["propagationPolicy"] == "Orphan"
    assert sizes(server) == {"data-db-0": "2Gi", "data-db-1": "2Gi", "data-other-0": "1Gi", "data-db-x": "1Gi"}
    assert not apply(cluster, stateful_set("2Gi")).changed


def test_replicas_are_kept_where_the_set_wants_fewer(server: FakeServer, cluster: Cluster) -> None:
    server.put(workload("StatefulSet", "ring", replicas=5) | {"metadata": {"name": "ring", "namespace": "metrics"}})
    wanted = [workload("StatefulSet", name, replicas=3) for name in ("ring", "new", "other")]
    made, held = keep_replicas(cluster, "metrics", wanted, ["ring", "new"])
    assert [item["spec"]["replicas"] for item in made] == [5, 3, 3]
    assert held == ["StatefulSet metrics/ring"]
    made, held = keep_replicas(cluster, "metrics", [workload("StatefulSet", "ring", replicas=7)], ["ring"])
    assert (made[0]["spec"]["replicas"], held) == (7, [])


@pytest.mark.usefixtures("running")
def test_check_mode_tells_it_and_deletes_nothing(server: FakeServer, cluster: Cluster) -> None:
    assert apply(cluster, stateful_set("2Gi"), check=True).result()["recreated"] == ["StatefulSet metrics/db"]
    assert server.at("StatefulSet", "db")["spec"]["volumeClaimTemplates"] == [claim_template("1Gi")]


@pytest.mark.usefixtures("running")
def test_one_that_stays_as_an_orphan_is_finished_by_the_next_run(server: FakeServer, cluster: Cluster) -> None:
    server.at("StatefulSet", "db")["metadata"]["finalizers"] = ["orphan"]
    with pytest.raises(MetricsError, match="StatefulSet metrics/db was not gone after 30 s"):
        apply(cluster, stateful_set("2Gi"))
    del server.objects["apps", "statefulsets", "metrics", "db"]
    apply(cluster, stateful_set("2Gi"))
    assert server.at("StatefulSet", "db")["spec"]["volumeClaimTemplates"] == [claim_template("2Gi")]


@pytest.mark.usefixtures("running")
def test_any_other_refusal_of_a_stateful_set_leaves_the_set_as_it_is(server: FakeServer, cluster: Cluster) -> None:
    server.fail("PATCH", ".*/statefulsets/db", 422, "Invalid", "spec.replicas: Invalid value: -1")
    with pytest.raises(MetricsError, match=r"spec.replicas: Invalid value"):
        apply(cluster, workload("Deployment", "web"), workload("StatefulSet", "db", replicas=-1))
    assert server.names("Deployment") == set()
