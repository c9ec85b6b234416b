# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Since when a new Prometheus scrapes, by which the one of another engine is let go."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
import yaml

from tests.playbooks import ROOT
from tests.promql import check

VARS = yaml.safe_load((ROOT / "roles/prometheus/vars/main.yml").read_text())
OWN = jinja2.Template(VARS["__prometheus_own_series"]).render(__prometheus_stateful_set="prometheus-main")
QUERY = jinja2.Template(VARS["__prometheus_scrapes_since"]).render(__prometheus_own_series=OWN, __prometheus_three_intervals="90")
NAMES = ("process_start_time_seconds", "prometheus_config_last_reload_success_timestamp_seconds")


# A pod's process_start_time_seconds and the time of its last reading, every minute of an hour.
Pods = dict[str, tuple[str, str]]


@pytest.mark.parametrize(
    ("pods", "since"),
    [
        ({"prometheus-main-0": ("600x60", "610x60")}, 610),
        ({"prometheus-main-0": ("600x60", "610x20 2000x40")}, 610),
        ({"prometheus-main-0": ("60x9 600x50", "70x9 610x20 2000x30")}, 610),
        ({"prometheus-main-0": ("600x60", "610x60"), "prometheus-main-1": ("600x60", "640x60")}, 640),
        ({"prometheus-0": ("3000x60", "3010x60"), "prometheus-main-0": ("600x60", "610x60")}, 610),
        ({"prometheus-0": ("600x60", "610x60")}, None),
        ({"prometheus-main-0": ("600x57", "610x57")}, None),
    ],
    ids=[
        "as it started",
        "reloaded later",
        "restarted after another engine",
        "of all replicas",
        "beside another engine",
        "only another engine's",
        "before its pods were made anew",
    ],
)
def test_it_is_when_this_process_first_read_its_configuration(pods: Pods, since: int | None, tmp_path: Path) -> None:
    series = {
        f'{name}{{job="prometheus",pod="{pod}"}}': values.replace("x", "+0x")
        for pod, times in pods.items()
        for name, values in zip(NAMES, times, strict=True)
    }
    samples = [] if since is None else [{"labels": "{}", "value": since}]
    check(QUERY, series, samples, tmp_path, interval="1m", at="1h")
