# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils._node_collectors import problems

DEFAULTS = yaml.safe_load((Path(__file__).parents[4] / "roles/node_exporter/defaults/main.yml").read_text())


def test_the_defaults_are_collectors() -> None:
    assert problems(DEFAULTS["node_exporter_disabled_collectors"], "disabled") == []
    assert problems([], "collectors") == []


@pytest.mark.parametrize(
    ("collectors", "finding"),
    [
        (["meminfos"], "collectors[0] is meminfos, which is no collector of node_exporter; did you mean meminfo?"),
        (["systemd", "systemd"], "collectors[1] is systemd, as collectors[0] is; must be unique."),
        ([5], "collectors[0] is the number 5; must be text, in quotes."),
        ("systemd", "collectors is text; must be a list."),
    ],
)
def test_what_is_no_collector_is_named(collectors: Any, finding: str) -> None:
    assert problems(collectors, "collectors") == [finding]


@pytest.mark.parametrize("name", ["boottime", "exec", "collector.cpu", "no-cpu", "CPU"])
def test_collectors_of_other_systems_and_flags_are_none(name: str) -> None:
    (finding,) = problems([name], "collectors")
    assert finding.startswith(f"collectors[0] is {name}, which is no collector of node_exporter; ")
