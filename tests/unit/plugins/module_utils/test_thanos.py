# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a Thanos; the answers were recorded from Thanos 0.42.5 with two sidecars and a Store Gateway."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
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
STORE_METRICS = """\
# HELP thanos_bucket_store_blocks_loaded Number of currently loaded blocks.
# TYPE thanos_bucket_store_blocks_loaded gauge
thanos_bucket_store_blocks_loaded 12
# TYPE thanos_bucket_store_blocks_last_loaded_timestamp_seconds gauge
thanos_bucket_store_blocks_last_loaded_timestamp_seconds 1.795176354e+09
"""
STORES = {"sidecar": 2, "store": 1}


def recorded(name: str) -> dict[str, Any]:
    return json.loads((Path(__file__).parent / f"fixtures/thanos_stores_{name}.json").read_text())


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


def loaded(**numbers: int) -> dict[str, str]:
    found = _thanos.judge_blocks({Pod("metrics", name.replace("_", "-"), 10902): number for name, number in numbers.items()})
    return {pod.name: problem for pod, problem in found.items()}


def test_a_store_gateway_with_less_than_nine_tenths_of_the_blocks_of_a_sibling_is_named() -> None:
    found = loaded(store_0=12, store_1=0, store_2=10)
    assert list(found) == ["store-1", "store-2"]
    assert found["store-1"].startswith("has loaded 0 blocks, while store-0 has loaded 12. They should serve the same blocks")
    assert loaded(store_0=0, store_1=1).keys() == {"store-0"}


def test_small_differences_single_store_gateways_and_an_empty_bucket_are_fine() -> None:
    assert loaded(store_0=19, store_1=18, store_2=20) == {}
    assert loaded(store_0=0, store_1=0) == {}
    assert loaded(store_0=0) == {}


def test_store_gateways_of_different_shards_are_not_compared() -> None:
    assert loaded(store_shard_0_0=40, store_shard_0_1=40, store_shard_1_0=3, store_shard_1_1=3) == {}
    found = loaded(store_shard_0_0=40, store_shard_0_1=40, store_shard_1_0=3, store_shard_1_1=0)
    assert found["store-shard-1-1"].startswith("has loaded 0 blocks, while store-shard-1-0 has loaded 3")


class Stack:
    """Stands for the cluster: the answers of each pod by name and path; an exception among them is raised."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = {"status": "success", "data": {"resultType": "scalar", "result": [0, str(1795176354.0)]}}
        query = {"/-/ready": "OK", "/thanos/api/v1/stores": recorded("fine"), "/thanos/api/v1/query": clock}
        self.pods: dict[str, dict[str, Any]] = {"query-0": query, "compact-0": {"/-/ready": "OK", "/metrics": METRICS}}
        self.problems: dict[str, str] = {}
        self.ips: dict[str, str] = {}
        monkeypatch.setattr(_pod_endpoints, "of_selector", lambda _cluster, _namespace, selector, _port: self.find(selector))
        monkeypatch.setattr(_service, "behind_service", lambda _cluster, _namespace, service, _port: self.find(service))
        monkeypatch.setattr(_pod_endpoints, "open_pod", self.open)

    def find(self, start: str) -> list[Pod]:
        names = [name for name in self.pods if name.startswith(start)]
        return [Pod("monitoring", name, 1, self.problems.get(name, ""), self.ips.get(name, "")) for name in names]

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
        options = {"namespace": "monitoring", "query": query, "components": components, "stores": {**STORES, "rule": None}}
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


STORE = {"name": "store", "selector": "store", "port": 1, "same_blocks": True}


def test_store_gateways_that_have_loaded_the_same_blocks_are_ready(stack: Stack) -> None:
    stack.pods |= {f"store-{number}": {"/-/ready": "OK", "/metrics": STORE_METRICS} for number in range(2)}
    seen = stack.wait(components=[STORE], stores={"sidecar": 2}, addresses={"store": ["127.0.0.1:29202"], "rule": None})
    assert seen.components == {"store": {"store-0": "ready", "store-1": "ready"}}


def test_a_store_gateway_that_serves_less_than_its_sibling_is_told_with_both_numbers(stack: Stack) -> None:
    metrics = (STORE_METRICS, STORE_METRICS.replace("loaded 12", "loaded 0"))
    stack.pods |= {f"store-{number}": {"/-/ready": "OK", "/metrics": text} for number, text in enumerate(metrics)}
    with pytest.raises(MetricsError) as caught:
        stack.wait(components=[STORE], stores=None)
    (finding,) = caught.value.details["findings"]
    assert finding.startswith("store: Pod monitoring/store-1 has loaded 0 blocks, while store-0 has loaded 12.")
    assert caught.value.details["components"]["store"]["store-0"] == "ready"
    assert stack.wait(components=[{**STORE, "same_blocks": False}], stores=None).components["store"]["store-1"] == "ready"


def test_what_has_no_number_of_blocks_is_no_store_gateway(stack: Stack) -> None:
    stack.pods["store-0"] = {"/-/ready": "OK", "/metrics": METRICS}
    with pytest.raises(MetricsError, match="has no metric thanos_bucket_store_blocks_loaded; is it a Store Gateway"):
        stack.wait(components=[STORE], stores=None)


def test_sidecars_of_others_do_not_count_where_the_pods_are_known(stack: Stack) -> None:
    stack.pods |= {f"prometheus-{number}": {"/-/ready": "OK"} for number in range(2)}
    components = [{"name": "sidecar", "selector": "prometheus", "port": 1}]
    stack.ips = {"prometheus-0": "127.0.0.1", "prometheus-1": "127.0.0.1"}
    stack.wait(components=components)
    stack.ips["prometheus-1"] = "10.0.0.2"
    with pytest.raises(MetricsError, match=r"2 of kind sidecar are expected, seen: .*prometheus-1 \(10.0.0.2\) never answered"):
        stack.wait(components=components)
    with pytest.raises(MetricsError, match=r"thanos-store-grpc:1 of kind store is expected, seen: 127.0.0.1:29202\. Look"):
        stack.wait(components=None, addresses={"store": ["thanos-store-grpc:1"]})
