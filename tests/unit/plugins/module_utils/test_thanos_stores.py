# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the stores of a Query; answers were recorded from Thanos 0.42.5 with two sidecars and a Store Gateway."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._service import Pod
from ansible_collections.longterm.metrics.plugins.module_utils._thanos_stores import Expected, judge_stores

STORES = {"sidecar": 2, "store": 1}
FINE = "2026-11-20T12:05:54Z"


def recorded(name: str) -> dict[str, Any]:
    return json.loads((Path(__file__).parent / f"fixtures/thanos_stores_{name}.json").read_text())


def judged(name: str, at: str, expected: dict[str, int] = STORES, **changes: Any) -> list[str]:
    """The findings on a recorded answer at a time; `changes` go into its first sidecar."""
    stores = recorded(name)["data"]
    stores["sidecar"][0].update(changes)
    wanted = {kind: Expected(number) for kind, number in expected.items()}
    return judge_stores(stores, wanted, datetime.fromisoformat(at).timestamp(), max_age=60)


def missed(kind: str, names: list[str], *ips: str, number: int = 0, addresses: list[str] | None = None) -> list[str]:
    """The findings on stores of one kind, when the component of that name has pods of these IPs."""
    pods = [Pod("metrics", f"prometheus-{index}", 10902, ip=ip) for index, ip in enumerate(ips)]
    return list(Expected(number, addresses or (), pods).judge(kind, names))


def test_the_expected_stores_checked_lately_without_error_are_fine() -> None:
    assert judged("fine", FINE) == []


def test_a_missing_kind_and_too_few_of_a_kind_are_named() -> None:
    findings = judged("fine", FINE, {"sidecar": 3, "receive": 1})
    assert [finding.partition(".")[0] for finding in findings] == [
        "3 of kind sidecar are expected, seen: 127",
        "1 of kind receive are expected, seen: none",
    ]


def test_a_pod_that_query_does_not_see_is_named() -> None:
    (finding,) = missed("sidecar", ["10.0.0.1:10901"], "10.0.0.1", "10.0.0.2", number=2)
    assert finding.startswith("2 of kind sidecar are expected, seen: 10.0.0.1:10901; Pod metrics/prometheus-1 (10.0.0.2) never")
    assert "never answered Query. Look at its pods" in finding


def test_stores_of_others_do_not_stand_for_those_of_the_component() -> None:
    (finding,) = missed("sidecar", ["10.0.0.1:10901", "10.9.9.9:10901", "eu:10901"], "10.0.0.1", "10.0.0.2", number=2)
    assert "seen: 10.0.0.1:10901, 10.9.9.9:10901 (in no pod of sidecar), eu:10901 (in no pod of sidecar); Pod" in finding
    (finding,) = missed("sidecar", ["10.9.9.9:10901"], number=1)
    assert "1 of kind sidecar are expected, seen: 10.9.9.9:10901 (in no pod of sidecar). Look" in finding


@pytest.mark.parametrize(
    ("name", "is_its"),
    [
        ("10.0.0.1:10901", True),
        ("[fd00::1]:10901", False),
        ("prometheus-0.sidecars.metrics.svc:10901", True),
        ("prometheus-0.sidecars.metrics.svc.cluster.local.:10901", True),
        ("prometheus-1.sidecars.metrics.svc:10901", False),
        ("prometheus-0.sidecars.others.svc:10901", False),
        ("prometheus-0.eu.metrics.example.com:10901", False),
        ("prometheus-0:10901", False),
        ("without-port", False),
        (":10901", False),
    ],
)
def test_a_store_is_of_a_pod_by_its_ip_or_its_name(name: str, is_its: bool) -> None:
    assert (not missed("sidecar", [name], "10.0.0.1", number=1)) == is_its


def test_an_address_of_ipv6_is_in_brackets_and_a_pod_without_an_address_has_no_store() -> None:
    assert missed("sidecar", ["[fd00::1]:10901"], "fd00::1", number=1) == []
    assert len(missed("sidecar", [":10901"], "", number=1)) == 1


