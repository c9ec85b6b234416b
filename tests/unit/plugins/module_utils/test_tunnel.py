# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way into a pod by the API server's port-forward."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress

import httpx2
import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._tunnel import tunnel_to_pod
from ansible_collections.longterm.metrics.tests.unit.plugins.websocket_server import Peer, WebsocketServer, websocket_server
from wsproto.events import BytesMessage, CloseConnection

# The first message on each of the two channels is the port.
GREETING = (BytesMessage(b"\x00\x90\x1f"), BytesMessage(b"\x01\x90\x1f"))


def capitals(peer: Peer) -> None:
    """A pod that answers in capitals."""
    peer.say(*GREETING)
    for message in peer.hear():
        assert message.data[:1] == b"\x00"
        peer.say(BytesMessage(b"\x00" + message.data[1:].upper()))


def cluster_at(server: WebsocketServer) -> Cluster:
    return Cluster(httpx2.Client(base_url=server.url), server.url, (httpx2.TransportError,))


def test_bytes_pass_both_ways_and_the_listener_ends_with_the_context() -> None:
    with websocket_server(capitals) as server:
        way = tunnel_to_pod(cluster_at(server), "metrics", "web-0", 8080)
        with way as tunnel, socket.create_connection(tunnel.address, timeout=5) as connection:
            for word in (b"hello", b"again"):
                connection.sendall(word)
                assert connection.recv(1024) == word.upper()
        assert [request.target for request in server.requests] == ["/api/v1/namespaces/metrics/pods/web-0/portforward?ports=8080"]
        assert server.requests[0].subprotocols == ["v4.channel.k8s.io"]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(tunnel.address, timeout=5)


def test_what_the_pod_said_before_it_ended_arrives_whole() -> None:
    answer = bytes(range(256)) * 4096

    def serve(peer: Peer) -> None:
        peer.say(*GREETING, BytesMessage(b"\x00" + answer))

    with (
        websocket_server(serve) as server,
        tunnel_to_pod(cluster_at(server), "metrics", "web-0", 8080) as tunnel,
        socket.create_connection(tunnel.address, timeout=5) as connection,
    ):
        assert b"".join(iter(lambda: connection.recv(65536), b"")) == answer


def test_a_client_that_leaves_is_no_trouble_of_the_tunnel_and_ends_the_websocket() -> None:
    ended = threading.Event()

    def serve(peer: Peer) -> None:
        capitals(peer)
        ended.set()

    with websocket_server(serve) as server, tunnel_to_pod(cluster_at(server), "metrics", "web-0", 8080) as tunnel:
        with socket.create_connection(tunnel.address, timeout=5) as connection:
            connection.sendall(b"hello")
            assert connection.recv(1024) == b"HELLO"
        assert ended.wait(5)
        assert tunnel.trouble == ""


def test_what_the_kubelet_reports_is_kept_as_the_trouble_of_the_tunnel() -> None:
    def serve(peer: Peer) -> None:
        peer.say(*GREETING, BytesMessage(b"\x01connection refused by the pod\n"))
        list(peer.hear())

    with websocket_server(serve) as server, tunnel_to_pod(cluster_at(server), "metrics", "web-0", 8080) as tunnel:
        with socket.create_connection(tunnel.address, timeout=5) as connection:
            assert connection.recv(1024) == b""
        assert tunnel.trouble == "connection refused by the pod"


def test_a_refusal_of_the_api_server_is_the_trouble_in_its_own_words() -> None:
    status = {"kind": "Status", "reason": "Forbidden", "message": 'pods "web-0" is forbidden'}
    with websocket_server(capitals) as server, tunnel_to_pod(cluster_at(server), "metrics", "web-0", 8080) as tunnel:
        server.refusal = (403, json.dumps(status).encode())
        with socket.create_connection(tunnel.address, timeout=5) as connection:
            assert connection.recv(1024) == b""
        assert tunnel.trouble.endswith('/pods/web-0/portforward: 403 Forbidden: pods "web-0" is forbidden')


def test_the_trouble_is_that_of_the_last_connection_and_gone_with_one_that_works() -> None:
    reasons = ["the first", "the second"]

    def serve(peer: Peer) -> None:
        if reasons:
            peer.say(*GREETING, CloseConnection(1011, reasons.pop(0)))
        else:
            capitals(peer)

    with websocket_server(serve) as server, tunnel_to_pod(cluster_at(server), "metrics", "web-0", 8080) as tunnel:
        for reason in tuple(reasons):
            with socket.create_connection(tunnel.address, timeout=5) as connection:
                assert connection.recv(1024) == b""
            assert tunnel.trouble == reason
        with socket.create_connection(tunnel.address, timeout=5) as connection:
            connection.sendall(b"hello")
            assert connection.recv(1024) == b"HELLO"
            assert tunnel.trouble == ""


def test_a_server_that_is_not_there_is_the_trouble() -> None:
    with websocket_server(capitals) as server:
        cluster = cluster_at(server)
    with tunnel_to_pod(cluster, "metrics", "web-0", 8080) as tunnel:
        with socket.create_connection(tunnel.address, timeout=5) as connection:
            assert connection.recv(1024) == b""
        assert tunnel.trouble.startswith("pods/portforward: ConnectError: ")


ENDS_WITHOUT_CLOSING = """
import socket, sys
import httpx2
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._tunnel import tunnel_to_pod
way = tunnel_to_pod(Cluster(httpx2.Client(base_url=sys.argv[1]), sys.argv[1]), "metrics", "web-0", 8080)
connection = socket.create_connection(way.__enter__().address)
assert connection.recv(1)
"""


def test_a_process_ends_while_its_pod_still_speaks() -> None:
    def serve(peer: Peer) -> None:
        peer.say(*GREETING)
        with suppress(OSError):
            while True:
                peer.say(BytesMessage(b"\x00tick\n"))

    with websocket_server(serve) as server:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", ENDS_WITHOUT_CLOSING, server.url], check=True, timeout=30, env=environment)
