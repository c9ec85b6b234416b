# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The test executable."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ansible_collections.longterm.metrics.plugins.test.executable import executable


def test_a_program_is_found_by_its_name_and_by_its_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    monkeypatch.setenv("HOME", str(Path(sys.executable).parent))
    name = Path(sys.executable).name
    assert executable(name)
    assert executable(sys.executable)
    assert executable(f"~/{name}")
    plain = tmp_path / "plain"
    plain.touch()
    assert not executable(str(plain))
    assert not executable("program-of-nowhere")
    assert not executable("")
