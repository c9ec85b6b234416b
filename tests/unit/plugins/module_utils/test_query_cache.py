# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a repeated range query is answered from the cache, asked of a Query Frontend and a Query that others ask, too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _pod_endpoints, _query_cache, _service
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._service import Pod

NOW = 1_795_176_000.0
FRESHNESS = 300


@dataclass
class Stack:
    """One Query behind Query Frontends with a cache each; what it answers depends on how often it was asked."""

    caches: bool = True
    forwards: bool = True
    warnings: tuple[str, ...] = ()
    changes: bool = False
    frontends: dict[str, str] = field(default_factory=lambda: {"frontend-1": ""})
    asked: int = 0
    seen: list[dict[str, Any]] = field(default_factory=list)
    cache: dict[str, Any] = field(default_factory=dict)
    clock: Iterator[float] = field(default_factory=lambda: (NOW + number for number in count()))

    def behind(self, _cluster: Any, namespace: str, service: str, port: str) -> list[Pod]:
        assert (namespace, port) == ("metrics", "http")
        if service == "thanos-query":
            return [Pod(namespace, "query-1", 10902)]
        return [Pod(namespace, name, 10902, problem) for name, problem in self.frontends.items()]

    @contextmanager
    def open(self, _cluster: Any, pod: Pod, _via: str, **options: Any) -> Iterator[Endpoint]:
        yield Endpoint(self, pod.name, options)


@dataclass
class Endpoint:
    stack: Stack
    name: str
    options: dict[str, Any]

    def get(self, path: str, **asked: Any) -> Any:
        stack = self.stack
        if path == "/metrics":
            assert self.name == "query-1"
            line = 'http_requests_total{{code="200",handler="query_range",method="post",tenant="{}"}} {}'
            ours = [line.format("longterm-metrics-proof", stack.asked)] if stack.asked else []
            return "\n".join(["# TYPE http_requests_total counter", line.format("default-tenant", next(stack.clock)), *ours])
        assert self.name.startswith("frontend")
        assert self.options["headers"] == {"THANOS-TENANT": "longterm-metrics-proof"}
        assert (path, self.options["prefix"]) == ("/api/v1/query_range", "/thanos")
        stack.seen.append(asked)
        key = f"{self.name} {asked}"
        if not (stack.caches and key in stack.cache):
            stack.asked += stack.forwards
            result = [{"metric": {}, "values": [[NOW - 600, "3"]]}]
            stack.cache[key] = {"data": {"resultType": "matrix", "result": result}, "warnings": list(stack.warnings)}
        elif stack.changes:
            return {"status": "success", "data": {"resultType": "matrix", "result": []}}
        return {"status": "success", **stack.cache[key]}


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Any:
    def look(stack: Stack) -> _query_cache.Seen:
        monkeypatch.setattr(_service, "behind_service", stack.behind)
        monkeypatch.setattr(_pod_endpoints, "open_pod", stack.open)
        service = {"port": "http"}
        options = {
            "namespace": "metrics",
            "frontend": {"service": "thanos-query-frontend", **service},
            "query": {"service": "thanos-query", **service},
            "path_prefix": "/thanos",
            "freshness": FRESHNESS,
            "via": "port_forward",
            "timeout": 5,
            "wait_timeout": 0,
        }
        watch = _query_cache.Watch(None, options, clock=lambda: next(stack.clock))  # type: ignore[arg-type]
        return _query_cache.wait_for(watch, [1])

    return look


def test_a_cache_answers_each_frontend_the_second_time(look: Any) -> None:
    stack = Stack(frontends={"frontend-1": "", "frontend-2": ""})
    assert look(stack).pods == {name: {"first": 1, "again": 0} for name in ("frontend-1", "frontend-2")}
    assert len(stack.seen) == 4


def test_it_asks_for_what_may_be_cached_and_was_never_asked_before(look: Any) -> None:
    stack = Stack()
    look(stack)
    look(stack)
    assert all(NOW - FRESHNESS - 120 < asked["end"] < NOW - FRESHNESS + 60 for asked in stack.seen)
    assert all((asked["end"] - asked["start"], asked["step"], asked["end"] % 60) == (600, 60, 0) for asked in stack.seen)
    assert [asked["query"] for asked in stack.seen[::2]] == [asked["query"] for asked in stack.seen[1::2]]
    assert stack.seen[0]["query"] != stack.seen[2]["query"]


@pytest.mark.parametrize(
    ("stack", "finding"),
    [
        (Stack(caches=False), "asked the same range query again, Query had to answer 1 times; its cache did not"),
        (Stack(forwards=False), "a new range query did not reach Query"),
        (Stack(warnings=("no store",)), "its answer has the warning 'no store', and such an answer is not cached"),
        (Stack(changes=True), "the answer of its cache differs from the one that Query gave"),
        (Stack(frontends={"frontend-1": "is not ready"}), "Pod metrics/frontend-1: is not ready"),
        (Stack(frontends={}), "Service metrics/thanos-query-frontend has no pod"),
    ],
)
def test_anything_else_is_a_finding(look: Any, stack: Stack, finding: str) -> None:
    with pytest.raises(MetricsError, match="The cache of thanos-query-frontend in namespace metrics does not answer") as error:
        look(stack)
    assert finding in error.value.message


def test_one_pod_that_does_not_answer_is_named_beside_the_others(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(endpoint: Endpoint, path: str, **asked: Any) -> Any:
        if endpoint.name == "frontend-1":
            raise EndpointError("frontend-1 answered /api/v1/query_range with 502: bad gateway", 502)
        return original(endpoint, path, **asked)

    original = Endpoint.get
    monkeypatch.setattr(Endpoint, "get", refuse)
    with pytest.raises(MetricsError) as error:
        look(Stack(frontends={"frontend-1": "", "frontend-2": ""}))
    assert "502" in error.value.message
    assert error.value.details["pods"] == {"frontend-2": {"first": 1, "again": 0}}
