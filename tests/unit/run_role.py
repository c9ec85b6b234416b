# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs roles as Ansible does, rendered, many cases in one run: what each case gives, or the error it ends in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300

MESSAGES = "{{ ansible_play_hosts | map('extract', hostvars) | map(attribute='case_error', default='') }}"

# One host per case.
PLAY = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {
                "name": "Run the role of each case",
                "block": [{"ansible.builtin.include_role": {"name": "longterm.metrics.{{ case_role }}"}}],
                "rescue": [{"ansible.builtin.set_fact": {"case_error": "{{ ansible_failed_result.msg }}"}}],
            },
            {
                "name": "Write down what became of them",
                "ansible.builtin.copy": {"content": "{{ case_errors | to_json }}", "dest": "{{ case_folder }}/errors.json"},
                "vars": {"case_errors": "{{ dict(ansible_play_hosts | zip(case_messages)) }}", "case_messages": MESSAGES},
                "run_once": True,
            },
        ],
    }
]


class Outcome(NamedTuple):
    """`objects` by kind and name; `error` is empty where all went well."""

    error: str
    objects: dict[tuple[str, str], dict[str, Any]]


def run_roles(folder: Path, cases: Mapping[str, tuple[str, Mapping[str, Any]]]) -> dict[str, Outcome]:
    """Run each case (a role, its variables) and return what became of it by the case's name."""
    hosts = {
        f"case-{number}": {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "case_role": role,
            "case_folder": str(folder),
            "metrics_state": "rendered",
            "metrics_rendered_to": str(folder / f"case-{number}"),
            **variables,
        }
        for number, (role, variables) in enumerate(cases.values())
    }
    inventory, play = folder / "inventory.yml", folder / "play.yml"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    play.write_text(json.dumps(PLAY))
    subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", "-i", inventory, play],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_FORKS": "4"},
        check=True,
        capture_output=True,
        timeout=SECONDS,
    )
    errors = json.loads((folder / "errors.json").read_text())
    return {name: Outcome(errors[host], _objects(folder / host)) for name, host in zip(cases, hosts, strict=True)}


def _objects(rendered: Path) -> dict[tuple[str, str], dict[str, Any]]:
    objects = [yaml.safe_load(file.read_text()) for file in sorted(rendered.rglob("*.yaml"))]
    return {(item["kind"], item["metadata"]["name"]): item for item in objects}