def test_a_pod_that_is_seen_twice_counts_once() -> None:
    assert len(missed("sidecar", ["10.0.0.1:10901", "prometheus-0.sidecars.metrics.svc:10901"], "10.0.0.1", "", number=2)) == 1


def test_each_expected_address_must_be_seen_whatever_else_is() -> None:
    shards = [f"thanos-store-grpc-shard-{number}.metrics.svc:10901" for number in range(2)]
    assert missed("store", [*shards, "10.9.9.9:10901"], "10.0.0.1", "10.0.0.2", addresses=shards) == []
    (finding,) = missed("store", [shards[0], "10.9.9.9:10901"], "10.0.0.1", "10.0.0.2", addresses=shards)
    # Query asks the Service and no pod, so none is said to be silent.
    assert finding == (
        f"{shards[1]} of kind store is expected, seen: {shards[0]}, 10.9.9.9:10901 (in no pod of store). "
        "Look at its pods and at Query's --endpoint"
    )


def test_an_expected_address_counts_as_one_of_the_kind() -> None:
    assert missed("store", ["grpc:1", "10.9.9.9:1"], "10.0.0.1", addresses=["grpc:1"], number=1) == []
    assert len(missed("store", ["grpc:1", "10.9.9.9:1"], "10.0.0.1", addresses=["grpc:1"], number=2)) == 1


def test_without_a_component_of_its_name_every_store_of_a_kind_counts() -> None:
    assert list(Expected(2, ["a:1"]).judge("store", ["a:1", "b:1"])) == []
    (finding,) = Expected(2, ["c:1"]).judge("store", ["a:1", "b:1"])
    assert finding.startswith("c:1 of kind store is expected, seen: a:1, b:1. Look")


def test_no_store_at_all_is_named() -> None:
    assert len(judge_stores({}, {"sidecar": Expected(2), "store": Expected(1)}, 0, 60)) == 2


def test_a_store_with_an_error_is_named_with_it() -> None:
    (finding,) = judged("error", "2026-11-20T12:09:05Z")
    assert finding.startswith("sidecar 127.0.0.1:29201 has the error: rpc error")
    assert "connection refused" in finding


def test_an_error_whose_text_is_lost_is_an_error() -> None:
    assert judged("fine", FINE, lastError={}) == ["sidecar 127.0.0.1:29200 has the error: without text"]


def test_a_store_that_was_not_checked_lately_is_named_with_its_age() -> None:
    findings = judged("fine", "2026-11-20T12:06:54Z")
    assert len(findings) == 3
    assert "127.0.0.1:29200 was last checked at 2026-11-20T12:05:49.146175194Z, 65 s ago (60 s are allowed)" in findings[0]


def test_a_store_that_was_never_checked_is_named() -> None:
    (finding,) = judged("fine", FINE, lastCheck="0001-01-01T00:00:00Z")
    assert "was last checked at 0001-01-01T00:00:00Z" in finding


def test_two_sidecars_of_the_same_labels_are_named() -> None:
    (finding,) = judged("double", "2026-11-20T12:21:05Z")
    assert "sidecar 127.0.0.1:29200 and sidecar 127.0.0.1:29201 announce the same labels" in finding
    assert 'cluster="test", prometheus_replica="a"' in finding


def test_two_sidecars_without_labels_are_named() -> None:
    stores = {"sidecar": [{"name": name, "lastCheck": "2026-11-20T12:00:00Z", "labelSets": []} for name in "ab"]}
    (finding,) = judge_stores(stores, {}, datetime.fromisoformat("2026-11-20T12:00:01Z").timestamp(), 60)
    assert "sidecar a and sidecar b announce the same labels {}" in finding


def test_store_gateways_may_announce_what_sidecars_do() -> None:
    assert not any("store 127" in finding for finding in judged("error", "2026-11-20T12:09:05Z"))
