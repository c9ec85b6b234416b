# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What rollback.yml refuses before it touches a cluster."""

from __future__ import annotations

from pathlib import Path

from tests.playbooks import ROOT, play


def test_a_tree_must_be_named_and_be_one(tmp_path: Path) -> None:
    trees = {
        "unnamed": {},
        "missing": {"metrics_rollback_to": "/nonexistent"},
        "none": {"metrics_rollback_to": f"{ROOT}/playbooks"},
    }
    hosts = {name: {"metrics_kubeconfig": "/nonexistent", **variables} for name, variables in trees.items()}
    ran = play(ROOT / "playbooks/rollback.yml", hosts, tmp_path)
    assert "metrics_rollback_to is empty" in ran.stdout
    assert "/nonexistent holds no rendered set" in ran.stdout
    assert f"{ROOT}/playbooks holds no rendered set" in ran.stdout
    assert [line.split()[0] for line in ran.stdout.splitlines() if "failed=1" in line] == sorted(trees)


def test_with_a_chart_no_tree_is_needed(tmp_path: Path) -> None:
    hosts = {"chart": {"metrics_kubeconfig": "/nonexistent", "prometheus_engine": "helm"}}
    ran = play(ROOT / "playbooks/rollback.yml", hosts, tmp_path, "--check")
    assert ran.returncode == 0, ran.stdout
