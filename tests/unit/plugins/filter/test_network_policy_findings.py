# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter network_policy_findings."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.network_policy_findings import FilterModule


def test_it_gives_a_sentence_for_each_malformed_peer() -> None:
    network_policy_findings = FilterModule().filters()["network_policy_findings"]
    (finding,) = network_policy_findings({"grafana": [{}]}, "metrics_network_policy_from", ["grafana"])
    assert finding.startswith("metrics_network_policy_from.grafana[0] is empty")
