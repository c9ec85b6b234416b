# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What metrics_scheduling says reaches the pods of every component, whatever makes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.playbooks import Outcome, run_roles
from tests.unit.conftest import FURTHER

TAINT = {"key": "pool", "operator": "Equal", "value": "monitoring", "effect": "NoSchedule"}
SCHEDULING = {
    "all": {"node_selector": {"pool": "monitoring"}, "tolerations": [TAINT], "priority_class": "high"},
    "thanos-store": {"node_selector": {"disk": "ssd"}},
}
LINUX = {"kubernetes.io/os": "linux"}
ROLES = (
    *(
        "alertmanager",
        "blackbox_exporter",
        "exposure",
        "grafana",
        "kube_state_metrics",
        "node_exporter",
        "object_store",
        "prometheus",
    ),
    *("prometheus_adapter", "prometheus_alert", "prometheus_operator", "thanos"),
)
ENGINES = {"prometheus": ("operator", "standalone"), "alertmanager": ("operator", "standalone")}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    variables = {
        **FURTHER,
        "prometheus_operator_crds": False,
        "object_store_flavour": "versitygw",
        "metrics_scheduling": SCHEDULING,
    }
    cases = {
        f"{role}, {engine}": (role, {**variables, "prometheus_engine": engine})
        for role in ROLES
        for engine in ENGINES.get(role, ("operator",))
    }
    found = run_roles(tmp_path_factory.mktemp("scheduling"), cases)
    assert {name: outcome.error for name, outcome in found.items() if outcome.error} == {}
    return found


def pods(objects: Iterator[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The name of each workload, and what says where its pods run."""
    for item in objects:
        if item["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job"):
            yield item["metadata"]["name"], item["spec"]["template"]["spec"]
        elif item["kind"] in ("Prometheus", "Alertmanager"):
            yield item["metadata"]["name"], item["spec"]


def test_pods_of_every_component_run_where_all_should(outcomes: dict[str, Outcome]) -> None:
    found = [pod for outcome in outcomes.values() for pod in pods(iter(outcome.objects.values()))]
    assert len(found) >= 18
    for name, spec in found:
        assert {**LINUX, "pool": "monitoring"}.items() <= spec["nodeSelector"].items(), name
        assert TAINT in spec["tolerations"], name
        assert spec["priorityClassName"] == "high", name
    assert [name for name, spec in found if "disk" in spec["nodeSelector"]] == ["thanos-store"]


def test_without_a_word_all_pods_run_on_linux(stacks: dict[str, list[dict[str, Any]]]) -> None:
    for stack in stacks.values():
        for name, spec in pods(iter(stack)):
            assert spec["nodeSelector"] == LINUX, name
            assert "priorityClassName" not in spec


def test_node_exporter_leaves_virtual_nodes_out(outcomes: dict[str, Outcome]) -> None:
    (spec,) = [spec for name, spec in pods(iter(outcomes["node_exporter, operator"].objects.values())) if name == "node-exporter"]
    (term,) = spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert {"key": "type", "operator": "NotIn", "values": ["virtual-kubelet"]} in term["matchExpressions"]
