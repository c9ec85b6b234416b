# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP client to one API server, seen from a server that asks for a certificate and for a login."""

from __future__ import annotations

import ssl
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _http
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._kubeconfig import Access

from sandbox import pki


class Mirror(BaseHTTPRequestHandler):
    """Answers with the login it was given, and with the name in the client's certificate."""

    def do_GET(self) -> None:
        certificate = self.connection.getpeercert() or {}  # type: ignore[attr-defined]
        subject = dict(field for (field,) in certificate.get("subject", ()))
        body = f"{self.headers.get('Authorization', '')}|{subject.get('commonName', '')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates: of the authority, of a server that is called kubernetes and 127.0.0.1, and of a client."""
    folder = tmp_path_factory.mktemp("pki")
    authority = pki.Authority(folder, "ca")
    authority.issue("server", "server", names=("kubernetes", "127.0.0.1"))
    authority.issue("client", "somebody")
    return folder


@pytest.fixture(scope="module")
def access(folder: Path) -> Iterator[Access]:
    """The way to the server, which runs."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "ca.crt"))
    context.load_cert_chain(folder / "server.crt", folder / "server.key")
    context.verify_mode = ssl.CERT_OPTIONAL
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Access(f"https://127.0.0.1:{server.server_port}", authority=(folder / "ca.crt").read_text())
        server.shutdown()


def seen(access: Access) -> str:
    """What the server saw: the login and the name in the client's certificate."""
    http, _error = _http.client(access)
    with http:
        return str(http.get("/version").text)


@pytest.mark.parametrize(
    ("login", "header"),
    [
        ({"token": "t"}, "Bearer t"),
        ({"username": "me", "password": "secret"}, "Basic bWU6c2VjcmV0"),
        ({}, ""),
    ],
)
def test_a_login_is_sent_with_each_request(access: Access, login: dict[str, str], header: str) -> None:
    assert seen(replace(access, **login)) == f"{header}|"


def test_a_token_file_is_read_anew_for_each_request(access: Access, tmp_path: Path) -> None:
    file = tmp_path / "token"
    http, _error = _http.client(replace(access, token_file=str(file)))
    with http:
        for token in ("first", "second"):
            file.write_text(f"{token}\n")
            assert http.get("/version").text == f"Bearer {token}|"


def test_a_client_certificate_is_shown_and_left_in_no_file(
    access: Access, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    certificate, key = ((folder / f"client.{end}").read_text() for end in ("crt", "key"))
    assert seen(replace(access, certificate=certificate, key=key)) == "|somebody"
    assert not list(tmp_path.iterdir())


def test_a_server_of_another_name_or_authority_is_not_trusted_unless_that_is_said(access: Access) -> None:
    elsewhere = replace(access, server=access.server.replace("127.0.0.1", "localhost"))
    for stranger in (elsewhere, replace(access, authority="")):
        http, error = _http.client(stranger)
        with http, pytest.raises(error, match="CERTIFICATE_VERIFY_FAILED"):
            http.get("/version")
        assert seen(replace(stranger, insecure=True)) == "|"
    assert seen(replace(elsewhere, server_name="kubernetes")) == "|"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"certificate": "none", "key": "none"}, "PEM"), ({"authority": "none"}, ""), ({"proxy": "nonsense"}, "nonsense")],
)
def test_what_cannot_be_used_is_one_error_without_the_key(wrong: dict[str, str], words: str) -> None:
    access = Access("https://127.0.0.1:1", context="c", **wrong)
    with pytest.raises(MetricsError, match=f"of context c for https://127.0.0.1:1 cannot be used: .*{words}"):
        _http.client(access)
