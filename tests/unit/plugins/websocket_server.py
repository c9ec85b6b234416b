# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server of websockets on the loopback, one thread for each; the frames are those of wsproto."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Event, Pong, RejectConnection, RejectData, Request


class Peer:
    """The server's side of one websocket."""

    def __init__(self, connection: socket.socket, frames: WSConnection) -> None:
        self.connection = connection
        self.frames = frames

    def say(self, *events: Event) -> None:
        """Send these in one piece."""
        self.connection.sendall(b"".join(self.frames.send(event) for event in events))

    def hear(self) -> Iterator[BytesMessage | Pong]:
        """What the client says, until it ends."""
        while data := self.connection.recv(65536):
            self.frames.receive_data(data)
            for event in self.frames.events():
                if isinstance(event, BytesMessage | Pong):
                    yield event
                elif isinstance(event, CloseConnection):
                    return


class WebsocketServer:
    """`requests` are the handshakes it got, `url` is where; `refusal` is a status and body to answer them with, `tls` whose
    certificate it shows."""

    def __init__(self, serve: Callable[[Peer], None], tls: ssl.SSLContext | None) -> None:
        self.requests: list[Request] = []
        self.refusal: tuple[int, bytes] | None = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "{}://{}:{}".format("https" if tls else "http", *self.listener.getsockname())
        self._tls = tls
        self._serve = serve

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self.listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_side=True)
        peer = Peer(connection, WSConnection(ConnectionType.SERVER))
        with connection, suppress(OSError):
            peer.frames.receive_data(connection.recv(65536))
            request = next(peer.frames.events())
            assert isinstance(request, Request)
            self.requests.append(request)
            if self.refusal:
                status, body = self.refusal
                headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
                peer.say(RejectConnection(status_code=status, headers=headers, has_body=True), RejectData(data=body))
                return
            peer.say(AcceptConnection(subprotocol=request.subprotocols[0]))
            self._serve(peer)


@contextmanager
def websocket_server(serve: Callable[[Peer], None], tls: ssl.SSLContext | None = None) -> Iterator[WebsocketServer]:
    """A server that has `serve` answer each websocket."""
    server = WebsocketServer(serve, tls)
    threading.Thread(target=server.accept, daemon=True).start()
    try:
        yield server
    finally:
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
