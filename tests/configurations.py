# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What roles render for the inventories of this repository, and the programs that read it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.playbooks import ROOT, play

INVENTORIES = ("sandbox", "local", "cloud")
# Each inventory's host is called as the inventory; a last one says everything that variables can say.
HOSTS = (*INVENTORIES, "everything")


def by_host(folder: Path, roles: Sequence[str], everything: dict[str, Any], **variables: Any) -> dict[str, Path]:
    """Render roles for each of HOSTS, with `variables` for all, and return the folders of what they rendered."""
    values = {"metrics_state": "rendered", "metrics_rendered_to": f"{folder}/{{{{ inventory_hostname }}}}", **variables}
    plays = [{"hosts": "all", "gather_facts": False, "vars": values, "roles": [f"longterm.metrics.{role}" for role in roles]}]
    inventories = [f"--inventory={ROOT}/inventories/{name}" for name in INVENTORIES]
    ran = play(plays, {"everything": everything}, folder, *inventories)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return {host: folder / host for host in HOSTS}


def program(name: str, of: str) -> str:
    """The path of a program that comes with the sandbox's build of another; the test is skipped where there is none."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not on the PATH; the sandbox links it into the cache's bin folder with its {of}")
    return found
