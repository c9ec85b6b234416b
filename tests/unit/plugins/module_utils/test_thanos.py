# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a Thanos; the answers were recorded from Thanos 0.42.5 with two sidecars and a Store Gateway."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _pod_endpoints, _service, _thanos
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._service import Pod

METRICS = """\
# HELP thanos_compact_halted Set to 1 if the compactor halted due to an unexpected error.
# TYPE thanos_compact_halted gauge
thanos_compact_halted 0
# TYPE thanos_compact_iterations_total counter
thanos_compact_iterations_total 31
"""
EXPECTED = {"sidecar": 2, "store": 1}


def recorded(name: str) -> dict[str, Any]:
    return json.loads((Path(__file__).parent / f"fixtures/thanos_stores_{name}.json").read_text())


def judged(name: str, at: str, expected: dict[str, int] = EXPECTED, **changes: Any) -> list[str]:
    """The findings on a recorded answer at a time; `changes` go into its first sidecar."""
    stores = recorded(name)["data"]
    stores["sidecar"][0].update(changes)
    return _thanos.judge_stores(stores, expected, datetime.fromisoformat(at).timestamp(), max_age=60)


def test_the_expected_stores_checked_lately_without_error_are_fine() -> None:
    assert judged("fine", "2026-11-20T12:05:54Z") == []


def test_a_missing_kind_and_too_few_of_a_kind_are_named() -> None:
    findings = judged("fine", "2026-11-20T12:05:54Z", {"sidecar": 3, "receive": 1})
    assert [finding.partition(".")[0] for finding in findings] == [
        "3 of kind sidecar are expected, seen: 127",
        "1 of kind receive are expected, seen: none",
    ]


def test_a_pod_that_query_does_not_see_is_named() -> None:
    pods = {"sidecar": [Pod("monitoring", f"prometheus-{ip}", 10902, ip=ip) for ip in ("127.0.0.1", "10.0.0.2")]}
    stores = recorded("fine")["data"]
    findings = _thanos.judge_stores(stores, {"sidecar": 3}, datetime.fromisoformat("2026-11-20T12:05:54Z").timestamp(), 60, pods)
    assert len(findings) == 1
    assert "; Pod monitoring/prometheus-10.0.0.2 (10.0.0.2) never answered Query. Look at its pods" in findings[0]


def test_no_store_at_all_is_named() -> None:
    assert len(_thanos.judge_stores({}, EXPECTED, 0, 60)) == 2


def test_a_store_with_an_error_is_named_with_it() -> None:
    (finding,) = judged("error", "2026-11-20T12:09:05Z")
    assert finding.startswith("sidecar 127.0.0.1:29201 has the error: rpc error")
    assert "connection refused" in finding


def test_an_error_whose_text_is_lost_is_an_error() -> None:
    assert judged("fine", "2026-11-20T12:05:54Z", lastError={}) == ["sidecar 127.0.0.1:29200 has the error: without text"]


def test_a_store_that_was_not_checked_lately_is_named_with_its_age() -> None:
    findings = judged("fine", "2026-11-20T12:06:54Z")
    assert len(findings) == 3
    assert "127.0.0.1:29200 was last checked at 2026-11-20T12:05:49.146175194Z, 65 s ago (60 s are allowed)" in findings[0]


def test_a_store_that_was_never_checked_is_named() -> None:
    (finding,) = judged("fine", "2026-11-20T12:05:54Z", lastCheck="0001-01-01T00:00:00Z")
    assert "was last checked at 0001-01-01T00:00:00Z" in finding


def test_two_sidecars_of_the_same_labels_are_named() -> None:
    (finding,) = judged("double", "2026-11-20T12:21:05Z")
    assert "sidecar 127.0.0.1:29200 and sidecar 127.0.0.1:29201 announce the same labels" in finding
    assert 'cluster="test", prometheus_replica="a"' in finding


def test_two_sidecars_without_labels_are_named() -> None:
    stores = {"sidecar": [{"name": name, "lastCheck": "2026-11-20T12:00:00Z", "labelSets": []} for name in "ab"]}
    (finding,) = _thanos.judge_stores(stores, {}, datetime.fromisoformat("2026-11-20T12:00:01Z").timestamp(), 60)
    assert "sidecar a and sidecar b announce the same labels {}" in finding


def test_store_gateways_may_announce_what_sidecars_do() -> None:
    assert not any("store 127" in finding for finding in judged("error", "2026-11-20T12:09:05Z"))


def test_a_compactor_that_runs_is_fine_and_one_that_halted_is_not() -> None:
    assert _thanos.judge_compactor(METRICS) == ""
    assert "has halted" in _thanos.judge_compactor(METRICS.replace("halted 0", "halted 1"))


def test_what_has_no_such_metric_is_no_compactor() -> None:
    assert "is it a compactor?" in _thanos.judge_compactor("up 1\n")


def test_a_second_compactor_and_a_missing_one_are_named() -> None:
    compactor = {"name": "compactor", "selector": "app=compact", "single": True}
    pods = [Pod("monitoring", f"compact-{number}", 10902) for number in range(2)]
    assert _thanos.judge_number(compactor, pods[:1]) == []
    assert _thanos.judge_number(compactor, pods) == ["compactor must be single, but there are 2 pods: compact-0, compact-1"]
    assert "has no pod: nothing in its namespace has the labels app=compact" in _thanos.judge_number(compactor, [])[0]


