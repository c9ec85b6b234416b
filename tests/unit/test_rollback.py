# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What rollback.yml refuses before it touches a cluster."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.api_server import OURS, THEIRS, release, serve
from tests.playbooks import FAILED, ROOT, play

# What stands for helm: it notes what it is to change with its kubeconfig, and tells the history of the release in the namespace.
pytestmark = pytest.mark.slow
HELM = """#!/bin/sh
kubeconfig=${{2#--kubeconfig=}}
[ -z "$HELM_KUBETOKEN$HELM_KUBEAPISERVER$HELM_KUBECONTEXT" ] || exit 1
case "$*" in
  *history*) cat "{folder}/${{1#--namespace=}}.json" ;;
  *) echo "$*" >> {folder}/calls
    cp "$kubeconfig" {folder}/used
    stat --format=%a "$kubeconfig" >> {folder}/modes
    cat /proc/[0-9]*/cmdline /proc/self/environ | tr '\\0' '\\n' >> {folder}/processes
    exit $(cat {folder}/status 2>/dev/null) ;;
esac
"""
TOKEN = "token-that-nobody-else-sees"
# By namespace, what became of revisions 1, 2, ... and which is gone back to.
HISTORIES: dict[str, tuple[list[str], int]] = {
    "usual": (["superseded"] * 9 + ["deployed"], 9),
    "after-a-failure": (["superseded", "failed", "deployed"], 1),
    "failed": (["superseded", "deployed", "failed", "failed"], 2),
    "killed": (["superseded", "deployed", "pending-upgrade"], 2),
    "first": (["deployed"], 0),
    "never-ran": (["failed", "deployed"], 0),
}
POD = {"metadata": {"name": "main-0", "namespace": "metrics"}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}


@pytest.fixture
def helm(tmp_path: Path) -> Path:
    script = tmp_path / "helm"
    script.write_text(HELM.format(folder=tmp_path))
    script.chmod(0o755)
    return script


def rolled_back(hosts: dict[str, dict[str, Any]], helm: Path, secrets: list[dict[str, Any]]) -> tuple[list[str], dict[str, str]]:
    """What helm was called with to change something, and the error of each host. A host's namespace has its name."""
    folder = helm.parent
    pods = {f"/api/v1/namespaces/{host}/pods": {"metadata": {}, "items": [POD]} for host in hosts}
    with serve(folder, secrets, pods) as kubeconfig:
        shared = {"prometheus_engine": "helm", "metrics_kubeconfig": kubeconfig, "kube_prometheus_stack_helm_binary": str(helm)}
        cases = {host: {**shared, "metrics_namespace": host, **variables} for host, variables in hosts.items()}
        ran = play(ROOT / "playbooks/rollback.yml", cases, folder)
    calls = folder / "calls"
    errors = {host: json.loads(result)["msg"] for host, result in FAILED.findall(ran.stdout)}
    return sorted(calls.read_text().splitlines()) if calls.exists() else [], errors


def test_a_tree_must_be_named_and_be_one(tmp_path: Path) -> None:
    trees = {
        "unnamed": {},
        "missing": {"metrics_rollback_to": "/nonexistent"},
        "none": {"metrics_rollback_to": f"{ROOT}/playbooks"},
    }
    hosts = {name: {"metrics_kubeconfig": "/nonexistent", **variables} for name, variables in trees.items()}
    ran = play(ROOT / "playbooks/rollback.yml", hosts, tmp_path)
    assert "metrics_rollback_to is empty" in ran.stdout
    assert "/nonexistent holds no rendered set" in ran.stdout
    assert f"{ROOT}/playbooks holds no rendered set" in ran.stdout
    assert [line.split()[0] for line in ran.stdout.splitlines() if "failed=1" in line] == sorted(trees)


def test_with_a_chart_no_tree_is_needed(tmp_path: Path) -> None:
    hosts = {"chart": {"metrics_kubeconfig": "/nonexistent", "prometheus_engine": "helm"}}
    ran = play(ROOT / "playbooks/rollback.yml", hosts, tmp_path, "--check")
    assert ran.returncode == 0, ran.stdout


