# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way into a pod by the API server's port-forward."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._tunnel import tunnel_to_pod


class Stream:
    """The websocket of a port-forward to a pod that answers in capitals; both channels begin with the port."""

    def __init__(self) -> None:
        self.messages = [b"\x00\x90\x1f", b"\x01\x90\x1f"]
        self.asked, self.pod = socket.socketpair()
        self.stream = self

    def get_extra_info(self, name: str) -> socket.socket:
        assert name == "socket"
        return self.asked

    def receive_bytes(self) -> bytes:
        if self.messages:
            return self.messages.pop(0)
        heard = self.pod.recv(1024)
        if not heard:
            raise ConnectionError("the websocket has ended")
        return b"\x00" + heard.upper()

    def send_bytes(self, message: bytes) -> None:
        assert message[:1] == b"\x00"
        self.asked.sendall(message[1:])


def test_bytes_pass_both_ways_and_the_listener_ends_with_the_context(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    @contextmanager
    def websocket(path: str, **options: Any) -> Iterator[Stream]:
        asked.update(options, path=path)
        yield Stream()

    monkeypatch.setattr(cluster, "websocket", websocket)
    way = tunnel_to_pod(cluster, "metrics", "web-0", 8080)
    with way as tunnel, socket.create_connection(tunnel.address, timeout=5) as connection:
        connection.sendall(b"hello")
        assert connection.recv(1024) == b"HELLO"
    assert asked["path"] == "/api/v1/namespaces/metrics/pods/web-0/portforward"
    assert (asked["params"], asked["subprotocols"]) == ({"ports": 8080}, ["v4.channel.k8s.io"])
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(tunnel.address, timeout=5)


def test_what_the_kubelet_reports_is_kept_as_the_trouble_of_the_tunnel(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream()
    stream.messages.append(b"\x01connection refused by the pod\n")
    monkeypatch.setattr(cluster, "websocket", lambda _path, **_options: nullcontext(stream))
    with tunnel_to_pod(cluster, "metrics", "web-0", 8080) as tunnel:
        with socket.create_connection(tunnel.address, timeout=5) as connection:
            assert connection.recv(1024) == b""
        assert tunnel.trouble == "connection refused by the pod"
