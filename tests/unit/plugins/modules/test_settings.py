# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import subprocess
import sys

from tests.playbooks import ROOT


def test_the_module_alone_judges_nothing_and_says_so() -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "plugins/modules/settings.py"],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": {}}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert "runs on the controller" in json.loads(ran.stdout)["msg"]
