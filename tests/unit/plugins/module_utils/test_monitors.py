# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of the operator's monitors have targets."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _monitors, _scrape_targets
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._monitors import Monitor, owner
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import crd
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_pods import FakePods, prometheus, reached

KUBELET = Monitor("ServiceMonitor", "metrics", "kubelet")
POOL = "serviceMonitor/metrics/kubelet/0"


def put(server: FakeServer, kind: str, name: str, **spec: Any) -> None:
    version = "v1alpha1" if kind == "ScrapeConfig" else "v1"
    server.put(crd(kind, "monitoring.coreos.com", name=version))
    metadata = {"name": name, "namespace": "metrics"}
    server.put({"apiVersion": f"monitoring.coreos.com/{version}", "kind": kind, "metadata": metadata, "spec": spec})


@pytest.mark.parametrize(
    ("monitor", "pool"),
    [
        (KUBELET, "serviceMonitor/metrics/kubelet/0"),
        (KUBELET, "serviceMonitor/metrics/kubelet/1"),
        (Monitor("PodMonitor", "metrics", "kubelet"), "podMonitor/metrics/kubelet/0"),
        (Monitor("Probe", "metrics", "kubelet"), "probe/metrics/kubelet"),
        (Monitor("ScrapeConfig", "metrics", "kubelet"), "scrapeConfig/metrics/kubelet"),
    ],
)
def test_a_monitor_with_a_target_is_fine(monitor: Monitor, pool: str) -> None:
    assert _monitors.judge([monitor], [pool]) == []


@pytest.mark.parametrize(
    "pool",
    [
        "serviceMonitor/metrics/kubelet-b/0",
        "serviceMonitor/other/kubelet/0",
        "podMonitor/metrics/kubelet/0",
        "metrics/kubelet",
        "",
    ],
)
def test_another_ones_target_is_not_its_own(pool: str) -> None:
    assert len(_monitors.judge([KUBELET], [pool])) == 1


def test_an_empty_service_monitor_is_named_with_its_selector_its_namespace_and_its_ports(
    server: FakeServer, cluster: Cluster
) -> None:
    put(
        server,
        "ServiceMonitor",
        "web",
        selector={"matchLabels": {"app": "web"}},
        endpoints=[{"port": "http"}, {"targetPort": 81}],
    )
    (finding,) = _monitors.judge(_monitors.read(cluster), [POOL])
    assert finding == (
        'ServiceMonitor metrics/web has no target: is there a Service in namespace metrics that {"matchLabels": {"app": "web"}} '
        "selects, with a port http, 81; and does this Prometheus select the ServiceMonitor itself?"
    )


def test_namespaces_are_named_as_the_monitor_selects_them(server: FakeServer, cluster: Cluster) -> None:
    put(server, "PodMonitor", "any", namespaceSelector={"any": True}, podMetricsEndpoints=[{}])
    put(server, "ServiceMonitor", "two", namespaceSelector={"matchNames": ["a", "b"]}, endpoints=[{"port": "http"}])
    two, some = _monitors.judge(_monitors.read(cluster), [])
    assert "a Service in namespace a, b that {} selects" in two
    assert "a pod in any namespace that {} selects; and" in some


def test_an_empty_probe_is_named_with_its_targets(server: FakeServer, cluster: Cluster) -> None:
    put(server, "Probe", "outside", targets={"ingress": {"selector": {}}})
    (finding,) = _monitors.judge(_monitors.read(cluster), [])
    assert 'does its spec.targets name any target: {"ingress": {"selector": {}}}' in finding


@pytest.mark.parametrize("allowed", ["web", "metrics/web"])
def test_what_may_be_empty_is_left_out_by_name(server: FakeServer, cluster: Cluster, allowed: str) -> None:
    put(server, "ServiceMonitor", "web")
    put(server, "ServiceMonitor", "web-b")
    assert [monitor.name for monitor in _monitors.read(cluster, [allowed])] == ["web-b"]


def test_one_of_the_same_name_in_another_namespace_is_not_left_out(server: FakeServer, cluster: Cluster) -> None:
    put(server, "ServiceMonitor", "web")
    assert len(_monitors.read(cluster, ["other/web"])) == 1


def test_an_empty_scrape_config_is_named_with_its_discoveries(server: FakeServer, cluster: Cluster) -> None:
    put(server, "ScrapeConfig", "outside", dnsSDConfigs=[{"names": ["a"]}], metricRelabelConfigs=[{}])
    (finding,) = _monitors.judge(_monitors.read(cluster), [])
    assert finding.startswith("ScrapeConfig metrics/outside has no target: does its dnsSDConfigs find any target; ")


def test_monitors_of_a_kind_are_those_of_the_namespaces_named(server: FakeServer, cluster: Cluster) -> None:
    kinds = ["PodMonitor", "Probe", "ScrapeConfig"]
    for kind in kinds:
        put(server, kind, "outside")

    def read(**namespaces: list[str]) -> list[str]:
        return [monitor.kind for monitor in _monitors.read(cluster, namespaces=namespaces)]

    assert read() == read(Probe=["metrics"], ScrapeConfig=["other", "metrics"]) == kinds
    assert read(Probe=["other"]) == ["PodMonitor", "ScrapeConfig"]
    assert read(ScrapeConfig=["other"]) == ["PodMonitor", "Probe"]


def test_a_cluster_without_the_kinds_is_an_error(cluster: Cluster) -> None:
    with pytest.raises(MetricsError, match="knows none of the kinds ServiceMonitor, PodMonitor, Probe, ScrapeConfig"):
        _monitors.read(cluster)


def test_each_replica_must_have_a_target_of_each_monitor(server: FakeServer, cluster: Cluster) -> None:
    put(server, "ServiceMonitor", "kubelet", selector={}, endpoints=[{"port": "https"}])
    target = {"labels": {"job": "kubelet"}, "scrapePool": POOL, "health": "down", "scrapeUrl": "http://x"}
    answers = {"prometheus-0": prometheus(targets={"activeTargets": [target]}), "prometheus-1": {}}
    pods = FakePods(server, "prometheus", answers)
    pods.pods["prometheus-1"] = prometheus(targets={"activeTargets": []})
    asked = {"jobs": [], "monitors": True, "allowed_empty": [], "down_targets": "report", "monitor_namespaces": {}}
    options = {**reached("prometheus"), "every_pod": True, **asked, "wait_timeout": 0}
    with pytest.raises(MetricsError, match="prometheus-1: ServiceMonitor metrics/kubelet has no target") as caught:
        _scrape_targets.wait_for(cluster, options, [1])
    assert "prometheus-0: " not in caught.value.message
    pods.pods["prometheus-1"] = pods.pods["prometheus-0"]
    assert _scrape_targets.wait_for(cluster, options, [1])["monitors"] == ["ServiceMonitor metrics/kubelet"]


@pytest.mark.parametrize(
    ("pool", "name"),
    [
        ("serviceMonitor/shop/web/0", "ServiceMonitor shop/web"),
        ("podMonitor/shop/jobs/1", "PodMonitor shop/jobs"),
        ("probe/shop/site", "Probe shop/site"),
        ("scrapeConfig/shop/site", "ScrapeConfig shop/site"),
        ("kubernetes-pods", "scrape pool kubernetes-pods"),
    ],
)
def test_a_scrape_pool_tells_its_monitor(pool: str, name: str) -> None:
    assert owner(pool) == name
