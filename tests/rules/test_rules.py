# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""promtool reads the rule files as they are, its tests of them pass, and they reach the cluster unchanged.

It comes with the sandbox.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils import _rule_files, _rule_overrides, _yaml

from tests.playbooks import ROOT, play, rendered

FILES = sorted((ROOT / "roles/rules/files").rglob("*.yml"))

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, check=False)


CLUSTER = "eu-1"


def known_to_promtool(file: Path, folder: Path) -> Path:
    """The file; of the Ruler's a copy for a cluster, without what only Thanos knows."""
    text = file.read_text()
    if file.parent.name != "ruler":
        return file
    copy = folder / file.name
    groups = _rule_files.for_promtool(yaml.safe_load(text)["groups"])
    copy.write_text(_rule_files.write(groups).replace("$cluster", CLUSTER))
    return copy


@each_file
def test_promtool_finds_nothing_wrong_with_the_rules(file: Path, tmp_path: Path) -> None:
    run = promtool("check", "rules", "--lint=all", "--lint-fatal", known_to_promtool(file, tmp_path))
    assert run.returncode == 0, run.stdout + run.stderr


@each_file
def test_alerts_fire_and_stay_quiet_as_promtool_tests_say(file: Path, tmp_path: Path) -> None:
    test = (ROOT / f"tests/rules/{file.stem}.test.yml").read_text().replace("$cluster", CLUSTER)
    (tmp_path / "test.yml").write_text(test.replace(f"../../{file.relative_to(ROOT)}", str(known_to_promtool(file, tmp_path))))
    run = promtool("test", "rules", tmp_path / "test.yml")
    assert run.returncode == 0, run.stdout + run.stderr


# Numbers, dates and words that are text to Prometheus, as a user may write them.
VALUES = "version: 1.10, code: 0123, at: 1:30, on: on, day: 2024-01-01, big: 1_000, yes: true, hex: 0x10, e: 1e3, y: n"
USERS = f"groups: [{{name: own, rules: [{{alert: Own, expr: vector(1), labels: {{{VALUES}, none: ~, fire: \U0001f525}}}}]}}]"


@pytest.mark.parametrize("ours", [False, True], ids=["as written", "through us"])
def test_values_of_a_rule_file_are_to_prometheus_what_they_were(ours: bool, tmp_path: Path) -> None:
    groups = _rule_overrides.override(_rule_files.load({}, {"own.yml": USERS}))["extra-own"]
    (tmp_path / "own.yml").write_text(_rule_files.write(groups) if ours else USERS)
    labels = dict(pair.split(": ") for pair in VALUES.split(", ")) | {"fire": "\U0001f525"}
    expected = {"eval_time": "1m", "alertname": "Own", "exp_alerts": [{"exp_labels": labels}]}
    test = {"rule_files": ["own.yml"], "tests": [{"alert_rule_test": [expected]}]}
    (tmp_path / "test.yml").write_text(_yaml.dump(test))
    run = promtool("test", "rules", tmp_path / "test.yml")
    assert run.returncode == 0, run.stdout + run.stderr


ROLE = {"hosts": "all", "gather_facts": False, "roles": ["longterm.metrics.rules"]}
EVERYTHING = {
    "metrics_state": "rendered",
    "metrics_control_plane": ["etcd", "kube-controller-manager", "kube-proxy", "kube-scheduler"],
    "rules_interval": "",
}


def specs_of(folder: Path, **variables: Any) -> dict[str, Any]:
    """The specs of the PrometheusRules that the role renders, by their names."""
    ran = play([ROLE], {"cluster": {**EVERYTHING, "metrics_rendered_to": str(folder), **variables}}, folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return {item["metadata"]["name"]: item["spec"] for item in rendered(folder, "PrometheusRule")}


def test_the_role_renders_the_files_as_they_are(tmp_path: Path) -> None:
    as_they_are = {file.stem.replace("_", "-"): yaml.safe_load(file.read_text().replace("$cluster", "one")) for file in FILES}
    assert specs_of(tmp_path, metrics_cluster="one", thanos_mode="both") == as_they_are


def test_promtool_accepts_what_the_role_renders_with_changes(tmp_path: Path) -> None:
    mine = {
        "groups": [{"name": "mine", "rules": [{"alert": "Mine", "expr": "up == 0", "annotations": {"summary": "{{ $value }}"}}]}]
    }
    (tmp_path / "my_rules.yml").write_text(json.dumps(mine))
    specs = specs_of(
        tmp_path,
        metrics_control_plane=["etcd"],
        rules_overrides={"HighCPU": {"enabled": "false"}, "Mine": {"for": "1h", "severity": "info"}},
        rules_labels={"team": "platform"},
        rules_extra_files=[str(tmp_path / "my_rules.yml")],
        rules_groups_disabled=["grafana"],
        rules_interval="1m",
    )
    assert "grafana" not in specs
    assert [group["name"] for group in specs["control-plane"]["groups"]] == ["etcd"]
    (alert,) = specs["extra-my-rules"]["groups"][0]["rules"]
    assert alert["labels"] == {"severity": "info", "team": "platform"}
    assert alert["annotations"] == {"summary": "{{ $value }}"}
    for name, spec in specs.items():
        file = tmp_path / f"{name}.yml"
        file.write_text(json.dumps({"groups": _rule_files.for_promtool(spec["groups"])}))
        run = promtool("check", "rules", file)
        assert run.returncode == 0, run.stdout + run.stderr