def test_only_a_release_of_ours_goes_back(helm: Path) -> None:
    hosts: dict[str, dict[str, Any]] = {"ours": {"kube_prometheus_stack_revision": 3}, "theirs": {}, "nobodys": {}}
    calls, errors = rolled_back(hosts, helm, [release("ours", OURS), release("theirs", THEIRS)])
    assert ["rollback kube-prometheus-stack 3 " in call and "--namespace=ours" in call for call in calls] == [True]
    assert errors.keys() == {"theirs", "nobodys"}
    assert "in the namespace theirs is not ours" in errors["theirs"]
    assert "There is no release kube-prometheus-stack in the namespace nobodys; nothing was rolled back" in errors["nobodys"]


def test_without_a_revision_the_newest_before_that_ran_is_gone_back_to(helm: Path) -> None:
    for namespace, (statuses, _revision) in HISTORIES.items():
        history = [{"revision": number, "status": status} for number, status in enumerate(statuses, 1)]
        (helm.parent / f"{namespace}.json").write_text(json.dumps(history))
    calls, errors = rolled_back({namespace: {} for namespace in HISTORIES}, helm, [release(name, OURS) for name in HISTORIES])
    found = {re.sub(".*--namespace=([^ ]+) .* rollback kube-prometheus-stack ([0-9]+) .*", r"\1 \2", call) for call in calls}
    assert found == {f"{namespace} {revision}" for namespace, (_statuses, revision) in HISTORIES.items() if revision}
    assert errors.keys() == {namespace for namespace, (_statuses, revision) in HISTORIES.items() if not revision}
    for error in errors.values():
        assert "kube_prometheus_stack_revision is 0, and no revision of the release kube-prometheus-stack" in error


def test_helm_goes_where_our_modules_go(helm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"K8S_AUTH_CONTEXT": "fake", "HELM_KUBECONTEXT": "elsewhere", "K8S_AUTH_VERIFY_SSL": "no"}.items():
        monkeypatch.setenv(name, value)
    calls, errors = rolled_back({"metrics": {"kube_prometheus_stack_revision": "3"}}, helm, [release("metrics", OURS)])
    assert not errors
    assert len(calls) == 1
    used = json.loads((helm.parent / "used").read_text())
    assert used["current-context"] == "fake"
    assert used["clusters"][0]["cluster"]["insecure-skip-tls-verify"] is True


@pytest.mark.parametrize("status", [0, 1])
def test_the_token_is_in_a_file_of_this_user_alone_until_helm_has_ended(
    helm: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    folder = helm.parent
    (folder / "status").write_text(str(status))
    pods = {"/api/v1/namespaces/metrics/pods": {"metadata": {}, "items": [POD]}}
    with serve(folder, [release("metrics", OURS)], pods) as kubeconfig:
        server = json.loads(Path(kubeconfig).read_text())["clusters"][0]["cluster"]["server"]
        # As AWX hands it over. The environment of this process is that of whoever runs it, and not looked at.
        for name, value in {"K8S_AUTH_HOST": server, "K8S_AUTH_API_KEY": TOKEN}.items():
            monkeypatch.setenv(name, value)
        host = {"prometheus_engine": "helm", "kube_prometheus_stack_helm_binary": str(helm), "kube_prometheus_stack_revision": 1}
        ran = play(ROOT / "playbooks/rollback.yml", {"one": host}, folder, "-vvv")
    assert (ran.returncode == 0) is (status == 0), ran.stdout
    assert json.loads((folder / "used").read_text())["users"][0]["user"] == {"token": TOKEN}
    assert (folder / "modes").read_text() == "600\n"
    (file,) = {word for word in (folder / "calls").read_text().split() if word.startswith("--kubeconfig=")}
    assert not Path(file.removeprefix("--kubeconfig=")).exists()
    # helm's own line is among those of all processes, and its environment has been told of.
    processes = (folder / "processes").read_text()
    assert f"\n{file}\n" in processes
    assert "HELM_KUBETOKEN=\n" in processes
    assert TOKEN not in processes
    assert TOKEN not in ran.stdout + ran.stderr
