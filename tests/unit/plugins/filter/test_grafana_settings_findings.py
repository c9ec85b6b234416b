# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter grafana_settings_findings."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.grafana_settings_findings import FilterModule


def test_it_judges_settings_and_what_is_unlocked_of_them() -> None:
    judge = FilterModule().filters()["grafana_settings_findings"]
    settings = {"auth.anonymous": {"enabled": True}}
    assert len(judge(settings, "grafana_config", [])) == 1
    assert judge(settings, "grafana_config", ["auth.anonymous.enabled"]) == []
    assert judge({}, "grafana_config", ["auth.none"])[0].startswith("grafana_unlocked_settings has auth.none")
