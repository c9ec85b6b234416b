# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One connection to one cluster's API server."""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from ansible.module_utils.basic import env_fallback
from ansible_collections.longterm.metrics.plugins.module_utils import _http, _kubeconfig, _websocket
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "kubeconfig": {"type": "path", "fallback": (env_fallback, ["K8S_AUTH_KUBECONFIG"])},
    "context": {"type": "str", "fallback": (env_fallback, ["K8S_AUTH_CONTEXT"])},
    "host": {"type": "str", "fallback": (env_fallback, ["K8S_AUTH_HOST"])},
    "api_key": {"type": "str", "no_log": True, "fallback": (env_fallback, ["K8S_AUTH_API_KEY"])},
    "ca_cert": {"type": "path", "aliases": ["ssl_ca_cert"], "fallback": (env_fallback, ["K8S_AUTH_SSL_CA_CERT"])},
    "client_cert": {"type": "path", "aliases": ["cert_file"], "fallback": (env_fallback, ["K8S_AUTH_CERT_FILE"])},
    "client_key": {"type": "path", "aliases": ["key_file"], "fallback": (env_fallback, ["K8S_AUTH_KEY_FILE"])},
    "validate_certs": {"type": "bool", "aliases": ["verify_ssl"], "fallback": (env_fallback, ["K8S_AUTH_VERIFY_SSL"])},
    # A proxy may ask for a login, which has no other place than its URL.
    "proxy": {"type": "str", "no_log": True, "fallback": (env_fallback, ["K8S_AUTH_PROXY"])},
}

PAGE = 500
# How long a connection that has worked before is tried again when the API server goes away.
RETRY_SECONDS = 60.0
# The same for one that has not answered yet: it may be restarting, or there may be none.
FIRST_RETRY_SECONDS = 10.0
RETRIED_STATUS = (429, 502, 503, 504)
PATCH_APPLY = "application/apply-patch+yaml"
PATCH_MERGE = "application/merge-patch+json"


class ApiError(MetricsError):
    """An answer of the API server with a status of 400 or above (meta/v1 Status)."""

    def __init__(self, message: str, code: int, status: Mapping[str, Any], body: str = "") -> None:
        super().__init__(message, status_code=code, reason=status.get("reason", ""))
        self.code = code
        self.reason: str = status.get("reason") or ""
        self.causes: list[dict[str, Any]] = (status.get("details") or {}).get("causes") or []
        self.api_message: str = status.get("message") or message
        self.body = body


class Cluster:
    """Requests to one API server; safe to use from several threads."""

    def __init__(self, http: Any, server: str, transport_errors: tuple[type[Exception], ...] = (OSError,)) -> None:
        self.http = http
        self.server = server
        self.clock: Callable[[], float] = time.monotonic
        self.sleep: Callable[[float], None] = time.sleep
        self._transport_errors = transport_errors
        self._answered = False

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        content_type: str = "application/json",
        accept: str = "application/json",
        retried: Sequence[int] = RETRIED_STATUS,
    ) -> Any:
        """The decoded answer. Raises ApiError for a refusal, MetricsError when the server cannot be reached.

        A server that has answered before is tried again for RETRY_SECONDS, another for FIRST_RETRY_SECONDS: every request
        made here may be repeated.
        `retried` are the statuses that count as no answer; none where they may be somebody else's, as behind a proxy.
        """
        headers = {"Accept": accept, **({"Content-Type": content_type} if body is not None else {})}
        content = json.dumps(body) if body is not None else None
        deadline, pause = self.clock() + (RETRY_SECONDS if self._answered else FIRST_RETRY_SECONDS), 0.2
        while True:
            try:
                answer = self.http.request(method, path, params=params, content=content, headers=headers)
                if answer.status_code not in retried:
                    self._answered = True
                    return self._decode(method, path, answer)
                seen = f"{answer.status_code} {answer.text[:200]}"
            except self._transport_errors as error:
                seen = f"{type(error).__name__}: {error}"
            if self.clock() + pause > deadline:
                raise MetricsError(
                    f"No answer from the API server {self.server} ({method} {path}): {seen}. "
                    "Check that it runs and that kubeconfig and context name the right one."
                )
            self.sleep(pause)
            pause = min(pause * 2, 5.0)

    def get(self, path: str, **params: Any) -> Any:
        return self.request("GET", path, params=params or None)

    def find(self, path: str) -> Any | None:
        """The object at `path`, or None when there is none."""
        try:
            return self.get(path)
        except ApiError as error:
            if error.code == 404:
                return None
            raise

    def list(self, path: str, *, metadata_only: bool = False, **params: Any) -> Iterator[dict[str, Any]]:
        """The items of a LIST, page by page; with `metadata_only` as PartialObjectMetadata."""
        accept = "application/json"
        if metadata_only:
            accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
        query: dict[str, Any] = {"limit": PAGE, **params}
        while True:
            answer = self.request("GET", path, params=query, accept=accept)
            yield from answer.get("items") or ()
            token = answer["metadata"].get("continue")
            if not token:
                return
            query["continue"] = token

    def websocket(self, path: str, subprotocol: str, **params: Any) -> AbstractContextManager[_websocket.Websocket]:
        """A websocket to a streaming subresource, with this connection's identity. Raises ApiError for a refusal."""
        return _websocket.open_websocket(self.http, path, subprotocol, params, self._decode)

    def _decode(self, method: str, path: str, answer: Any) -> Any:
        if answer.status_code < 400:
            return answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
        try:
            status = answer.json()
        except ValueError:
            status = {"message": answer.text[:300]}
        if not isinstance(status, dict):
            status = {"message": str(status)[:300]}
        message = f"{self.server}: {method} {path}: {answer.status_code} {status.get('reason') or ''}: {status.get('message')}"
        raise ApiError(message, answer.status_code, status, answer.text)


def connect(options: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Cluster:
    """A connection by the options of the `cluster` documentation fragment. Nothing is asked of the server yet."""
    access = _kubeconfig.resolve(options, os.environ if environ is None else environ)
    http, transport_error = _http.client(access)
    # What is imported by now stays until the process ends. Without this, the garbage collector goes through all of it at
    # the exit, which takes a fifth of a short module's time.
    gc.freeze()
    return Cluster(http, access.server, (transport_error,))
