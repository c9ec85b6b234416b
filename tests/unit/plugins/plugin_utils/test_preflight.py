# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Single questions; the role's own test puts all of them to whole clusters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.plugin_utils._preflight import Port, Settings, findings, ports_twice, reconciled

ASKED: dict[str, Any] = {
    "namespace": "metrics",
    "kubernetes": "1.30",
    "operator": True,
    "brings_crds": True,
    "existing_operator": False,
    "kubelet": True,
    "default_class": "",
    "storage_classes": {"prometheus_storage_class": ""},
    "ports": [{"port": 30300, "variable": "grafana_node_port", "kind": "Service", "name": "grafana"}],
    "gateways": [],
    "shortages": [],
}
SETTINGS = Settings.read(ASKED)
NOBODY = {"applyset": None, "helm_release": None, "managers": ["kubectl"]}
CLUSTER: dict[str, Any] = {
    "version": "v1.36.3",
    "storage_classes": [{"name": "local-path"}],
    "default_storage_class": "local-path",
    "crds": [],
    "api_groups": {},
    "prometheus_operators": [],
    "prometheus_resources": [],
    "taken_ports": [],
}


def test_a_cluster_that_fits_has_nothing_in_the_way() -> None:
    assert findings(CLUSTER, SETTINGS) == []


@pytest.mark.parametrize(("version", "old"), [("v1.29.9", True), ("v1.30.0-eks-1", False), ("v1.4.0", True), ("v2.0.0", False)])
def test_versions_are_compared_as_numbers(version: str, old: bool) -> None:
    found = findings({**CLUSTER, "version": version}, SETTINGS)
    assert found == ([f"Kubernetes is {version}; must be at least 1.30."] if old else [])


@pytest.mark.parametrize(
    ("holder", "free"),
    [
        ({"kind": "Service", "namespace": "metrics", "name": "grafana"}, True),
        ({"kind": "Service", "namespace": "metrics", "name": "grafana-old"}, False),
        ({"kind": "Pod", "namespace": "metrics", "name": "grafana"}, False),
        ({"kind": "Service", "namespace": "other", "name": "grafana"}, False),
    ],
)
def test_a_port_may_be_taken_by_the_object_that_asks_for_it(holder: dict[str, str], free: bool) -> None:
    assert (findings({**CLUSTER, "taken_ports": [{"port": 30300, **holder}]}, SETTINGS) == []) is free


def test_a_pod_of_any_name_may_have_a_port_of_the_nodes() -> None:
    port = Port(9100, "node_exporter_port", "Pod", "nodes")
    assert port.is_of({"kind": "Pod", "namespace": "nodes", "name": "node-exporter-x"})


def test_a_pair_of_variables_with_one_port_is_named_once() -> None:
    ports = tuple(Port(30300, variable, "Service", "metrics") for variable in ("a", "b", "c"))
    assert ports_twice((*ports, Port(1, "d", "Service", "metrics"))) == [
        f"{pair} are both 30300; give each a port of its own." for pair in ("a and b", "a and c", "b and c")
    ]


def test_classes_are_named_by_the_variables_that_ask_for_them() -> None:
    asked = replace(SETTINGS, storage_classes={"a_class": "gp3", "b_class": "gp3", "c_class": "fast"}, default_class="fast")
    assert findings(CLUSTER, asked) == [
        "There is no StorageClass gp3 (available: local-path); set a_class, b_class to one of them.",
        "There is no StorageClass fast (available: local-path); set metrics_storage_class to one of them.",
    ]


def test_definitions_that_a_gitops_controller_writes_are_told() -> None:
    crds = [{"name": name, "owner": {**NOBODY, "managers": [name]}} for name in ("argocd-controller", "kubectl")]
    assert reconciled({"crds": crds}) == ["argocd-controller"]
    assert reconciled({}) == []
