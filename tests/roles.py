# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles as Ansible runs them, rendered: what many cases of variables give, or the error each ends in, by one process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.playbooks import play, rendered

MESSAGES = "{{ ansible_play_hosts | map('extract', hostvars) | map(attribute='error', default='') }}"
RUN = {"ansible.builtin.include_role": {"name": "longterm.metrics.{{ role }}"}}
REMEMBER = {"ansible.builtin.set_fact": {"error": "{{ ansible_failed_result.msg }}"}}


class Outcome(NamedTuple):
    """`objects` by kind and name; `error` is empty where all went well."""

    error: str
    objects: dict[tuple[str, str], dict[str, Any]]


def run_roles(folder: Path, cases: Mapping[str, tuple[str, Mapping[str, Any]]]) -> dict[str, Outcome]:
    """Run each case (a role, its variables) and return what became of it by the case's name."""
    hosts = {
        f"case-{number}": {
            "role": role,
            "metrics_state": "rendered",
            "metrics_rendered_to": f"{folder}/case-{number}",
            **variables,
        }
        for number, (role, variables) in enumerate(cases.values())
    }
    said = {"content": "{{ dict(ansible_play_hosts | zip(messages)) }}", "dest": f"{folder}/errors.json"}
    tasks = [
        {"block": [RUN], "rescue": [REMEMBER]},
        {"ansible.builtin.copy": said, "vars": {"messages": MESSAGES}, "run_once": True},
    ]
    ran = play([{"hosts": "all", "gather_facts": False, "tasks": tasks}], hosts, folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    errors = json.loads((folder / "errors.json").read_text())
    return {name: Outcome(errors[host], _objects(folder / host)) for name, host in zip(cases, hosts, strict=True)}


def _objects(folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    return {(item["kind"], item["metadata"]["name"]): item for item in rendered(folder)}
