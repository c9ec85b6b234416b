# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""site.yml refuses settings that do not fit together before its first role begins."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def render(folder: Path, **variables: Any) -> str:
    """What Ansible says; it must have failed before anything was rendered."""
    rendered = folder / "rendered"
    extra = json.dumps({"metrics_rendered_to": str(rendered), **variables})
    run = subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", "playbooks/render.yml", "-i", "inventories/local", "-e", extra],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 2, run.stdout
    assert not rendered.exists()
    return run.stdout


@pytest.mark.parametrize("method", ["ingress", "gateway", "nodeport"])
def test_nothing_is_exposed_without_authentication(method: str, tmp_path: Path) -> None:
    endpoint = {"component": "prometheus", "method": method, "host": "prometheus.example.com", "parent_refs": [{"name": "edge"}]}
    said = render(tmp_path, exposure_endpoints=[endpoint])
    assert f"exposure_endpoints[0] (prometheus by {method}) has no auth" in said


def test_the_findings_of_all_roles_are_told_at_once(tmp_path: Path) -> None:
    said = render(tmp_path, grafana_expose="ingress", prometheus_alert_enabled=True)
    assert "grafana_host is empty" in said
    assert "no bot is named" in said


def test_mistyped_variables_of_all_roles_are_told_at_once(tmp_path: Path) -> None:
    said = render(tmp_path, thanos_query_replicas="two", grafana_expose="anyhow")
    assert "'thanos_query_replicas' is of type str and we were unable to convert to int" in said
    assert "value of grafana_expose must be one of: none, nodeport, ingress, gateway" in said
