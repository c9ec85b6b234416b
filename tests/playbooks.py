# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks and roles run from tests: a case is an inventory host, so that one process tries many."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {
    "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
    "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
}
HERE = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}

# A task that fails, as Ansible's default callback tells it.
FAILED = re.compile(r"^fatal: \[(.+?)\]: FAILED! => (.+)$", re.MULTILINE)


class Unsafe(str):
    """Text whose braces are not for Ansible."""


class Vaulted(str):
    """Text that Ansible Vault has encrypted."""


yaml.SafeDumper.add_representer(Vaulted, lambda dumper, text: dumper.represent_scalar("!vault", str(text), style="|"))
yaml.SafeDumper.add_representer(Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text)))


class Outcome(NamedTuple):
    """`objects` by kind and name; `error` is empty where all went well."""

    error: str
    objects: dict[tuple[str, str], dict[str, Any]]


def play(
    playbook: Path | list[dict[str, Any]], hosts: dict[str, dict[str, Any]], folder: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    """Run a playbook, given as its path or its plays, over `hosts` with their variables; `folder` takes what it needs."""
    if not isinstance(playbook, Path):
        plays, playbook = playbook, folder / "play.yml"
        playbook.write_text(yaml.safe_dump(plays))
    inventory = folder / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {name: HERE | variables for name, variables in hosts.items()}}}))
    return subprocess.run(
        [Path(sys.executable).parent / "ansible-playbook", playbook, f"--inventory={inventory}", *options],
        cwd=folder,
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
        check=False,
    )


def variables_of(roles: Iterable[str]) -> list[dict[str, Any]]:
    """Roles of a play, in their order, that are there for their variables alone."""
    return [{"role": f"longterm.metrics.{role}", "tags": ["never"]} for role in roles]


def evaluate(
    expression: str, roles: Iterable[str], hosts: dict[str, dict[str, Any]], folder: Path, *options: str, pattern: str = "all"
) -> dict[str, Any]:
    """What an expression is to each host of `pattern`, with the variables of `roles`."""
    attempt = {
        "hosts": pattern,
        "gather_facts": False,
        "strategy": "ansible.builtin.free",
        "roles": variables_of(roles),
        # A failure is told in one line, and asks for no module.
        "tasks": [{"ansible.builtin.fail": {"msg": f"{{{{ {expression} | to_json }}}}"}}],
    }
    # The judgement of each role on its own has that tag.
    ran = play([attempt], hosts, folder, "--skip-tags=always", *options)
    said = {host: json.loads(json.loads(result)["msg"]) for host, result in FAILED.findall(ran.stdout)}
    assert said, ran.stdout + ran.stderr
    return said


def rendered(folder: Path, kind: str = "") -> list[dict[str, Any]]:
    """The objects that roles rendered below `folder`, of one kind or all."""
    files = [file for file in sorted(folder.rglob("*.yaml")) if file.name not in ("kustomization.yaml", ".sops.yaml")]
    objects = [item for file in files for item in yaml.safe_load_all(file.read_text())]
    return [item for item in objects if kind in ("", item["kind"])]


def run_roles(folder: Path, cases: Mapping[str, tuple[str, Mapping[str, Any]]], *options: str) -> dict[str, Outcome]:
    """Run each case (a role, its variables) and return what became of it by the case's name."""
    hosts: dict[str, dict[str, Any]] = {}
    by_role: dict[str, list[str]] = {}
    for number, (role, variables) in enumerate(cases.values()):
        name = f"case-{number}"
        hosts[name] = {"metrics_state": "rendered", "metrics_rendered_to": f"{folder}/{name}", **variables}
        by_role.setdefault(role, []).append(name)
    ran = play([_attempt(role, names) for role, names in by_role.items()], hosts, folder, *options)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    errors = {host: json.loads(result)["msg"] for host, result in FAILED.findall(ran.stdout)}
    return {
        name: Outcome(errors.get(host, ""), {(item["kind"], item["metadata"]["name"]): item for item in rendered(folder / host)})
        for name, host in zip(cases, hosts, strict=True)
    }


def _attempt(role: str, hosts: list[str]) -> dict[str, Any]:
    """A play of one role in which no host waits for another, and a failure is the end of its own host alone.

    Every task of a host is a process of Ansible's, which is what takes the time: there are none beside those of the role.
    """
    tasks = [{"ansible.builtin.import_role": {"name": f"longterm.metrics.{role}"}}]
    attempt = [{"block": tasks, "rescue": [{"ansible.builtin.meta": "noop"}]}]
    return {"hosts": hosts, "gather_facts": False, "strategy": "ansible.builtin.free", "tasks": attempt}
