# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A way into the cluster: a local port whose connections end in a pod, carried by the API server's port-forward.

Protocol: the websocket form of pods/portforward (subprotocol v4.channel.k8s.io), one websocket per connection;
channel 0 carries data, channel 1 errors, and the first message on each is the port as two bytes.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster

SUBPROTOCOL = "v4.channel.k8s.io"
DATA, ERROR = 0, 1
CHUNK = 64 * 1024
MAX_MESSAGE = 16 * 1024 * 1024


@dataclass
class Tunnel:
    """A local address that reaches a pod's port; `trouble` is why the last connection broke, in the cluster's words."""

    address: tuple[str, int]
    trouble: str = ""


@contextmanager
def tunnel_to_pod(cluster: Cluster, namespace: str, pod: str, port: int) -> Iterator[Tunnel]:
    """A tunnel to `port` of a pod for as long as the context lasts."""
    listener = socket.create_server(("127.0.0.1", 0))
    tunnel = Tunnel(listener.getsockname()[:2])
    path = f"/api/v1/namespaces/{namespace}/pods/{pod}/portforward"
    threading.Thread(target=_accept, args=(cluster, listener, tunnel, path, port), daemon=True).start()
    try:
        yield tunnel
    finally:
        # shutdown wakes the thread that waits in accept; close alone does not.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(cluster: Cluster, listener: socket.socket, tunnel: Tunnel, path: str, port: int) -> None:
    while True:
        try:
            connection, _address = listener.accept()
        except OSError:
            return
        threading.Thread(target=_carry, args=(cluster, connection, tunnel, path, port), daemon=True).start()


def _carry(cluster: Cluster, connection: socket.socket, tunnel: Tunnel, path: str, port: int) -> None:
    """Carry one connection; whatever breaks it is seen by its two ends as a closed connection.

    No socket is closed while a thread is still in it: the next socket gets its number, and that thread would read from there.
    """
    options = {"subprotocols": [SUBPROTOCOL], "params": {"ports": port}, "max_message_size_bytes": MAX_MESSAGE}
    with connection:
        try:
            with cluster.websocket(path, **options) as stream:
                outward = threading.Thread(target=_outward, args=(connection, stream), daemon=True)
                outward.start()
                with suppress(Exception):
                    _inward(connection, stream, tunnel)
                _hang_up(connection)
                outward.join()
        except Exception as error:
            response = getattr(error, "response", None)
            refused = (
                f"{response.status_code} {response.reason_phrase}" if response is not None else f"{type(error).__name__}: {error}"
            )
            tunnel.trouble = tunnel.trouble or f"pods/portforward: {refused}"


def _inward(connection: socket.socket, stream: Any, tunnel: Tunnel) -> None:
    """Carry what the pod says, until an exception tells that the websocket has ended."""
    greeted: set[int] = set()
    while True:
        message = bytes(stream.receive_bytes())
        channel, content = message[0], message[1:]
        if channel not in greeted:
            greeted.add(channel)
        elif channel == DATA:
            try:
                connection.sendall(content)
            except OSError:
                _hang_up(_socket_of(stream))
        elif channel == ERROR and content:
            tunnel.trouble = content.decode(errors="replace").strip()
            _hang_up(_socket_of(stream))


def _outward(connection: socket.socket, stream: Any) -> None:
    with suppress(Exception):
        while content := connection.recv(CHUNK):
            stream.send_bytes(bytes([DATA]) + content)
    _hang_up(_socket_of(stream))


def _socket_of(stream: Any) -> socket.socket:
    found: socket.socket = stream.stream.get_extra_info("socket")
    return found


def _hang_up(connection: socket.socket) -> None:
    """End a connection for all threads that are in it. Of TLS, what has arrived can still be read, unlike by its own shutdown."""
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
