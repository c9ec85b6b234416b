# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.allowlist import FilterModule, allowlist


def test_the_filter_has_its_name() -> None:
    assert FilterModule().filters() == {"allowlist": allowlist}


def test_keys_stand_behind_their_resource() -> None:
    assert allowlist({"pods": ["app", "team"], "nodes": ["*"]}) == "pods=[app,team],nodes=[*]"
    assert allowlist({}) == ""
