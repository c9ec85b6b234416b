# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The script for people without Ansible's habits: what it calls, and what it refuses."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.playbooks import ROOT

SCRIPT = ROOT / "scripts/deploy-prometheus.sh"
CLUSTER = ("--context", "kind-kind", "--kubeconfig", "{kubeconfig}")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """make and ansible-playbook that write down how they are called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    calls = folder / "calls"
    prints = {"make": f"echo '{folder}'", "ansible-playbook": f"echo K8S_AUTH_HOST=$K8S_AUTH_HOST >>'{calls}'"}
    for name, line in prints.items():
        file = folder / name
        file.write_text(f"#!/bin/sh\necho {name} \"$@\" >>'{calls}'\n{line}\n")
        file.chmod(0o755)
    (folder / "kubeconfig").write_text("")
    return folder


def deploy(programs: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run the script; return it with the calls of ansible-playbook, the checkout left out of them."""
    filled = [argument.format(kubeconfig=programs / "kubeconfig") for argument in arguments]
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "K8S_AUTH_HOST": "https://another"}
    ran = subprocess.run(
        [SCRIPT, *filled], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )
    calls = (programs / "calls").read_text().splitlines() if (programs / "calls").exists() else []
    return ran, [line.replace(f"{ROOT}/", "") for line in calls]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name an environment"),
        (("nowhere",), "no inventory nowhere"),
        (("local", "cloud"), "local and cloud are two environments"),
        (("local",), "which cluster? name its --context"),
        (("local", "--context"), "--context needs a value"),
        (("local", "--context", "a", "--kubeconfig", "/nonexistent"), "no kubeconfig /nonexistent"),
        (("local", *CLUSTER), "say so by --yes"),
        (("local", *CLUSTER, "--engine", "magic"), "the engine magic is none of operator, standalone, helm"),
        (("local", *CLUSTER, "--do", "magic"), "--do magic is none of deploy"),
        (("local", "--magic"), "there is no option --magic"),
        (("sandbox", "--context", "a"), "the sandbox has its own"),
    ],
)
def test_it_guesses_nothing_and_says_what_it_lacks(programs: Path, arguments: tuple[str, ...], words: str) -> None:
    ran, calls = deploy(programs, *arguments)
    assert ran.returncode == 2
    assert words in ran.stderr
    assert calls == []


def test_help_is_not_an_error(programs: Path) -> None:
    ran, calls = deploy(programs, "--help")
    assert (ran.returncode, calls) == (0, [])
    assert ran.stdout.startswith("Usage: scripts/deploy-prometheus.sh ENVIRONMENT")


def test_it_deploys_to_the_named_cluster_and_proves_it(programs: Path) -> None:
    ran, calls = deploy(programs, "local", *CLUSTER, "--engine", "standalone", "--yes", "--", "--forks=1")
    assert ran.returncode == 0, ran.stderr
    options = (
        f"--inventory=inventories/local --extra-vars=prometheus_engine=standalone "
        f"--extra-vars=metrics_kubeconfig='{programs}/kubeconfig' --extra-vars=metrics_context='kind-kind' "
        "--extra-vars=verify_not_due_allowed=true --forks=1"
    )
    called = [line for line in calls if line.startswith("ansible-playbook")]
    assert called == [f"ansible-playbook {playbook} {options}" for playbook in ("site.yml", "playbooks/verify.yml")]


def test_no_cluster_of_the_environment_is_taken_for_the_named_one(programs: Path) -> None:
    _ran, calls = deploy(programs, "local", *CLUSTER, "--yes")
    assert calls.count("K8S_AUTH_HOST=") == 2


@pytest.mark.parametrize(("what", "called"), [("check", "site.yml"), ("verify", "playbooks/verify.yml")])
def test_what_changes_nothing_is_not_asked_about(programs: Path, what: str, called: str) -> None:
    ran, calls = deploy(programs, "local", *CLUSTER, "--do", what)
    assert ran.returncode == 0, ran.stderr
    assert [line.split()[1] for line in calls if line.startswith("ansible-playbook")] == [called]
    assert ("--check --diff" in " ".join(calls)) == (what == "check")


def test_rendering_needs_no_cluster(programs: Path) -> None:
    ran, calls = deploy(programs, "cloud", "--do", "render")
    assert ran.returncode == 0, ran.stderr
    assert "ansible-playbook playbooks/render.yml --inventory=inventories/cloud" in calls


def test_the_sandbox_is_made_when_it_is_deployed_to(programs: Path) -> None:
    ran, calls = deploy(programs, "sandbox")
    assert ran.returncode == 0, ran.stderr
    assert calls[0].startswith("make ")
    assert calls[0].endswith(" cluster")
