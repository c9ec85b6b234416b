# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conditions on which panels may be empty, as promtool evaluates them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.playbooks import evaluate

# Series of a cluster, and a panel that they excuse; without the last of them they do not.
QUIET = {
    "Workloads / Autoscaling": ['up{cluster="one",job="kube-state-metrics"}'],
    "Alertmanager / Members": ['up{cluster="one",job="alertmanager",pod="alertmanager-0"}'],
    "Kubelet / Evictions": ['up{cluster="one",job="kubelet",metrics_path="/metrics"}'],
    "Blackbox probes / *": ['up{cluster="one",job="apiserver"}'],
}
# Series beside those, with which the panel has something to show.
TELLING = {
    "Workloads / Autoscaling": 'kube_horizontalpodautoscaler_info{cluster="one",namespace="shop"}',
    "Alertmanager / Members": 'up{cluster="one",job="alertmanager",pod="alertmanager-1"}',
    "Kubelet / Evictions": 'kubelet_evictions{cluster="one",job="kubelet",metrics_path="/metrics"}',
    "Blackbox probes / *": 'probe_success{cluster="one"}',
}


@pytest.fixture(scope="module")
def conditions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The conditions by dashboard and panel, their variables filled for one cluster."""
    found = evaluate("__dashboards_allowed_empty", ["common", "dashboards"], {"one": {}}, tmp_path_factory.mktemp("conditions"))
    filled: dict[str, list[str]] = {}
    for entry in found["one"]:
        text = entry["condition"].replace("$cluster", "one")
        for name in ("namespace", "pod", "persistentvolumeclaim"):
            text = text.replace(f"${name}", ".*")
        filled.setdefault(f"{entry['dashboard']} / {entry['panel']}", []).append(text)
    return filled


def holding(conditions: dict[str, list[str]], series: list[str], folder: Path) -> set[str]:
    """The panels of which a condition holds on a cluster with these series, each of the value 1."""
    rules = [
        {"alert": f"{name} {number}", "expr": text} for name, texts in conditions.items() for number, text in enumerate(texts)
    ]
    (folder / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "conditions", "rules": rules}]}))
    # promtool tells what fired where something else was expected.
    expected = [{"alertname": rule["alert"], "eval_time": "5m", "exp_alerts": [{"exp_labels": {"no": "such"}}]} for rule in rules]
    test: dict[str, Any] = {
        "rule_files": ["rules.yml"],
        "tests": [
            {"interval": "1m", "input_series": [{"series": one, "values": "1x10"} for one in series], "alert_rule_test": expected}
        ],
    }
    (folder / "test.yml").write_text(yaml.safe_dump(test))
    ran = subprocess.run(["promtool", "test", "rules", folder / "test.yml"], capture_output=True, text=True, check=False)
    said = ran.stdout + ran.stderr
    assert said.count("alertname: ") == len(rules), said
    fired = [part for part in said.split("alertname: ")[1:] if "got:[]" not in part]
    return {part.partition(", time:")[0].rpartition(" ")[0] for part in fired}


def test_where_nothing_is_scraped_no_condition_holds(conditions: dict[str, list[str]], tmp_path: Path) -> None:
    assert holding(conditions, [], tmp_path) == set()


@pytest.mark.parametrize("panel", QUIET)
def test_a_condition_holds_while_there_is_nothing_to_tell_and_no_longer(
    panel: str, conditions: dict[str, list[str]], tmp_path: Path
) -> None:
    assert panel in holding(conditions, QUIET[panel], tmp_path)
    assert panel not in holding(conditions, [*QUIET[panel], TELLING[panel]], tmp_path)
