# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter by which preflight tells what a cluster has no room for."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.shortages import FilterModule
from ansible_collections.longterm.metrics.plugins.module_utils._capacity import capacity


def test_a_cluster_without_nodes_has_no_room_for_a_pod() -> None:
    shortages = FilterModule().filters()["shortages"]
    pods = [{"name": "prometheus", "replicas": 1, "requests": [{"cpu": "100m", "memory": "1Gi"}]}]
    assert len(shortages(capacity([], []), pods)) == 4
    assert shortages(capacity([], []), []) == []
