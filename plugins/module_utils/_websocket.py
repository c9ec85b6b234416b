# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A websocket of binary messages (RFC 6455), its frames by wsproto.

Not httpx2's own: it has an executor for each, whose threads a process waits for at its end, for ever when something arrives
just then. This one has no threads: whoever uses it waits until `fileno` is readable.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, missing_library

CHUNK = 64 * 1024


class Websocket:
    """An open websocket on a network stream of httpcore2."""

    def __init__(self, stream: Any) -> None:
        from wsproto import connection

        self._stream = stream
        self._frames = connection.Connection(connection.ConnectionType.CLIENT)
        self._message = bytearray()

    def fileno(self) -> int:
        number: int = self._stream.get_extra_info("socket").fileno()
        return number

    def send(self, message: bytes) -> None:
        from wsproto.events import BytesMessage

        self._stream.write(self._frames.send(BytesMessage(message)))

    def arrived(self) -> Iterator[bytes]:
        """The messages that are there without waiting. Raises EOFError, with the reason if it gave one, once the other side
        has ended the websocket.

        To be asked before the first wait, too: what came with the handshake is no longer in the socket.
        """
        from wsproto.events import CloseConnection, Message, Ping

        while (data := self._read()) is not None:
            self._frames.receive_data(data or None)
            for event in self._frames.events():
                if isinstance(event, CloseConnection):
                    raise EOFError(event.reason or "")
                if isinstance(event, Ping):
                    self._stream.write(self._frames.send(event.response()))
                elif isinstance(event, Message):
                    self._message += event.data
                    if event.message_finished:
                        yield bytes(self._message)
                        self._message.clear()

    def _read(self) -> bytes | None:
        """What has arrived; nothing at all is the end, None that there is nothing yet."""
        try:
            data: bytes = self._stream.read(CHUNK, timeout=0)
        except Exception as error:
            # httpcore2 knows no reading without waiting, and calls this an error of the network.
            if isinstance(error.__cause__, BlockingIOError | ssl.SSLWantReadError):
                return None
            raise
        return data


@contextmanager
def open_websocket(
    http: Any, path: str, subprotocol: str, params: Mapping[str, Any], decode: Callable[[str, str, Any], Any]
) -> Iterator[Websocket]:
    """A websocket over an httpx2 client; `decode` (method, path, answer) raises for an answer that is a refusal."""
    try:
        from wsproto.utilities import generate_nonce
    except ImportError as error:
        raise missing_library("wsproto, which comes with httpx2[ws],", error) from error

    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": generate_nonce().decode(),
        "Sec-WebSocket-Protocol": subprotocol,
    }
    with http.stream("GET", path, params=params, headers=headers) as answer:
        if answer.status_code != 101:
            answer.read()
            decode("GET", path, answer)
            raise MetricsError(
                f"GET {path} got {answer.status_code} in place of a websocket. Does a proxy on the way refuse them?"
            )
        yield Websocket(answer.extensions["network_stream"])
