# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which kinds a cluster serves."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._discovery import Discovery, Resource
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import crd, custom_resource
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer


@pytest.fixture
def discovery(cluster: Cluster) -> Discovery:
    return Discovery.read(cluster)


def test_discovery_is_two_requests(server: FakeServer, cluster: Cluster) -> None:
    Discovery.read(cluster)
    assert [request.path for request in server.requests] == ["/api", "/apis"]


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("v1", "Namespace", "/api/v1/namespaces/x"),
        ("v1", "ConfigMap", "/api/v1/namespaces/n/configmaps/x"),
        ("apps/v1", "Deployment", "/apis/apps/v1/namespaces/n/deployments/x"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", "/apis/rbac.authorization.k8s.io/v1/clusterroles/x"),
    ],
)
def test_a_kind_has_the_path_of_its_scope(discovery: Discovery, api_version: str, kind: str, path: str) -> None:
    found = discovery.find(api_version, kind)
    assert found
    assert found.path("n", "x") == path


def test_the_preferred_version_is_the_servers_and_any_served_one_is_found(discovery: Discovery) -> None:
    preferred = discovery.preferred("autoscaling", "HorizontalPodAutoscaler")
    assert preferred
    assert preferred.version == "v2"
    assert discovery.find("autoscaling/v1", "HorizontalPodAutoscaler")


@pytest.mark.parametrize(
    ("api_version", "kind", "words"),
    [
        (
            "autoscaling/v2beta2",
            "HorizontalPodAutoscaler",
            "HorizontalPodAutoscaler as autoscaling/v2, autoscaling/v1, not",
        ),
        ("example.com/v1", "Widget", "knows no kind Widget in example.com/v1; its CRD must be applied before"),
        ("broken.example.com/v1", "Thing", "the API group broken.example.com does not answer now; look at its APIService"),
    ],
)
def test_a_kind_that_is_not_served_is_explained(discovery: Discovery, api_version: str, kind: str, words: str) -> None:
    with pytest.raises(MetricsError, match=f"{kind} n/x: .*{words}"):
        discovery.need({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x", "namespace": "n"}})


def test_crds_that_are_about_to_be_applied_count_and_the_original_stays(discovery: Discovery) -> None:
    extended = discovery.with_crds([crd()])
    assert extended.need(custom_resource("x")) == Resource("example.com", "v1", "Widget", "widgets", True)
    assert discovery.preferred("example.com", "Widget") is None


def test_a_version_that_is_not_served_is_none(discovery: Discovery) -> None:
    assert discovery.with_crds([crd(served=False)]).preferred("example.com", "Widget") is None


def test_a_crd_that_is_not_complete_is_named(discovery: Discovery) -> None:
    broken = crd()
    del broken["spec"]["names"]
    with pytest.raises(MetricsError, match=r"CustomResourceDefinition widgets.example.com is no complete definition .*names"):
        discovery.with_crds([broken])
