# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where pods run: what the API server takes, and what it would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._scheduling_schema import problems

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
ZONE = {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway"}
APART = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "a"}}}


def judged(settings: Any) -> list[str]:
    return problems(settings, "s", ["grafana"])


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"all": {"node_selector": {"pool": "monitoring", "example.com/a": ""}, "priority_class": "system-cluster-critical"}},
        {"grafana": {"tolerations": [{"operator": "Exists"}, {"key": "a", "value": "b", "effect": "NoSchedule"}]}},
        {"grafana": {"tolerations": [{"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 60}]}},
        {"grafana": {"topology_spread": [ZONE, {**ZONE, "whenUnsatisfiable": "DoNotSchedule", "minDomains": 2}]}},
        {
            "grafana": {
                "affinity": {"podAntiAffinity": {REQUIRED: [APART], PREFERRED: [{"weight": 100, "podAffinityTerm": APART}]}}
            }
        },
        {
            "grafana": {
                "affinity": {
                    "nodeAffinity": {
                        REQUIRED: {
                            "nodeSelectorTerms": [{"matchExpressions": [{"key": "cpus", "operator": "Gt", "values": ["4"]}]}]
                        },
                        PREFERRED: [{"weight": 1, "preference": {"matchExpressions": [{"key": "ssd", "operator": "Exists"}]}}],
                    }
                }
            }
        },
    ],
)
def test_what_the_api_server_takes_is_right(settings: dict[str, Any]) -> None:
    assert judged(settings) == []


@pytest.mark.parametrize(
    ("settings", "finding"),
    [
        ({"grafanna": {}}, "s has the unknown key grafanna; did you mean grafana?"),
        ([], "s is a list; must be a dictionary."),
        ({"all": {"nodeSelector": {}}}, "s.all has the unknown key nodeSelector; did you mean node_selector?"),
        ({"all": {"node_selector": {"a b": "c"}}}, "s.all.node_selector has the key a b; must be the key of a label such as"),
        ({"all": {"node_selector": {"a": True}}}, "s.all.node_selector.a is the boolean true; must be text of at most 63"),
        (
            {"all": {"priority_class": "High Priority"}},
            "s.all.priority_class is High Priority; must be the name of a PriorityClass.",
        ),
        (
            {"all": {"tolerations": [{"key": "a", "operator": "In"}]}},
            "s.all.tolerations[0].operator is In; must be Exists or Equal.",
        ),
        ({"all": {"tolerations": [{"effect": "NoSchedule"}]}}, "s.all.tolerations[0] has no key; must have one, or the operator"),
        (
            {"all": {"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]}},
            "s.all.tolerations[0] has a value; must have",
        ),
        (
            {"all": {"tolerations": [{"key": "a", "tolerationSeconds": 5}]}},
            "s.all.tolerations[0] has tolerationSeconds; must have",
        ),
        (
            {"all": {"topology_spread": [{**ZONE, "maxSkew": 0}]}},
            "s.all.topology_spread[0].maxSkew is 0; must be a whole number of",
        ),
        ({"all": {"topology_spread": [{**ZONE, "minDomains": 2}]}}, "s.all.topology_spread[0] has minDomains; must have when"),
        (
            {"all": {"topology_spread": [ZONE, {**ZONE, "maxSkew": 2}]}},
            f"s.all.topology_spread[1] has topologyKey {ZONE['topologyKey']} and whenUnsatisfiable ",
        ),
        ({"all": {"topology_spread": [{"maxSkew": 1}]}}, "s.all.topology_spread[0] has no topologyKey; it is required."),
        (
            {"all": {"affinity": {"nodeAffinitty": {}}}},
            "s.all.affinity has the unknown key nodeAffinitty; did you mean nodeAffinity?",
        ),
        (
            {"all": {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": []}}}}},
            f"s.all.affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms has 0 entries; must have at least 1.",
        ),
        (
            {"all": {"affinity": {"podAffinity": {PREFERRED: [{"weight": 101, "podAffinityTerm": APART}]}}}},
            f"s.all.affinity.podAffinity.{PREFERRED}[0].weight is 101; must be a whole number from 1 to 100.",
        ),
    ],
)
def test_what_it_would_refuse_is_named_with_its_path(settings: Any, finding: str) -> None:
    assert judged(settings)[0].startswith(finding)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ({"key": "a", "operator": "Exists", "values": ["b"]}, "has values; must have none with the operator Exists."),
        ({"key": "a", "operator": "In"}, "has no values; must have some with the operator In."),
        ({"key": "a", "operator": "Gt", "values": ["many"]}, "must be one whole number, in quotes, with the operator Gt."),
        ({"key": "a", "operator": "=", "values": ["b"]}, "must be In, NotIn, Exists, DoesNotExist, Gt or Lt."),
    ],
)
def test_expressions_have_values_by_their_operator(expression: dict[str, Any], words: str) -> None:
    terms = {"nodeSelectorTerms": [{"matchExpressions": [expression]}]}
    assert words in judged({"all": {"affinity": {"nodeAffinity": {REQUIRED: terms}}}})[0]