class Stack:
    """Stands for the cluster: the answers of each pod by name and path; an exception among them is raised."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = {"status": "success", "data": {"resultType": "scalar", "result": [0, str(1795176354.0)]}}
        query = {"/-/ready": "OK", "/thanos/api/v1/stores": recorded("fine"), "/thanos/api/v1/query": clock}
        self.pods: dict[str, dict[str, Any]] = {"query-0": query, "compact-0": {"/-/ready": "OK", "/metrics": METRICS}}
        self.problems: dict[str, str] = {}
        monkeypatch.setattr(_pod_endpoints, "of_selector", lambda _cluster, _namespace, selector, _port: self.find(selector))
        monkeypatch.setattr(_service, "behind_service", lambda _cluster, _namespace, service, _port: self.find(service))
        monkeypatch.setattr(_pod_endpoints, "open_pod", self.open)

    def find(self, start: str) -> list[Pod]:
        return [Pod("monitoring", name, 1, self.problems.get(name, "")) for name in self.pods if name.startswith(start)]

    @contextmanager
    def open(self, _cluster: Any, pod: Pod, _via: str, *, prefix: str = "", timeout: float = 0) -> Iterator[Any]:
        answers = self.pods[pod.name]

        class Asked:
            name = str(pod)

            def get(self, path: str, **_parameters: Any) -> Any:
                answer = answers[prefix + path]
                if isinstance(answer, Exception):
                    raise answer
                return answer

        yield Asked()

    def wait(self, attempts: int = 1, **changes: Any) -> _thanos.Seen:
        components = [
            {"name": "query", "selector": "query", "port": 1},
            {"name": "compactor", "selector": "compact", "port": 1, "single": True, "not_halted": True},
        ]
        query = {"service": "query", "port": "http", "path_prefix": "/thanos"}
        options = {"namespace": "monitoring", "query": query, "components": components, "stores": {**EXPECTED, "rule": None}}
        settings = {"max_age": 60, "via": "port_forward", "timeout": 1, "wait_timeout": 0}
        return _thanos.wait_for(object(), {**options, **settings, **changes}, range(attempts))  # type: ignore[arg-type]


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Stack:
    return Stack(monkeypatch)


def test_a_thanos_that_works_is_ready(stack: Stack) -> None:
    seen = stack.wait()
    assert seen.components == {"query": {"query-0": "ready"}, "compactor": {"compact-0": "ready"}}
    assert len(seen.stores["query-0"]["sidecar"]) == 2


def test_one_failure_says_all_that_is_wrong(stack: Stack) -> None:
    stack.pods["query-1"] = {**stack.pods["query-0"], "/-/ready": EndpointError("answered 503", 503), "/thanos/api/v1/stores": {}}
    stack.pods["query-1"]["/thanos/api/v1/stores"] = {"status": "success", "data": {}}
    stack.pods["compact-0"]["/metrics"] = METRICS.replace("halted 0", "halted 1")
    stack.problems["compact-1"] = "is Pending"
    stack.pods["compact-1"] = {}
    with pytest.raises(MetricsError) as caught:
        stack.wait()
    findings = caught.value.details["findings"]
    assert [finding.partition(" (")[0][:62] for finding in findings] == [
        "compactor must be single, but there are 2 pods: compact-0, com",
        "query: Pod monitoring/query-1 is not ready: answered 503",
        "compactor: Pod monitoring/compact-0 has halted",
        "compactor: Pod monitoring/compact-1 is Pending",
        "Query Pod monitoring/query-1: 2 of kind sidecar are expected, ",
        "Query Pod monitoring/query-1: 1 of kind store are expected, se",
    ]
    assert all(finding in caught.value.message for finding in findings)


def test_what_becomes_ready_in_time_is_ready(stack: Stack) -> None:
    ready = stack.pods["query-0"]

    class Starting(dict[str, Any]):
        def __getitem__(self, path: str) -> Any:
            stack.pods["query-0"] = ready
            raise EndpointError("connection refused")

    stack.pods["query-0"] = Starting()
    assert stack.wait(attempts=2).components["query"] == {"query-0": "ready"}


def test_no_query_behind_the_service_is_named(stack: Stack) -> None:
    del stack.pods["query-0"]
    with pytest.raises(MetricsError, match="Query: Service monitoring/query has no pod behind port http"):
        stack.wait()


def test_without_query_only_the_components_are_judged(stack: Stack) -> None:
    stack.pods["query-0"]["/thanos/api/v1/stores"] = recorded("error")
    with pytest.raises(MetricsError, match="has the error: rpc error"):
        stack.wait()
    seen = stack.wait(query=None, stores=None)
    assert (seen.components["compactor"], seen.stores) == ({"compact-0": "ready"}, {})
    stack.pods["compact-0"]["/metrics"] = METRICS.replace("halted 0", "halted 1")
    with pytest.raises(MetricsError, match="compactor: Pod monitoring/compact-0 has halted"):
        stack.wait(query=None, stores=None)


def test_without_components_only_query_is_judged(stack: Stack) -> None:
    stack.problems["compact-0"] = "is Pending"
    assert list(stack.wait(components=None).stores) == ["query-0"]
