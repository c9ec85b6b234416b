# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter controller_path."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.longterm.metrics.plugins.filter.controller_path import FilterModule

controller_path = FilterModule().filters()["controller_path"]


def test_a_path_begins_where_ansible_was_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PWD", "/work")
    assert controller_path("rules/shop.yml") == "/work/rules/shop.yml"
    assert controller_path("/etc/shop.yml") == "/etc/shop.yml"
    assert controller_path("~/shop.yml") == str(Path.home() / "shop.yml")
