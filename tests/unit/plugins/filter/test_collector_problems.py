# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter collector_problems."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.collector_problems import FilterModule


def test_it_gives_what_is_wrong_by_the_name_of_the_variable() -> None:
    collector_problems = FilterModule().filters()["collector_problems"]
    assert collector_problems(["systemd"], "collectors") == []
    assert collector_problems(["sytemd"], "collectors") == [
        "collectors[0] is sytemd, which is no collector of node_exporter; did you mean systemd?"
    ]
