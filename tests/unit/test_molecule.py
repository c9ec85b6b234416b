# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which clusters Molecule's scenarios may break."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SHARED = yaml.safe_load((ROOT / ".config/molecule/config.yml").read_text())
SCENARIOS = sorted((ROOT / "molecule").glob("*/molecule.yml"))


def connection(config: dict) -> list[str]:
    words = config.get("ansible", {}).get("executor", SHARED["ansible"]["executor"])["args"]["ansible_playbook"]
    return [word for word in words if not word.startswith("--extra-vars=@")]


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.parent.name)
def test_no_scenario_takes_its_cluster_from_an_ambient_environment(file: Path) -> None:
    assert connection(yaml.safe_load(file.read_text())) == connection(SHARED)
    assert "K8S_AUTH_" not in "".join(connection(SHARED))
    assert SHARED["ansible"]["env"]["K8S_AUTH_HOST"] == ""


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.parent.name)
def test_destroying_a_scenario_takes_nothing_down_on_a_cluster_that_was_given(file: Path) -> None:
    scenario = {**SHARED["scenario"], **yaml.safe_load(file.read_text())["scenario"]}
    assert scenario["destroy_sequence"] == ["destroy"]


@pytest.mark.parametrize(("labels", "refused"), [({}, True), ({"longterm.metrics/throw-away": "true"}, False)])
def test_a_given_cluster_is_taken_only_with_its_mark(labels: dict, refused: bool, tmp_path) -> None:
    kubectl = tmp_path / "kubectl"
    kubectl.write_text(f"#!/bin/sh\necho \"$*\" >>'{tmp_path}/calls'\necho '{json.dumps({'metadata': {'labels': labels}})}'\n")
    kubectl.chmod(0o755)
    command = ["ansible-playbook", "--inventory=inventories/sandbox", "molecule/default/create.yml"]
    given = ["--extra-vars=metrics_kubeconfig=/etc/given", "--extra-vars=metrics_context=prod"]
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}

    done = subprocess.run([*command, *given], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    output = " ".join((done.stdout + done.stderr).split())
    assert (done.returncode != 0) is refused, output
    assert ("refuse the cluster of context prod in /etc/given: it is not marked" in output) is refused
    assert (tmp_path / "calls").read_text().startswith("--kubeconfig=/etc/given --context=prod get namespace kube-system")
