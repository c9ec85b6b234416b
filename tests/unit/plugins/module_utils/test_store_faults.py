# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stores that keep a Thanos Query from answering, behind a real HTTP server that hangs as Query does."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _endpoint, _promql, _store_faults
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

DEADLINE = "rpc error: code = DeadlineExceeded desc = context deadline exceeded"
REFUSED = f'{DEADLINE[:42]} latest balancer error: connection error: desc = "dial tcp 127.0.0.1:1: connect: connection refused"'


class Query:
    """A Thanos Query over two sidecars and a store; it does not answer a query that `hanging` stores are asked for."""

    def __init__(self) -> None:
        self.hanging: set[str] = set()
        self.errors: dict[str, str] = {}
        self.series = [{"metric": {"job": "a"}, "value": [1, "1"]}]
        self.is_thanos = True
        self.asked: list[dict[str, list[str]]] = []

    def answer(self, path: str, given: dict[str, list[str]]) -> Any:
        if path == "/api/v1/stores":
            kinds = {"sidecar": ["10.0.0.1:10901", "10.0.0.2:10901"], "store": ["10.0.0.3:10901"]}
            return {kind: [self.store(name) for name in names] for kind, names in kinds.items()} if self.is_thanos else None
        self.asked.append(given)
        matches = given.get("storeMatch[]", [])
        if any(not matches or store in matches[0] for store in self.hanging):
            time.sleep(3)
        return {"resultType": "vector", "result": self.series}

    def store(self, name: str) -> dict[str, Any]:
        return {"name": name, "lastError": self.errors.get(name), "lastCheck": "2026-11-20T12:00:00Z", "labelSets": []}


@pytest.fixture
def query() -> Query:
    return Query()


@pytest.fixture
def url(query: Query) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path)
            data = query.answer(path.path, parse_qs(path.query))
            self.send_response(404 if data is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            # Whoever has lost patience is gone.
            with suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(json.dumps({"status": "success", "data": data}).encode())

        def log_message(self, *_arguments: Any) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def failure(url: str, expect: str | None = "length(@) == `2`") -> MetricsError:
    options = {"via": "url", "url": url, "timeout": 0.3, "query": "up", "expect": expect, "wait_timeout": 1}
    with pytest.raises(MetricsError) as caught:
        _promql.ask(lambda: _endpoint.open_endpoint(None, options), options, [1])
    return caught.value


@pytest.mark.parametrize("expect", ["length(@) == `2`", None])
def test_of_a_query_that_hangs_the_store_that_hangs_is_named_and_no_other(expect: str | None, query: Query, url: str) -> None:
    query.hanging = {"10.0.0.2:10901"}
    message = failure(url, expect).message
    assert f"{url} hangs: it accepted the connection, but did not answer /api/v1/query within 0.3 s" in message
    assert "Its store sidecar 10.0.0.2:10901 hangs: asked alone, it did not answer the query within 5 s." in message
    assert "10.0.0.1" not in message
    assert "10.0.0.3" not in message
    assert query.asked[-1]["timeout"] == ["5s"]


def test_a_store_that_query_no_longer_asks_since_it_hangs_is_named(query: Query, url: str) -> None:
    query.errors = {"10.0.0.2:10901": DEADLINE}
    message = failure(url).message
    assert f"Its store sidecar 10.0.0.2:10901 hangs: it accepts connections, but does not answer ({DEADLINE})." in message
    assert len(query.asked) == 1, "stores are asked one by one only where the query itself hangs"


def test_stores_that_are_fine_and_a_prometheus_leave_the_advice(query: Query, url: str) -> None:
    assert failure(url).message.endswith("look at the targets and stores behind it.")
    query.is_thanos = False
    assert failure(url).message.endswith("look at the targets and stores behind it.")


def test_where_nothing_hangs_alone_no_store_is_blamed(query: Query, url: str) -> None:
    query.hanging = {"10.0.0.9:10901"}
    assert "Its store" not in failure(url).message


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DEADLINE, f"hangs: it accepts connections, but does not answer ({DEADLINE})"),
        (REFUSED, f"has the error: {REFUSED}"),
        ({}, "has the error: without text"),
    ],
)
def test_an_error_of_a_store_is_told_from_a_store_that_hangs(error: Any, said: str) -> None:
    assert _store_faults.explain(error) == said


def test_a_server_that_is_away_is_not_one_that_hangs() -> None:
    options = {"via": "url", "url": "http://127.0.0.1:1"}
    with _endpoint.open_endpoint(None, options) as endpoint, pytest.raises(EndpointError) as caught:
        endpoint.get("/-/ready")
    assert not caught.value.hangs
