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
