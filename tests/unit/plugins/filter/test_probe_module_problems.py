# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter probe_module_problems."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.probe_module_problems import FilterModule


def test_it_gives_what_is_wrong_by_the_name_of_the_variable() -> None:
    probe_module_problems = FilterModule().filters()["probe_module_problems"]
    assert probe_module_problems({"web": {"prober": "http"}}) == []
    assert probe_module_problems({"web": {}}) == ["blackbox_exporter_modules.web has no prober; it is required."]
    assert probe_module_problems({"web": {}}, variable="modules") == ["modules.web has no prober; it is required."]
