# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.preflight import FilterModule, preflight

from tests.unit.plugins.plugin_utils.test_preflight import ASKED, CLUSTER

PORT = ASKED["ports"][0]


def test_the_filter_has_its_name() -> None:
    assert FilterModule().filters() == {"preflight": preflight}


def test_without_a_look_at_a_cluster_only_the_settings_are_compared() -> None:
    twice = {**ASKED, "ports": [PORT, {**PORT, "variable": "exposure_endpoints[0].node_port"}]}
    assert preflight({}, ASKED) == {"findings": [], "reconciled": []}
    assert len(preflight({}, twice)["findings"]) == 1


def test_what_a_cluster_lacks_is_a_finding() -> None:
    assert preflight({**CLUSTER, "default_storage_class": None}, ASKED)["findings"] == [
        "The cluster has no default StorageClass (available: local-path); mark one, or set metrics_storage_class."
    ]
