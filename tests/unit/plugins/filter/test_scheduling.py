# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.longterm.metrics.plugins.filter.scheduling import FilterModule, scheduling

LABELS = {"app": "a"}
LINUX = {"kubernetes.io/os": "linux"}
GPU = {"key": "gpu", "operator": "Exists"}
BATCH = {"key": "batch", "operator": "Exists"}
ZONES = {"maxSkew": 2, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"}


def test_the_filter_has_its_name() -> None:
    assert FilterModule().filters() == {"scheduling": scheduling}


def test_pods_run_on_linux_and_replicas_on_different_nodes_where_there_are_several() -> None:
    assert scheduling({}, "a") == {"nodeSelector": LINUX}
    (spread,) = scheduling({}, "a", LABELS)["topologySpreadConstraints"]
    assert (spread["topologyKey"], spread["whenUnsatisfiable"]) == ("kubernetes.io/hostname", "ScheduleAnyway")
    assert spread["labelSelector"] == {"matchLabels": LABELS}


def test_node_selectors_and_tolerations_are_added_to_those_of_all() -> None:
    settings = {
        "all": {"node_selector": {"pool": "a", "disk": "ssd"}, "tolerations": [GPU]},
        "a": {"node_selector": {"pool": "b"}, "tolerations": [BATCH]},
    }
    found = scheduling(settings, "a", tolerations=[{"operator": "Exists"}])
    assert found["nodeSelector"] == {**LINUX, "pool": "b", "disk": "ssd"}
    assert found["tolerations"] == [{"operator": "Exists"}, GPU, BATCH]
    assert scheduling(settings, "b")["tolerations"] == [GPU]


def test_the_rest_replaces_what_all_has() -> None:
    own: dict[str, Any] = {"nodeAffinity": {"a": 1}}
    settings = {
        "all": {"affinity": {"podAffinity": {}}, "priority_class": "low"},
        "a": {"affinity": own, "topology_spread": [ZONES]},
    }
    found = scheduling(settings, "a", LABELS, affinity={"b": 2})
    assert (found["affinity"], found["priorityClassName"]) == (own, "low")
    assert found["topologySpreadConstraints"] == [{"labelSelector": {"matchLabels": LABELS}, **ZONES}]
    assert scheduling({}, "a", affinity={"b": 2})["affinity"] == {"b": 2}


def test_an_empty_spread_has_none() -> None:
    assert "topologySpreadConstraints" not in scheduling({"all": {"topology_spread": []}}, "a", LABELS)
