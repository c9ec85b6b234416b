# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter ini_problems."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.ini_problems import FilterModule

ini_problems = FilterModule().filters()["ini_problems"]


def test_it_tells_all_that_the_file_cannot_hold() -> None:
    found = ini_problems({"a": {"b": None, "c": "d"}, "e\n": {"f": 1}}, "grafana", "grafana_config")
    assert found == [
        "grafana_config.a.b is null; it must be text, a number or a Boolean.",
        "grafana_config has the section 'e\\n'; letters, digits and _.:/- are allowed in a name.",
    ]
