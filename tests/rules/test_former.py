# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Since when a new Prometheus scrapes, by which the one of another engine is let go."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.playbooks import ROOT

QUERY = yaml.safe_load((ROOT / "roles/prometheus/vars/main.yml").read_text())["__prometheus_scrapes_since"]
NAMES = ("process_start_time_seconds", "prometheus_config_last_reload_success_timestamp_seconds")


@pytest.mark.parametrize(
    ("start", "reload", "since"),
    [
        ("600x60", "610x60", 610),
        ("600x60", "610x20 2000x40", 610),
        ("60x9 600x50", "70x9 610x20 2000x30", 610),
    ],
    ids=["as it started", "reloaded later", "restarted after another engine"],
)
def test_it_is_when_this_process_first_read_its_configuration(start: str, reload: str, since: int, tmp_path: Path) -> None:
    series = [
        {"series": f'{name}{{job="prometheus",pod="prometheus-0"}}', "values": values.replace("x", "+0x")}
        for name, values in zip(NAMES, (start, reload), strict=True)
    ]
    asked = {"expr": QUERY, "eval_time": "1h", "exp_samples": [{"labels": "{}", "value": since}]}
    case = {"interval": "1m", "input_series": series, "promql_expr_test": [asked]}
    file = tmp_path / "former.yml"
    file.write_text(json.dumps({"tests": [case]}))

    run = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
