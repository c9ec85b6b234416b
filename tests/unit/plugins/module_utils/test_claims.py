# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes that grow when their size does."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import (
    Object,
    apply,
    claim,
    claim_template,
    config_map,
    sizes,
    workload,
)
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer

SETTINGS = config_map("settings", a="1")


def stateful_set(size: str) -> Object:
    return workload("StatefulSet", "db", volumeClaimTemplates=[claim_template(size)])


def named(size: str) -> list[Object]:
    return [{"stateful_set": "db", "template": "data", "size": size, "resource": ""}]


@pytest.fixture(autouse=True)
def claims(server: FakeServer) -> None:
    for name in ("data-db-0", "data-db-1", "data-dbs-0", "data-db-x"):
        server.put(claim(name))


def test_claims_that_a_set_names_grow_and_no_others(server: FakeServer, cluster: Cluster) -> None:
    changes = apply(cluster, SETTINGS, claims=named("2Gi"))
    assert changes.result()["changed_objects"] == [
        "PersistentVolumeClaim metrics/data-db-0",
        "PersistentVolumeClaim metrics/data-db-1",
    ]
    assert "storage: 2Gi" in next(entry["after"] for entry in changes.diff() if "data-db-1" in entry["before_header"])
    assert sizes(server) == {"data-db-0": "2Gi", "data-db-1": "2Gi", "data-dbs-0": "1Gi", "data-db-x": "1Gi"}
    assert not apply(cluster, SETTINGS, claims=named("2048Mi")).changed


def test_check_mode_tells_which_would_grow(server: FakeServer, cluster: Cluster) -> None:
    for set_of in ({"objects": [SETTINGS], "claims": named("2Gi")}, {"objects": [stateful_set("2Gi")]}):
        changes = apply(cluster, *set_of["objects"], check=True, claims=set_of.get("claims", []))
        assert "PersistentVolumeClaim metrics/data-db-0" in changes.result()["changed_objects"]
    assert set(sizes(server).values()) == {"1Gi"}


def test_a_stateful_set_that_stands_as_declared_has_its_volumes_grown_all_the_same(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, stateful_set("2Gi"))
    server.put(claim("data-db-0"))
    assert apply(cluster, stateful_set("2Gi")).changed
    assert sizes(server)["data-db-0"] == "2Gi"


def test_a_new_stateful_set_takes_volumes_of_before_and_lets_them_grow(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, stateful_set("3Gi"))
    assert sizes(server)["data-db-1"] == "3Gi"


@pytest.mark.parametrize("options", [{}, {"check": True}])
def test_a_volume_that_would_shrink_is_an_error_before_anything_is_written(
    server: FakeServer, cluster: Cluster, options: Object
) -> None:
    with pytest.raises(MetricsError, match=r"metrics/data-db-0 has 1Gi, and 512Mi is asked for: a volume never shrinks.* to 1Gi"):
        apply(cluster, SETTINGS, stateful_set("512Mi"), **options)
    with pytest.raises(MetricsError, match="a volume never shrinks"):
        apply(cluster, SETTINGS, claims=named("512Mi"), **options)
    assert not server.names("ConfigMap")


@pytest.mark.parametrize("options", [{}, {"check": True}])
def test_a_class_that_cannot_grow_is_an_error_before_anything_is_written(
    server: FakeServer, cluster: Cluster, options: Object
) -> None:
    server.fail("PATCH", ".*/persistentvolumeclaims/.*", 403, "Forbidden", "only dynamically provisioned pvc can be resized")
    with pytest.raises(
        MetricsError, match=r"PersistentVolumeClaim metrics/data-db-0 cannot grow to 2Gi: only dyn.*allowVolumeExpansion"
    ):
        apply(cluster, SETTINGS, stateful_set("2Gi"), **options)
    assert not server.names("ConfigMap")


def test_a_size_that_is_none_is_refused(cluster: Cluster) -> None:
    with pytest.raises(MetricsError, match="'large' is no Kubernetes quantity"):
        apply(cluster, SETTINGS, claims=named("large"))
