# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP of something in the cluster, asked through the API server or at a URL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _service, _tunnel
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, missing_library

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "via": {"type": "str", "choices": ["port_forward", "proxy", "url"], "default": "port_forward"},
    "namespace": {"type": "str"},
    "service": {"type": "str"},
    "port": {"type": "str"},
    "url": {"type": "str"},
    "path_prefix": {"type": "str", "default": ""},
    "headers": {"type": "dict", "no_log": True},
    "timeout": {"type": "float", "default": 30.0},
}
REQUIRED_IF: list[tuple[str, str, tuple[str, ...]]] = [
    ("via", "url", ("url",)),
    ("via", "port_forward", ("namespace", "service", "port")),
    ("via", "proxy", ("namespace", "service", "port")),
]


# 422 may pass: Prometheus says so of a store behind Thanos that was away, or of a label set that was double for a moment.
PASSING_STATUS = (0, 408, 422, 429)


class EndpointError(MetricsError):
    """An HTTP endpoint that gave no usable answer; `code` is its status, 0 when there was none.

    `hangs`: it took the connection and did not answer in time.
    """

    def __init__(self, message: str, code: int = 0, body: str = "", *, hangs: bool = False) -> None:
        super().__init__(message, status_code=code)
        self.code = code
        self.body = body
        self.hangs = hangs


class Endpoint:
    """GET against one HTTP server. `name` is how error messages call it."""

    def __init__(
        self,
        name: str,
        base: str,
        http: Any,
        *,
        prefix: str = "",
        headers: Mapping[str, str] | None = None,
        tunnel: _tunnel.Tunnel | None = None,
    ) -> None:
        self.name = name
        self.base = f"{base.rstrip('/')}/{prefix.strip('/')}".rstrip("/")
        self.http = http
        self.headers = dict(headers or {})
        self.tunnel = tunnel
        self._date = ""

    def clock(self) -> float | None:
        """The server's clock at its last answer (header Date), as a Unix time in seconds; None where it told none."""
        return parsedate_to_datetime(self._date).timestamp() if self._date else None

    def get(self, path: str, **params: Any) -> Any:
        """The decoded JSON body, or the text of any other. Raises EndpointError from a status of 400 on."""
        try:
            answer = self.http.get(self.base + path, params=params or None, headers=self.headers)
        except Exception as error:
            if self.tunnel and self.tunnel.trouble:
                raise EndpointError(f"{self.name} did not answer {path}: {self.tunnel.trouble}") from error
            if type(error).__name__ == "ReadTimeout":
                seconds = f"{self.http.timeout.read:g} s"
                said = f"{self.name} hangs: it accepted the connection, but did not answer {path} within {seconds}"
                raise EndpointError(said, hangs=True) from error
            raise EndpointError(f"{self.name} did not answer {path}: {type(error).__name__}: {error}") from error
        self._date = answer.headers.get("date", "")
        return _decode(self.name, path, answer)


class ProxiedEndpoint(Endpoint):
    """The same through the API server's proxy, which strips Authorization and knows no other headers of ours."""

    def __init__(self, name: str, cluster: Cluster, base: str, prefix: str) -> None:
        super().__init__(name, base, cluster, prefix=prefix)

    def get(self, path: str, **params: Any) -> Any:
        try:
            return self.http.request("GET", self.base + path, params=params or None, accept="*/*", retried=())
        except ApiError as error:
            said = error.body or error.api_message
            raise EndpointError(f"{self.name} answered {path} with {error.code}: {said[:500]}", error.code, error.body) from error


def ask(endpoint: Endpoint, api: str, path: str, shape: type, **params: Any) -> Any:
    """The decoded answer of an API, by the name it has in messages, which must be of this type."""
    body = endpoint.get(path, **params)
    if not isinstance(body, shape):
        raise unexpected(endpoint, api, path, body)
    return body


def unexpected(endpoint: Endpoint, api: str, path: str, body: Any) -> EndpointError:
    """The error for an answer that is not of the API that was asked."""
    return EndpointError(
        f"{endpoint.name} answered {path} with something else than the {api} API gives: {str(body)[:120]!r}. "
        "Check service, port, url and path_prefix.",
        200,
    )


def may_pass(error: MetricsError) -> bool:
    """Whether asking again later may help: nothing answered yet, or the server was not able to; not when it refused."""
    if isinstance(error, EndpointError | ApiError):
        return error.code in PASSING_STATUS or error.code >= 500
    return not isinstance(error.__cause__, ImportError)


@contextmanager
def open_endpoint(cluster: Cluster | None, options: Mapping[str, Any]) -> Iterator[Endpoint]:
    """The endpoint the options of ARGUMENT_SPEC name. With `via: url` no cluster is needed."""
    prefix, headers, timeout = options.get("path_prefix") or "", options.get("headers"), options.get("timeout") or 30.0
    if options.get("via") == "url":
        with _client(timeout) as http:
            yield Endpoint(options["url"], options["url"], http, prefix=prefix, headers=headers)
        return
    if cluster is None:
        raise MetricsError(f"via: {options.get('via')} goes through a cluster's API server, and none was given.")
    namespace, service, port = options["namespace"], options["service"], options["port"]
    name = f"Service {namespace}/{service}:{port}"
    if options.get("via") == "proxy":
        base = f"/api/v1/namespaces/{namespace}/services/{service}:{port}/proxy"
        yield ProxiedEndpoint(name, cluster, base, prefix)
        return
    pod = _service.ready_pod(cluster, namespace, service, port)
    with open_pod(cluster, namespace, pod.name, pod.port, prefix=prefix, headers=headers, timeout=timeout) as endpoint:
        endpoint.name = f"{name} (pod {pod.name})"
        yield endpoint


@contextmanager
def open_pod(
    cluster: Cluster,
    namespace: str,
    pod: str,
    port: int,
    *,
    prefix: str = "",
    headers: Mapping[str, str] | None = None,
    timeout: float = 30.0,
) -> Iterator[Endpoint]:
    """One pod's port, by port-forward."""
    with _tunnel.tunnel_to_pod(cluster, namespace, pod, port) as tunnel, _client(timeout, trust_env=False) as http:
        base = "http://{}:{}".format(*tunnel.address)
        yield Endpoint(f"Pod {namespace}/{pod}:{port}", base, http, prefix=prefix, headers=headers, tunnel=tunnel)


def _client(timeout: float, *, trust_env: bool = True) -> Any:
    """An HTTP client; with `trust_env` it takes the proxies that the environment names."""
    try:
        import httpx2
    except ImportError as error:
        raise missing_library("httpx2", error) from error
    return httpx2.Client(timeout=timeout, follow_redirects=True, trust_env=trust_env)


def _decode(name: str, path: str, answer: Any) -> Any:
    if answer.status_code >= 400:
        raise EndpointError(
            f"{name} answered {path} with {answer.status_code}: {answer.text[:500]}", answer.status_code, answer.text
        )
    return answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
