# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An API server for whole playbooks: it answers GET by path, and holds the releases of Helm that it is told of."""

from __future__ import annotations

import gzip
import json
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

OURS, THEIRS = {"nameOverride": "longterm-metrics"}, {"grafana": {"enabled": False}}


def release(
    namespace: str, values: Any, name: str = "kube-prometheus-stack", revision: int = 1, status: str = "deployed"
) -> dict[str, Any]:
    """The Secret of a release, as Helm 3 writes it."""
    content = {"name": name, "config": values, "chart": {"metadata": {"name": "kube-prometheus-stack"}}}
    data = b64encode(b64encode(gzip.compress(json.dumps(content).encode()))).decode()
    labels = {"owner": "helm", "name": name, "version": str(revision), "status": status}
    metadata = {"name": f"sh.helm.release.v1.{name}.v{revision}", "namespace": namespace, "labels": labels}
    return {"metadata": metadata, "data": {"release": data}}


@contextmanager
def serve(folder: Path, secrets: list[dict[str, Any]], answers: Mapping[str, Any] | None = None) -> Iterator[str]:
    """The path of a kubeconfig, in `folder`, of a server with these Secrets; any other list is empty."""
    named = {f"/api/v1/namespaces/{s['metadata']['namespace']}/secrets/{s['metadata']['name']}": s for s in secrets}
    known = {"/version": {"gitVersion": "v1.36.3"}, "/api/v1/secrets": {"metadata": {}, "items": secrets}, **named}
    known |= answers or {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(known.get(self.path.partition("?")[0], {"metadata": {}, "items": []})).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cluster = {"name": "fake", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}
        contexts = [{"name": "fake", "context": {"cluster": "fake", "user": "fake"}}]
        users = [{"name": "fake", "user": {"token": "none"}}]
        config = {"current-context": "fake", "clusters": [cluster], "contexts": contexts, "users": users}
        (folder / "kubeconfig").write_text(json.dumps(config))
        try:
            yield f"{folder}/kubeconfig"
        finally:
            server.shutdown()
