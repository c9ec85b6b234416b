# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

from ansible_collections.longterm.metrics.plugins.test import foreign_file as plugin
from ansible_collections.longterm.metrics.plugins.test.foreign_file import foreign_file


def test_the_test_has_its_name() -> None:
    assert plugin.TestModule().tests() == {"foreign_file": foreign_file}


def test_a_file_without_the_mark_is_foreign(tmp_path: Path) -> None:
    (tmp_path / "ours").write_text("# ours\na: 1\n")
    (tmp_path / "theirs").write_bytes(b"\xff")
    assert [foreign_file(str(tmp_path / name), "# ours") for name in ("ours", "theirs", "none", "")] == [
        False,
        True,
        False,
        False,
    ]
