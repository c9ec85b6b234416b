# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter allowlist_problems."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.allowlist_problems import FilterModule


def test_it_gives_what_is_wrong_by_the_name_of_the_variable() -> None:
    allowlist_problems = FilterModule().filters()["allowlist_problems"]
    assert allowlist_problems({"pods": ["team"]}, "labels", ["pods"]) == []
    assert allowlist_problems({"pod": ["team"]}, "labels", ["pods"]) == [
        "labels has pod, which kube_state_metrics_resources does not have; did you mean pods?"
    ]
