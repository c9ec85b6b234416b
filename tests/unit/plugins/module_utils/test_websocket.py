# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A websocket of binary messages."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._websocket import Websocket, upgraded
from ansible_collections.longterm.metrics.tests.unit.plugins.websocket_server import Peer, WebsocketServer, websocket_server
from wsproto.events import BytesMessage, CloseConnection, Ping, Pong


@contextmanager
def websocket_to(server: WebsocketServer) -> Iterator[tuple[Any, Websocket | None]]:
    with httpx2.Client(base_url=server.url) as http, upgraded(http, "/stream", "v4.channel.k8s.io", {"ports": 1}) as both:
        yield both


@contextmanager
def served_by(serve: Callable[[Peer], None]) -> Iterator[Websocket]:
    with websocket_server(serve) as server, websocket_to(server) as (_answer, stream):
        assert stream is not None
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


def test_a_ping_is_answered() -> None:
    def serve(peer: Peer) -> None:
        peer.say(Ping(b"there?"))
        heard = next(peer.hear())
        assert isinstance(heard, Pong)
        peer.say(BytesMessage(bytes(heard.payload)))

    with served_by(serve) as stream:
        assert list(messages(stream)) == [b"there?"]


@pytest.mark.parametrize("status", [200, 403])
def test_without_an_upgrade_there_is_an_answer_and_no_websocket(status: int) -> None:
    with websocket_server(lambda _peer: None) as server:
        server.refusal = (status, b'{"kind": "Status"}')
        with websocket_to(server) as (answer, stream):
            assert (stream, answer.status_code, answer.json()) == (None, status, {"kind": "Status"})


def test_a_missing_library_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wsproto.utilities", None)
    way = upgraded(None, "/stream", "v4.channel.k8s.io", {})
    with pytest.raises(MetricsError, match="library wsproto, which comes with httpx2"), way:
        pass
