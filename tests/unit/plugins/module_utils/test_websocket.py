# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A websocket of binary messages."""

from __future__ import annotations

import select
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import httpx2
import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._websocket import Websocket, open_websocket
from ansible_collections.longterm.metrics.tests.unit.plugins.websocket_server import Peer, WebsocketServer, websocket_server
from wsproto.events import BytesMessage, CloseConnection, Ping, Pong

from sandbox import pki


class RefusedError(Exception):
    """What a refusal is made of here."""


def decode(method: str, path: str, answer: Any) -> None:
    assert (method, path) == ("GET", "/stream")
    if answer.status_code >= 400:
        raise RefusedError(answer.json())


@contextmanager
def websocket_to(server: WebsocketServer, verify: ssl.SSLContext | bool = True) -> Iterator[Websocket]:
    with (
        httpx2.Client(base_url=server.url, verify=verify) as http,
        open_websocket(http, "/stream", "v4.channel.k8s.io", {"ports": 1}, decode) as stream,
    ):
        yield stream


@contextmanager
def served_by(serve: Callable[[Peer], None]) -> Iterator[Websocket]:
    with websocket_server(serve) as server, websocket_to(server) as stream:
        yield stream


def messages(stream: Websocket) -> Iterator[bytes]:
    """Its messages until the other side ends it."""
    try:
        while True:
            yield from stream.arrived()
            assert select.select([stream], [], [], 5)[0]
    except EOFError:
        return


def test_messages_arrive_whole_and_in_order_whatever_frames_they_came_in() -> None:
    large = bytes(200_000)

    def serve(peer: Peer) -> None:
        peer.say(BytesMessage(b"one"), BytesMessage(b"t", message_finished=False), BytesMessage(b"wo"))
        peer.say(BytesMessage(large), CloseConnection(1000))

    with served_by(serve) as stream:
        assert list(messages(stream)) == [b"one", b"two", large]


def test_nothing_to_read_is_no_end_and_an_end_without_a_word_is_one() -> None:
    def serve(peer: Peer) -> None:
        assert next(peer.hear()).data == b"hello"

    with served_by(serve) as stream:
        assert list(stream.arrived()) == []
        stream.send(b"hello")
        assert list(messages(stream)) == []


def test_over_tls_nothing_is_waited_for_that_has_been_read_already(tmp_path: Path) -> None:
    authority = pki.Authority(tmp_path, "ca")
    authority.issue("server", "server", names=("127.0.0.1",))
    shown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shown.load_cert_chain(tmp_path / "server.crt", tmp_path / "server.key")
    large = bytes(200_000)

    def serve(peer: Peer) -> None:
        # In one record of TLS, of which the client takes one message after another.
        peer.say(*(BytesMessage(b"%d" % number) for number in range(100)), BytesMessage(large))
        assert next(peer.hear()).data == b"hello"

    trusted = ssl.create_default_context(cafile=str(tmp_path / "ca.crt"))
    with websocket_server(serve, shown) as server, websocket_to(server, trusted) as stream:
        assert len(list(islice(messages(stream), 101))) == 101
        # What TLS itself says, as of its tickets, is no message.
        assert list(stream.arrived()) == []
        stream.send(b"hello")
        assert list(messages(stream)) == []


def test_the_reason_of_an_end_is_told() -> None:
    with served_by(lambda peer: peer.say(CloseConnection(1011, "no such container"))) as stream:
        assert select.select([stream], [], [], 5)[0]
        with pytest.raises(EOFError, match="no such container"):
            list(stream.arrived())


def test_a_ping_is_answered() -> None:
    def serve(peer: Peer) -> None:
        peer.say(Ping(b"there?"))
        heard = next(peer.hear())
        assert isinstance(heard, Pong)
        peer.say(BytesMessage(bytes(heard.payload)))

    with served_by(serve) as stream:
        assert list(messages(stream)) == [b"there?"]


@pytest.mark.parametrize(
    ("status", "error", "words"), [(403, RefusedError, "Status"), (200, MetricsError, "got 200 in place of")]
)
def test_without_an_upgrade_the_answer_is_the_error(status: int, error: type[Exception], words: str) -> None:
    with websocket_server(lambda _peer: None) as server:
        server.refusal = (status, b'{"kind": "Status"}')
        with pytest.raises(error, match=words), websocket_to(server):
            pytest.fail("it went on")


def test_a_missing_library_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wsproto.utilities", None)
    way = open_websocket(None, "/stream", "v4.channel.k8s.io", {}, decode)
    with pytest.raises(MetricsError, match="library wsproto, which comes with httpx2"), way:
        pytest.fail("it went on")
