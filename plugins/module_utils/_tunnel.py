# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A way into the cluster: a local port whose connections end in a pod, carried by the API server's port-forward.

Protocol: the websocket form of pods/portforward (subprotocol v4.channel.k8s.io), one websocket per connection;
channel 0 carries data, channel 1 errors, and the first message on each is the port as two bytes.
"""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._websocket import CHUNK, Websocket

SUBPROTOCOL = "v4.channel.k8s.io"
DATA, ERROR = 0, 1


@dataclass
class Tunnel:
    """A local address that reaches a pod's port; `trouble` is why the last connection broke, in the cluster's words; empty
    while one carries data."""

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
    """Carry one connection; whatever breaks it is seen by its two ends as a closed connection."""
    with connection:
        try:
            # An OSError is the local end's.
            with cluster.websocket(path, SUBPROTOCOL, ports=port) as stream, suppress(OSError):
                _exchange(connection, stream, tunnel)
        except (EOFError, MetricsError) as error:
            tunnel.trouble = str(error)
        except Exception as error:
            tunnel.trouble = f"pods/portforward: {type(error).__name__}: {error}"


def _exchange(connection: socket.socket, stream: Websocket, tunnel: Tunnel) -> None:
    """Carry what both say until one of them ends: an OSError tells of the connection, an EOFError of the websocket.

    One thread for both directions: a TLS connection is not made for two.
    """
    greeted: set[int] = set()
    with selectors.DefaultSelector() as waiting:
        waiting.register(connection, selectors.EVENT_READ)
        waiting.register(stream, selectors.EVENT_READ)
        while True:
            for message in stream.arrived():
                channel, content = message[0], message[1:]
                if channel not in greeted:
                    greeted.add(channel)
                elif channel == DATA:
                    tunnel.trouble = ""
                    connection.sendall(content)
                elif channel == ERROR and content:
                    tunnel.trouble = content.decode(errors="replace").strip()
                    return
            if any(key.fileobj is connection for key, _events in waiting.select()):
                content = connection.recv(CHUNK)
                if not content:
                    return
                stream.send(bytes([DATA]) + content)
