# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.playbooks import ROOT, play, rendered

# What the inventory `sandbox` leaves out.
FURTHER = {
    "grafana_enabled": True,
    "prometheus_alert_enabled": True,
    "prometheus_alert_dingtalk_secret": {"name": "dingtalk", "key": "url"},
    "exposure_endpoints": [
        {"component": "prometheus", "method": "nodeport", "tls_secret": "tls", "auth": {"type": "basic", "secret": "people"}}
    ],
}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """All objects of the inventory `sandbox`, and of what it leaves out, rendered as a user would."""
    folder = tmp_path_factory.mktemp("rendered")
    variables = {"metrics_rendered_to": str(folder), "prometheus_operator_crds": False, **FURTHER}
    options = [f"--inventory={ROOT}/inventories/sandbox", f"--extra-vars={json.dumps(variables)}"]
    ran = play(ROOT / "playbooks/render.yml", {}, folder, *options)
    assert ran.returncode == 0, ran.stdout
    return rendered(folder)
