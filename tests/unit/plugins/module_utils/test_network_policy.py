# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Peers and rules of NetworkPolicies."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._network_policy import ingress, peer_findings

HTTP = {"port": 9093, "protocol": "TCP"}
GOSSIP = {"port": 9094, "protocol": "UDP"}
PEER = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}


def test_components_reach_the_ports_they_are_named_for_and_further_peers_reach_all() -> None:
    rules = ingress({"9093": ["grafana"], "9094/UDP": []}, [PEER])
    grafana = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "grafana"}}}
    assert rules == [{"ports": [HTTP], "from": [grafana]}, {"ports": [HTTP, GOSSIP], "from": [PEER]}]


def test_everybody_is_let_in_only_where_that_is_said() -> None:
    assert ingress({"9093": "all"}) == [{"ports": [HTTP]}]


@pytest.mark.parametrize("further", [[], ()])
def test_an_empty_list_lets_nobody_in(further: Any) -> None:
    assert ingress({"9093": [], "9094/UDP": ()}, further) == []
    assert all(rule["from"] for rule in ingress({"9093": ["a"]}, further))


GOOD = [
    {"podSelector": {}},
    {"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "", "example.org/team": "a.b_c-D"}}},
    {
        "podSelector": {
            "matchExpressions": [{"key": "app", "operator": "In", "values": ["a"]}, {"key": "b", "operator": "Exists"}]
        }
    },
    {"ipBlock": {"cidr": "10.0.0.0/8"}},
    {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "192.168.1.1/32"]}},
    {"ipBlock": {"cidr": "fd00::/8", "except": ["fd00:1::/32"]}},
]
BAD: list[tuple[Any, str]] = [
    ({}, "[0] is empty; a peer has namespaceSelector, podSelector, or both, or else ipBlock."),
    (None, "[0] is empty;"),
    ("10.0.0.0/8", "[0] is no dictionary;"),
    ({"podLabels": {"a": "b"}}, "[0] has podLabels;"),
    ({"podSelector": {}, "ipBlock": {"cidr": "10.0.0.0/8"}}, "[0] has ipBlock and podSelector;"),
    ({"podSelector": None}, "[0].podSelector is no dictionary;"),
    ({"namespaceSelector": {"app": "a"}}, "[0].namespaceSelector has app; matchLabels and matchExpressions are allowed."),
    ({"podSelector": {"matchLabels": ["a"]}}, "[0].podSelector.matchLabels is no dictionary of labels."),
    ({"podSelector": {"matchLabels": {"app": 5}}}, "[0].podSelector.matchLabels has app: 5;"),
    ({"podSelector": {"matchLabels": {"a b": "c"}}}, "[0].podSelector.matchLabels has a b: c;"),
    ({"podSelector": {"matchExpressions": {"key": "a"}}}, "[0].podSelector.matchExpressions is no list."),
    (
        {"podSelector": {"matchExpressions": [{"key": "a", "operator": "in", "values": ["b"]}]}},
        "matchExpressions[0] is malformed",
    ),
    ({"podSelector": {"matchExpressions": [{"key": "a", "operator": "In"}]}}, "matchExpressions[0] is malformed"),
    (
        {"podSelector": {"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]}},
        "matchExpressions[0] is malformed",
    ),
    ({"ipBlock": "10.0.0.0/8"}, "[0].ipBlock is no dictionary;"),
    ({"ipBlock": {}}, "[0].ipBlock.cidr is empty;"),
    ({"ipBlock": {"cidr": "10.0.0.0"}}, "[0].ipBlock.cidr is 10.0.0.0; a CIDR such as"),
    ({"ipBlock": {"cidr": "10.0.0.0/33"}}, "[0].ipBlock.cidr is 10.0.0.0/33; a CIDR such as"),
    (
        {"ipBlock": {"cidr": "10.1.2.3/8"}},
        "[0].ipBlock.cidr is 10.1.2.3/8, whose address is not the first of its network; write 10.0.0.0/8.",
    ),
    ({"ipBlock": {"cidr": "10.0.0.0/8", "excpt": []}}, "[0].ipBlock has excpt; cidr and except are allowed."),
    ({"ipBlock": {"cidr": "10.0.0.0/8", "except": "10.1.0.0/16"}}, "[0].ipBlock.except is no list of CIDRs."),
    (
        {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}},
        "[0].ipBlock.except[0] is 11.0.0.0/16; it must be a part of 10.0.0.0/8.",
    ),
    ({"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]}}, "it must be a part of 10.0.0.0/8."),
    ({"ipBlock": {"cidr": "10.0.0.0/8", "except": ["fd00::/16"]}}, "it must be a part of 10.0.0.0/8."),
    ({"ipBlock": {"cidr": "10.0.0.0/8", "except": [5]}}, "[0].ipBlock.except[0] is 5; a CIDR"),
]


@pytest.mark.parametrize("peer", GOOD, ids=str)
def test_a_peer_that_the_api_server_takes_is_no_finding(peer: Any) -> None:
    assert peer_findings("from", {"grafana": [peer]}, ["grafana"]) == []


@pytest.mark.parametrize(("peer", "words"), BAD, ids=str)
def test_a_malformed_peer_is_one_finding_that_says_where(peer: Any, words: str) -> None:
    (finding,) = peer_findings("from", {"grafana": [peer]}, ["grafana"])
    assert finding.startswith("from.grafana[0]")
    assert words in finding


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([PEER], "from is no dictionary; it has a list of peers for each of grafana."),
        ({"thanos": []}, "from names thanos; it takes grafana."),
        ({"grafana": PEER}, "from.grafana is no list of peers; a peer has"),
        ({"grafana": "all"}, "from.grafana is no list of peers; a peer has"),
        ({"grafana": None}, "from.grafana is no list of peers; a peer has"),
    ],
)
def test_what_is_no_lists_of_peers_by_component_is_one_finding(value: Any, words: str) -> None:
    (finding,) = peer_findings("from", value, ["grafana"])
    assert finding.startswith(words)


def test_all_peers_are_judged_at_once() -> None:
    assert len(peer_findings("from", {"grafana": [{}, {"a": 1}], "x": [{}]}, ["grafana"])) == 4
