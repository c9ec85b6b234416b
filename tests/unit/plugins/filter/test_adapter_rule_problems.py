# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter adapter_rule_problems."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.adapter_rule_problems import FilterModule


def test_it_gives_what_is_wrong_by_the_name_of_the_variable() -> None:
    adapter_rule_problems = FilterModule().filters()["adapter_rule_problems"]
    rule = {"seriesQuery": "up", "metricsQuery": "sum(<<.Series>>)", "resources": {"namespaced": False}}
    assert adapter_rule_problems([rule], variable="external", external=True) == []
    assert adapter_rule_problems([rule]) == [
        "prometheus_adapter_rules[0].resources has no template or overrides; one of them says which labels name the object."
    ]
