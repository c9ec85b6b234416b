# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

import pytest
from ansible.plugins.loader import init_plugin_loader

from tests.playbooks import ROOT, play, rendered

# Before any test imports a plugin: Ansible finds the collection as it does in a play.
init_plugin_loader([str(ROOT / "collections")])

# What the inventory `sandbox` leaves out.
FURTHER = {
    "thanos_mode": "both",
    "grafana_enabled": True,
    "prometheus_alert_enabled": True,
    "prometheus_alert_dingtalk_secret": {"name": "dingtalk", "key": "url"},
    "exposure_endpoints": [
        {"component": "prometheus", "method": "nodeport", "tls_secret": "tls", "auth": {"type": "basic", "secret": "people"}}
    ],
}
ENGINES = ("operator", "standalone")


@pytest.fixture(scope="session")
def engine_trees(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All objects of the inventory `sandbox`, and of what it leaves out, rendered as a user would; by engine."""
    base = tmp_path_factory.getbasetemp()
    # What one worker has rendered serves all of them.
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "rendered"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            render_engines(folder)
            (folder / "complete").touch()
    return {engine: folder / engine for engine in ENGINES}


def render_engines(folder: Path) -> None:
    variables = {"prometheus_operator_crds": False, **FURTHER}
    options = [f"--inventory={ROOT}/inventories/sandbox", f"--limit={','.join(ENGINES)}", f"--extra-vars={json.dumps(variables)}"]
    hosts = {engine: {"prometheus_engine": engine, "metrics_rendered_to": f"{folder}/{engine}"} for engine in ENGINES}
    ran = play(ROOT / "playbooks/render.yml", hosts, folder, *options)
    assert ran.returncode == 0, ran.stdout


@pytest.fixture(scope="session")
def stacks(engine_trees: dict[str, Path]) -> dict[str, list[dict[str, Any]]]:
    return {engine: rendered(tree) for engine, tree in engine_trees.items()}


@pytest.fixture(scope="session")
def stack(stacks: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Those of the default engine."""
    return stacks["operator"]


@pytest.fixture(scope="session")
def tree(engine_trees: dict[str, Path]) -> Path:
    return engine_trees["operator"]
