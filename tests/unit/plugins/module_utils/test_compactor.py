# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One compactor that works, among the pods of a fake API server that answer through its proxy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _compactor
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import Answer, FakeServer
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_pods import FakePods

CONFIG = {"type": "S3", "config": {"bucket": "thanos", "endpoint": "s3.example.com"}}
TEXT = "type: S3\nconfig: {bucket: thanos, endpoint: s3.example.com}\n"
AGE = 600


def page(cycles: int = 31, syncs: int = 120, failures: int = 0, age: float = 50_000, halted: int = 0) -> str:
    return (
        f"thanos_compact_iterations_total {cycles}\nthanos_compact_halted {halted}\nthanos_compact_retries_total 0\n"
        f"thanos_blocks_meta_sync_duration_seconds_count {syncs}\nthanos_blocks_meta_sync_failures_total {failures}\n"
        f"process_start_time_seconds {time.time() - age}\n"
    )


def past(*cycles: int) -> dict[str, Any]:
    """What Prometheus scraped: these numbers of cycles, a minute apart, the last one a minute ago."""
    now = time.time()
    values = [[now - 60 * (len(cycles) - number), str(count)] for number, count in enumerate(cycles)]
    series = {"metric": {"__name__": "thanos_compact_iterations_total"}, "values": values}
    return {"status": "success", "data": {"resultType": "matrix", "result": [series]}}


