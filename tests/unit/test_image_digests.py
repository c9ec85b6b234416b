# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The script that resolves digests, against a registry of our own (OCI distribution specification)."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.playbooks import ROOT

SCRIPT = ROOT / "scripts/image_digests.py"
INDEX = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json"}).encode()
DIGEST = f"sha256:{hashlib.sha256(INDEX).hexdigest()}"
LOGIN = "Basic " + base64.b64encode(b"me:hunter2").decode()


class Registry:
    """`mode` is how it asks who comes: open, token, private (a token for a user alone), basic, or lying about its digest."""

    def __init__(self) -> None:
        self.mode, self.asked = "open", list[tuple[str, str]]()
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registry.answer(self)

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path, login = request.path, request.headers.get("Authorization", "")
        self.asked.append((path, login))
        if path.startswith("/token"):
            body = {"token": f"for {path}"} if self.mode == "token" else {"access_token": f"for {path}"}
            return self.send(request, 200 if self.mode == "token" or login == LOGIN else 401, json.dumps(body).encode())
        name = path.removeprefix("/v2/").partition("/manifests/")[0]
        scope = f"scope=repository%3A{name.replace('/', '%2F')}%3Apull"
        if self.mode in ("token", "private") and not (login.startswith("Bearer for ") and scope in login):
            challenge = f'Bearer realm="http://{self.host}/token",service="registry",scope="repository:{name}:pull"'
            return self.send(request, 401, b"{}", {"WWW-Authenticate": challenge})
        if self.mode == "basic" and login != LOGIN:
            return self.send(request, 401, b"{}", {"WWW-Authenticate": 'Basic realm="registry"'})
        if not path.endswith(("/manifests/v1", "/manifests/latest")):
            return self.send(request, 404, b"{}")
        assert "application/vnd.oci.image.index.v1+json" in request.headers["Accept"]
        told = f"sha256:{'0' * 64}" if self.mode == "lying" else DIGEST
        return self.send(request, 200, INDEX, {} if self.mode == "silent" else {"Docker-Content-Digest": told})

    def send(self, request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)


@pytest.fixture
def registry() -> Iterator[Registry]:
    found = Registry()
    with found.server:
        threading.Thread(target=found.server.serve_forever, daemon=True).start()
        yield found
        found.server.shutdown()


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, str(SCRIPT), "--plain-http", *arguments]
    return subprocess.run(line, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("mode", ["open", "token", "silent"])
def test_a_tag_has_the_digest_of_its_manifest(registry: Registry, mode: str) -> None:
    registry.mode = mode
    image = f"{registry.host}/team/app:v1"
    ran = run(image)
    assert yaml.safe_load(ran.stdout) == {"metrics_image_digests": {image: DIGEST}}, ran.stderr
    assert len(registry.asked) == (3 if mode == "token" else 1)


@pytest.mark.parametrize("mode", ["private", "basic"])
def test_a_registry_that_asks_for_a_user_gets_the_one_of_the_environment(registry: Registry, mode: str) -> None:
    registry.mode = mode
    image = f"{registry.host}/team/app:v1"
    refused = run(image)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"{image}: http://{registry.host}/v2/team/app/manifests/v1 gave no manifest: ")
    ran = run(image, REGISTRY_USER="me", REGISTRY_PASSWORD="hunter2")
    assert yaml.safe_load(ran.stdout) == {"metrics_image_digests": {image: DIGEST}}, ran.stderr
    assert "hunter2" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("mode", "tag", "words"), [("open", "v2", "HTTP Error 404"), ("lying", "v1", "but its manifest has sha256:")]
)
def test_what_cannot_be_resolved_is_named_and_nothing_is_printed(registry: Registry, mode: str, tag: str, words: str) -> None:
    registry.mode = mode
    ran = run(f"{registry.host}/team/app:{tag}", f"{registry.host}/team/other:v1")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert f"{registry.host}/team/app:{tag}: " in ran.stderr
    assert words in ran.stderr


def test_all_images_of_a_rendered_tree_are_asked_of_the_mirror_and_named_as_upstream(registry: Registry, tmp_path: Path) -> None:
    images = ["docker.io/grafana/grafana:v1", "quay.io/thanos/thanos:v1", "localhost/webhook:v1", f"quay.io/a/b:v1@{DIGEST}"]
    containers = [{"name": str(number), "image": image} for number, image in enumerate([*images, images[0]])]
    (tmp_path / "thanos").mkdir()
    manifest = {"kind": "Deployment", "spec": {"template": {"spec": {"containers": containers}}}}
    (tmp_path / "thanos/deployment.yaml").write_text(yaml.safe_dump_all([manifest, None]))
    ran = run(str(tmp_path), f"--registry={registry.host}/mirror")
    assert yaml.safe_load(ran.stdout) == {"metrics_image_digests": dict.fromkeys(images[:2], DIGEST)}, ran.stderr
    assert [path for path, _login in registry.asked] == [
        f"/v2/mirror/{name}/manifests/v1" for name in ("grafana/grafana", "thanos/thanos")
    ]


def test_images_of_arguments_and_of_a_chart_s_values_are_among_them(registry: Registry, tmp_path: Path) -> None:
    arguments = ["--prometheus-config-reloader=quay.io/a/reloader:v1", "--cluster.peer=alertmanager.metrics.svc:9094"]
    values = {"prometheus": {"image": {"registry": "quay.io", "repository": "a/prometheus", "tag": "v1"}}}
    (tmp_path / "one.yaml").write_text(yaml.safe_dump_all([{"args": arguments}, values]))
    ran = run(str(tmp_path), f"--registry={registry.host}")
    assert set(yaml.safe_load(ran.stdout)["metrics_image_digests"]) == {"quay.io/a/reloader:v1", "quay.io/a/prometheus:v1"}


def test_short_forms_are_those_of_docker_hub() -> None:
    code = f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); import image_digests as d, json; "
    code += "print(json.dumps([d.parts(name) for name in sys.argv[1:]]))"
    names = ["busybox", "grafana/grafana:1", "docker.io/library/traefik:v3", "localhost:5000/a/b:c", "quay.io/a/b/c:d@sha256:e"]
    ran = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == [
        ["docker.io", "library/busybox", "latest"],
        ["docker.io", "grafana/grafana", "1"],
        ["docker.io", "library/traefik", "v3"],
        ["localhost:5000", "a/b", "c"],
        ["quay.io", "a/b/c", "d"],
    ]
