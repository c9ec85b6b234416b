# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP of something in the cluster."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _tunnel
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import (
    EndpointError,
    ask,
    may_pass,
    open_endpoint,
    open_pod,
)
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import Answer, FakeServer

PROXIED = {"via": "proxy", "namespace": "metrics", "service": "query", "port": "http"}
BASE = "/api/v1/namespaces/metrics/services/query:http/proxy"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/none" else 200)
        self.send_header("Content-Type", "application/json" if self.path.endswith("json") else "text/plain")
        self.end_headers()
        said = f"{self.path} {self.headers.get('X-Who')}"
        self.wfile.write(b'{"a": 1}' if self.path.endswith("json") else said.encode())

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as web:
        threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{web.server_port}/"
        web.shutdown()


@pytest.mark.parametrize("prefix", ["/thanos", "thanos/"])
def test_a_url_is_asked_with_prefix_parameters_and_headers(url: str, prefix: str) -> None:
    options = {"via": "url", "url": url, "path_prefix": prefix, "headers": {"X-Who": "me"}}
    with open_endpoint(None, options) as endpoint:
        assert endpoint.get("/api/v1/query", query="up") == "/thanos/api/v1/query?query=up me"
        assert endpoint.get("/json") == {"a": 1}


def test_a_forwarded_port_is_asked_past_the_proxies_of_the_environment(
    url: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, _colon, port = url.removeprefix("http://").rstrip("/").partition(":")
    tunnel = SimpleNamespace(address=(host, int(port)), trouble="")
    monkeypatch.setattr(_tunnel, "tunnel_to_pod", lambda *_where: nullcontext(tunnel))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with open_pod(cluster, "metrics", "query-0", 10902) as endpoint:
        assert endpoint.get("/json") == {"a": 1}


def test_a_refusal_carries_status_and_body(url: str) -> None:
    with open_endpoint(None, {"via": "url", "url": url}) as endpoint, pytest.raises(EndpointError) as caught:
        endpoint.get("/none")
    assert caught.value.message == f"{url} answered /none with 404: /none None"
    assert (caught.value.code, caught.value.body) == (404, "/none None")


def test_what_does_not_answer_is_named() -> None:
    with open_endpoint(None, {"via": "url", "url": "http://127.0.0.1:1"}) as endpoint, pytest.raises(EndpointError) as caught:
        endpoint.get("/-/ready")
    assert caught.value.message.startswith("http://127.0.0.1:1 did not answer /-/ready: ConnectError")
    assert caught.value.code == 0


def test_the_proxy_of_the_api_server_leads_to_the_service(server: FakeServer, cluster: Cluster) -> None:
    server.answers.append(lambda request: Answer(200, {"path": request.path, **request.params}))
    with open_endpoint(cluster, {**PROXIED, "path_prefix": "/thanos"}) as endpoint:
        assert endpoint.get("/api/v1/query", query="up") == {"path": f"{BASE}/thanos/api/v1/query", "query": "up"}


def test_a_status_behind_the_proxy_is_the_services_own_and_is_told_at_once(server: FakeServer, cluster: Cluster) -> None:
    cluster.get("/api")
    server.answers.append(lambda _request: Answer(503, '{"status": "error", "error": "no store"}'))
    with open_endpoint(cluster, PROXIED) as endpoint, pytest.raises(EndpointError) as caught:
        endpoint.get("/api/v1/query")
    assert "Service metrics/query:http answered /api/v1/query with 503" in caught.value.message
    assert (caught.value.code, caught.value.body) == (503, '{"status": "error", "error": "no store"}')
    assert server.now == 1000.0


def test_a_way_through_the_cluster_needs_one() -> None:
    with pytest.raises(MetricsError, match="proxy goes through a cluster"), open_endpoint(None, PROXIED):
        pass


def test_an_answer_of_another_server_is_not_taken_for_one_of_the_api(url: str) -> None:
    with open_endpoint(None, {"via": "url", "url": url}) as endpoint:
        assert ask(endpoint, "Alertmanager", "/json", dict) == {"a": 1}
        with pytest.raises(EndpointError, match=r"something else than the Alertmanager API gives: .*path_prefix"):
            ask(endpoint, "Alertmanager", "/json", list)


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (EndpointError("no connection"), True),
        (EndpointError("not ready", 503), True),
        (EndpointError("a store was away", 422), True),
        (EndpointError("parse error", 400), False),
        (EndpointError("forbidden", 403), False),
        (ApiError("etcd is away", 500, {}), True),
        (ApiError("no such Service", 404, {}), False),
        (MetricsError("no ready pod"), True),
    ],
)
def test_only_what_may_pass_is_asked_again(error: MetricsError, passes: bool) -> None:
    assert may_pass(error) is passes


def test_a_missing_library_does_not_pass_with_time() -> None:
    error = MetricsError("httpx2 is missing")
    error.__cause__ = ImportError("httpx2")
    assert not may_pass(error)