class Stack:
    def __init__(self) -> None:
        self.server = FakeServer()
        for name in ("metrics", "other"):
            self.server.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        self.put("thanos-compact-0", "metrics", {"app.kubernetes.io/name": "thanos-compact"})
        answers = {
            "prometheus-0": {"/api/v1/query_range": past(29, 30, 31)},
            "thanos-compact-0": {"/-/ready": "OK", "/metrics": page()},
        }
        self.pods = FakePods(self.server, "prometheus", answers)

    def put(self, name: str, namespace: str, labels: dict[str, str], *args: str) -> None:
        container = {
            "name": "compact",
            "image": "localhost/thanos:1",
            "args": ["compact", *(args or (f"--objstore.config={TEXT}",))],
        }
        metadata = {"name": name, "namespace": namespace, "labels": labels}
        spec, status = {"containers": [container]}, {"phase": "Running"}
        self.server.put({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": status})

    @property
    def answers(self) -> dict[str, Any]:
        return self.pods.pods["thanos-compact-0"]

    def wait(self, attempts: int = 1, **changes: Any) -> _compactor.Seen:
        options = {
            "namespace": "metrics",
            "selector": "app.kubernetes.io/name=thanos-compact",
            "port": 10902,
            "objstore_config": CONFIG,
            "others_allowed": [],
            "blocks_with": None,
            "prometheus": {"service": "prometheus", "port": "http", "path_prefix": ""},
            "max_cycle_age": AGE,
            "via": "proxy",
            "timeout": 1,
            "wait_timeout": 0,
        }
        return _compactor.wait_for(Cluster(self.server, "https://cluster"), {**options, **changes}, range(attempts))

    def findings(self, **changes: Any) -> list[str]:
        with pytest.raises(MetricsError) as caught:
            self.wait(**changes)
        found: list[str] = caught.value.details["findings"]
        assert all(finding in caught.value.message for finding in found)
        return found


@pytest.fixture
def stack() -> Iterator[Stack]:
    return Stack()


def test_one_that_works_alone_is_ready(stack: Stack) -> None:
    seen = stack.wait()
    assert (seen.pod, seen.due, seen.searched) == ("thanos-compact-0", 0, "all namespaces")
    assert time.time() - 90 < seen.cycle < time.time() - 50


def test_one_without_a_cycle_lately_is_not(stack: Stack) -> None:
    stack.pods.pods["prometheus-0"]["/api/v1/query_range"] = past(31, 31, 31)
    (finding,) = stack.findings()
    assert finding.startswith("Pod metrics/thanos-compact-0 has completed no cycle in the last 10 min")


def test_one_that_lost_its_bucket_is_named(stack: Stack) -> None:
    stack.answers["/metrics"] = page(failures=3, age=30, cycles=0, syncs=3)
    (finding,) = stack.findings()
    assert "thanos-compact-0 does not reach its bucket" in finding


def test_one_that_halted_is_named(stack: Stack) -> None:
    stack.answers["/metrics"] = page(halted=1)
    assert "has halted" in stack.findings()[0]


def test_what_is_no_compactor_is_named(stack: Stack) -> None:
    stack.answers["/metrics"] = "up 1\n"
    assert "is it a compactor?" in stack.findings()[0]


def test_one_that_does_not_answer_is_named(stack: Stack) -> None:
    stack.answers["/-/ready"] = Answer(503, "not ready")
    assert "cannot be asked" in stack.findings()[0]


def test_none_at_all_and_two_of_them_are_named(stack: Stack) -> None:
    assert stack.findings(selector="app=none") == [
        "no pod in namespace metrics has the labels app=none",
        "Pod metrics/thanos-compact-0, container compact is a second compactor on this bucket; "
        "stop one of the two, together they ruin it",
    ]
    stack.put("thanos-compact-1", "metrics", {"app.kubernetes.io/name": "thanos-compact"})
    assert "there must be one compactor, but there are 2: thanos-compact-0, thanos-compact-1" in stack.findings()


def test_a_second_one_is_named_whatever_its_labels_and_namespace_are(stack: Stack) -> None:
    stack.put("tidy", "other", {"app": "tidy"})
    (finding,) = stack.findings()
    assert finding.startswith("Pod other/tidy, container compact is a second compactor on this bucket")


def test_one_of_another_bucket_may_run(stack: Stack) -> None:
    stack.put("tidy", "other", {}, f"--objstore.config={TEXT.replace('bucket: thanos', 'bucket: loki')}")
    assert stack.wait().cycle


def test_one_of_a_bucket_of_the_same_name_elsewhere_may_run_only_when_it_is_allowed(stack: Stack) -> None:
    stack.put("tidy-0", "other", {}, f"--objstore.config={TEXT.replace('endpoint: ', 'endpoint: other-')}")
    (finding,) = stack.findings()
    assert "on a bucket of the same name at other-" in finding
    assert stack.wait(others_allowed=["other/tidy-*"]).cycle


def test_one_whose_bucket_cannot_be_told_may_run_only_when_it_is_allowed(stack: Stack) -> None:
    stack.put("tidy-0", "other", {}, "--objstore.config-file=/baked/in.yml")
    (finding,) = stack.findings()
    assert "whether on this bucket is unknown: its configuration is the file /baked/in.yml" in finding
    assert stack.wait(others_allowed=["other/tidy-*"]).cycle


def test_a_second_one_that_stops_in_time_is_forgotten(stack: Stack) -> None:
    stack.put("tidy", "other", {})
    look = stack.server.answers

    def leave(_request: Any) -> None:
        if len(stack.server.requests) > 8:
            stack.server.objects.pop(("", "pods", "other", "tidy"), None)

    look.insert(0, leave)
    assert stack.wait(attempts=3).cycle


def test_a_young_one_is_due_later_and_says_when(stack: Stack) -> None:
    stack.answers["/metrics"] = page(cycles=0, syncs=1, age=100)
    stack.pods.pods["prometheus-0"]["/api/v1/query_range"] = past()
    seen = stack.wait(attempts=2)
    assert seen.cycle == 0
    assert abs(seen.due - (time.time() - 100 + AGE)) < 5


def test_without_prometheus_an_old_one_proves_nothing_and_a_young_one_what_it_did(stack: Stack) -> None:
    stack.pods.pods["prometheus-0"]["/api/v1/query_range"] = Answer(503, "away")
    findings = stack.findings()
    assert "has completed no cycle" in findings[0]
    assert "Prometheus cannot be asked for its past" in findings[1]
    stack.answers["/metrics"] = page(cycles=1, age=100)
    assert stack.wait().cycle


def test_a_cycle_that_ends_while_it_is_watched_is_evidence(stack: Stack) -> None:
    stack.pods.pods["prometheus-0"]["/api/v1/query_range"] = Answer(503, "away")
    pages = iter([page(), page(), page(cycles=32)])
    stack.answers["/metrics"] = lambda _parameters: next(pages)
    assert stack.wait(attempts=3).cycle > time.time() - 5


def test_the_blocks_it_has_loaded_are_told_where_that_is_asked(stack: Stack) -> None:
    def meta(ulid: str, start: int, **labels: str) -> dict[str, Any]:
        return {"ulid": ulid, "minTime": start, "maxTime": start + 1, "stats": {"numSamples": 1}, "thanos": {"labels": labels}}

    metas = [meta("B", 20, cluster="one"), meta("A", 10, cluster="one"), meta("C", 0, cluster="two")]
    stack.answers["/api/v1/blocks"] = {"status": "success", "data": {"blocks": metas, "err": None}}
    assert [block.ulid for block in stack.wait(blocks_with={"cluster": "one"}).blocks] == ["A", "B"]
    assert stack.wait().blocks == []


def test_one_that_does_not_tell_its_blocks_is_named_where_they_are_asked(stack: Stack) -> None:
    stack.answers["/api/v1/blocks"] = "<html>"
    assert "something else than the compactor's API gives" in stack.findings(blocks_with={})[0]
