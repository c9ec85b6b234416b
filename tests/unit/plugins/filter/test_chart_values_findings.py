# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter chart_values_findings."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.chart_values_findings import FilterModule


def test_it_judges_values_but_for_those_unlocked() -> None:
    judge = FilterModule().filters()["chart_values_findings"]
    values = {"grafana": {"service": {"type": "NodePort"}, "env": {"GF_AUTH_PROXY_ENABLED": "true"}}}
    assert len(judge(values, "values")) == 2
    assert judge(values, "values", ["grafana.service.type"], ["auth.proxy.enabled"]) == []


def test_resources_of_containers_are_judged_at_every_depth_and_those_of_volumes_are_not() -> None:
    judge = FilterModule().filters()["chart_values_findings"]
    claim = {"resources": {"requests": {"storage": "10Gi"}}}
    right = {"requests": {"cpu": "100m"}, "limits": {"cpu": 1}}
    values = {
        "a": {"resources": {"requests": {"cpu": 2}, "limits": {"cpu": 1}}, "b": [{"resources": {"limits": {"memory": "lots"}}}]}
    }
    assert judge({"a": {"resources": right}, "claim": claim, "c": {"resources": {}}}, "values") == []
    assert [finding.partition(" must be requests and limits")[0] for finding in judge(values, "values")] == [
        "values.a.resources",
        "values.a.b[0].resources",
    ]
