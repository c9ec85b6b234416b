# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What teardown.yml takes along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api_server import OURS, THEIRS, release, serve
from tests.playbooks import ROOT, play, variables_of

# What stands for the module of this name: it notes what it was asked.
HELM = """#!/usr/bin/python
# WANT_JSON
import json, os, sys
with open(sys.argv[1]) as given, open("{noted}", "a") as noted:
    given = json.load(given)
    with open(given["kubeconfig"]) as file:
        used = json.load(file)["current-context"]
    noted.write(json.dumps(given | {{"used": used, "shell": os.environ["HELM_KUBECONTEXT"]}}) + "\\n")
print(json.dumps({{"changed": True}}))
"""


def test_a_namespace_takes_its_volumes_along_only_where_these_are_named_too(tmp_path: Path) -> None:
    nowhere = {"metrics_kubeconfig": str(tmp_path / "none"), "metrics_teardown_namespace": True}
    both = {**nowhere, "metrics_teardown_volumes": True}
    said = play(ROOT / "playbooks/teardown.yml", {"namespace": nowhere, "both": both}, tmp_path).stdout
    refused = "metrics_teardown_volumes to true as well"
    told = [line for line in said.splitlines() if line.startswith("fatal: [")]
    assert [refused in line for line in told if "[namespace]" in line] == [True]
    # That one is let through to a cluster that is not there.
    assert [refused in line for line in told if "[both]" in line] == [False]


def test_a_release_goes_only_where_it_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K8S_AUTH_CONTEXT", "fake")
    monkeypatch.setenv("HELM_KUBECONTEXT", "elsewhere")
    modules = tmp_path / "collections/ansible_collections/kubernetes/core/plugins/modules"
    modules.mkdir(parents=True)
    (modules / "helm.py").write_text(HELM.format(noted=tmp_path / "noted"))
    # Of what failed the first time there is nothing but its Secret.
    there = [release("ours", OURS), release("theirs", THEIRS), release("failed", OURS, status="failed"), release("plain", None)]
    namespaces = [secret["metadata"]["namespace"] for secret in there]
    roles = ["prometheus", "alertmanager", "kube_state_metrics", "grafana"]
    play_of = {
        "hosts": "all",
        "gather_facts": False,
        "module_defaults": {"group/longterm.metrics.all": {"kubeconfig": "{{ metrics_kubeconfig }}"}},
        "roles": variables_of(roles),
        "tasks": [{"ansible.builtin.import_role": {"name": "longterm.metrics.kube_prometheus_stack"}}],
    }
    engines = ("operator", "helm")
    with serve(tmp_path, there) as kubeconfig:
        shared = {"metrics_kubeconfig": kubeconfig, "metrics_state": "absent"}
        hosts = {
            f"{engine} {name}": {**shared, "metrics_namespace": name, "prometheus_engine": engine}
            for engine in engines
            for name in namespaces
        }
        here = json.dumps({"__kube_prometheus_stack_needs": []})
        ran = play([play_of], hosts, tmp_path, f"--extra-vars={here}")
    assert ran.returncode == 0, ran.stdout
    asked = [json.loads(line) for line in (tmp_path / "noted").read_text().splitlines()]
    assert sorted(item["release_namespace"] for item in asked) == ["failed", "failed", "ours", "ours"]
    assert {(item["release_name"], item["release_state"]) for item in asked} == {("kube-prometheus-stack", "absent")}
    assert {(item["context"], item["used"], item["shell"]) for item in asked} == {("fake", "fake", "")}
    assert not [item["kubeconfig"] for item in asked if Path(item["kubeconfig"]).exists()]
    for name in ("theirs", "plain"):
        said = f"The release kube-prometheus-stack in the namespace {name} is not ours (it is part of kube-prometheus-stack, not"
        assert ran.stdout.count(said) == len(engines)
    assert ran.stdout.count("and stays as it is.") == 2 * len(engines)
