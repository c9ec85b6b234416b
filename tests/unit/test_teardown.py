# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What teardown.yml takes along."""

from __future__ import annotations

from pathlib import Path

from tests.playbooks import ROOT, play


def test_a_namespace_takes_its_volumes_along_only_where_these_are_named_too(tmp_path: Path) -> None:
    nowhere = {"metrics_kubeconfig": str(tmp_path / "none"), "metrics_teardown_namespace": True}
    both = {**nowhere, "metrics_teardown_volumes": True}
    said = play(ROOT / "playbooks/teardown.yml", {"namespace": nowhere, "both": both}, tmp_path).stdout
    refused = "metrics_teardown_volumes to true as well"
    told = [line for line in said.splitlines() if line.startswith("fatal: [")]
    assert [refused in line for line in told if "[namespace]" in line] == [True]
    # That one is let through to a cluster that is not there.
    assert [refused in line for line in told if "[both]" in line] == [False]
