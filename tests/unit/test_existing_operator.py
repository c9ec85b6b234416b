# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stack where another's operator runs its Prometheus and Alertmanager."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.playbooks import ROOT, evaluate, play, rendered, variables_of

ENGINES = ("operator", "helm")
# The few that an operator matters to; the others are there for their variables.
ROLES = [
    *("prometheus_operator", "rules", "system_monitors", "alertmanager", "dashboards", "prometheus"),
    *("kube_prometheus_stack", "gitops"),
]
SAID = "{'sets': __common_present, 'jobs': __verify_jobs, 'pods': __kube_prometheus_stack_pods_expected | int}"


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("existing")
    variables = {"prometheus_operator_existing": True, "metrics_cluster": "a"}
    options = [f"--inventory={ROOT}/inventories/sandbox", f"--limit={','.join(ENGINES)}", f"--extra-vars={json.dumps(variables)}"]
    hosts = {engine: {"prometheus_engine": engine, "metrics_rendered_to": f"{folder}/{engine}"} for engine in ENGINES}
    others = sorted({place.name for place in (ROOT / "roles").iterdir()} - set(ROLES))
    roles = [*variables_of(others), *({"role": f"longterm.metrics.{name}"} for name in ROLES)]
    plays = [{"hosts": "all", "gather_facts": False, "vars": {"metrics_state": "rendered"}, "roles": roles}]
    ran = play(plays, hosts, folder, *options)
    assert ran.returncode == 0, ran.stdout
    return folder


def objects(tree: Path, kind: str) -> dict[str, dict[str, Any]]:
    # The values of the chart are no objects.
    sets = [folder for folder in tree.iterdir() if folder.is_dir() and folder.name != "kube-prometheus-stack"]
    return {item["metadata"]["name"]: item for folder in sets for item in rendered(folder, kind)}


@pytest.mark.parametrize("engine", ENGINES)
def test_neither_operator_nor_definitions_are_brought(engine: str, trees: Path) -> None:
    assert not (trees / engine / "prometheus-operator").exists()
    assert not (trees / engine / "crds").exists()
    assert not {"prometheus-operator", "crds"} & set(
        yaml.safe_load((trees / engine / "kustomization.yaml").read_text())["resources"]
    )
    assert "kubelet" not in objects(trees / engine, "Service")


def test_the_chart_leaves_its_operator_out(trees: Path) -> None:
    values = yaml.safe_load((trees / "helm/kube-prometheus-stack/values.yaml").read_text())
    assert values["prometheusOperator"]["enabled"] is False


def test_prometheus_and_alertmanager_are_the_other_operators_to_run(trees: Path) -> None:
    assert set(objects(trees / "operator", "Prometheus")) == set(objects(trees / "operator", "Alertmanager")) == {"main"}


@pytest.mark.parametrize("engine", ENGINES)
def test_kubelets_are_found_where_the_other_operator_lists_them(engine: str, trees: Path) -> None:
    assert objects(trees / engine, "ServiceMonitor")["kubelet"]["spec"]["namespaceSelector"] == {"any": True}


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_told_of_an_operator_that_may_not_be_scraped(engine: str, trees: Path) -> None:
    rules = yaml.safe_load_all((trees / engine / "additional-rules.yaml").read_text())
    groups = {group["name"] for rule in rules for group in rule["spec"]["groups"]}
    assert "config-reloader" in groups
    assert "prometheus-operator" not in groups
    assert not [name for name in objects(trees / engine, "ConfigMap") if "operator" in name]


def test_proofs_expect_no_operator(tmp_path: Path) -> None:
    variables = {f"{name}_enabled": False for name in ("alertmanager", "kube_state_metrics", "grafana")}
    hosts = {"theirs": {"prometheus_operator_existing": True}, "ours": {"prometheus_operator_existing": "false"}}
    roles = [folder.name for folder in sorted((ROOT / "roles").iterdir())]
    found = evaluate(SAID, roles, {host: {**variables, **existing} for host, existing in hosts.items()}, tmp_path)
    for host, more in (("theirs", 0), ("ours", 1)):
        said = found[host]
        assert ("prometheus-operator" in said["sets"]) == ("prometheus-operator" in said["jobs"]) == bool(more)
        assert said["pods"] == 2 + more
