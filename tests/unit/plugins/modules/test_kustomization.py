# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module kustomization: what it returns, and its errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _rendered
from ansible_collections.longterm.metrics.plugins.modules import kustomization
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import config_map


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    def run(**arguments: Any) -> dict[str, Any]:
        with patch_module_args({"path": str(tmp_path), **arguments}), pytest.raises(SystemExit):
            kustomization.main()
        return json.loads(capsys.readouterr().out)

    return run


def test_it_tells_what_is_listed_and_what_was_removed(run: Any, tmp_path: Path) -> None:
    for name in ("old", "web"):
        _rendered.write(tmp_path, name, "metrics", [config_map("a")], {}, check=False)
    result = run(sets=["web"])
    assert (result["changed"], result["resources"]) == (True, ["web"])
    assert result["removed"] == [str(tmp_path / "old" / "configmap-metrics-a.yaml")]
    assert not run(sets=["web"])["changed"]


def test_what_is_in_the_way_is_one_clear_error(run: Any, tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: []\n")
    result = run(sets=["web"])
    assert result["failed"]
    assert "kustomization.yaml was not rendered by us" in result["msg"]


def test_a_path_that_cannot_be_used_is_one_clear_error(run: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run(sets=["web"], path=str(tmp_path / "file"))
    assert result["failed"]
    assert "file cannot be used: File exists" in result["msg"]
