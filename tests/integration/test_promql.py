# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""promql and scrape_targets against a real Prometheus pair with Thanos sidecars and a Thanos Query, on loopback."""

from __future__ import annotations

import http.server
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from sandbox import programs
from tests.integration.api import eventually

CONFIG = """\
global: {{scrape_interval: 1s, external_labels: {{cluster: test, prometheus_replica: "{replica}"}}}}
scrape_configs:
- job_name: prometheus
  static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
- job_name: late
  static_configs: [{{targets: ["127.0.0.1:{late}"]}}]
"""


@dataclass
class Servers:
    """URLs of a Prometheus and of Queries over both, the second of which leaves out a store that takes longer than a second; the
    port of a target that nothing listens on yet; processes by port."""

    prometheus: str
    query: str
    hurried: str
    late: int
    processes: dict[int, subprocess.Popen[bytes]]
    sidecars: tuple[int, int]


def free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        return [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _each in range(number)]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, run_module: Any) -> Iterator[Servers]:
    table = programs.load_table()
    programs.build(["prometheus", "thanos"], table)
    prometheus, thanos = (programs.Program.from_table(name, table).bin / name for name in ("prometheus", "thanos"))
    folder = tmp_path_factory.mktemp("pair")
    late, query, hurried, *ports = free_ports(9)
    commands: list[tuple[int, list[Any]]] = []
    for replica, (web, grpc, side) in enumerate((ports[:3], ports[3:])):
        config, data = folder / f"{replica}.yml", folder / str(replica)
        config.write_text(CONFIG.format(replica=replica, port=ports[0], late=late))
        flags = [f"--config.file={config}", f"--storage.tsdb.path={data}", f"--web.listen-address=127.0.0.1:{web}"]
        commands.append((web, [prometheus, *flags]))
        flags = [f"--prometheus.url=http://127.0.0.1:{web}", f"--tsdb.path={data}", f"--http-address=127.0.0.1:{side}"]
        commands.append((grpc, [thanos, "sidecar", *flags, f"--grpc-address=127.0.0.1:{grpc}"]))
    flags = ["--grpc-address=127.0.0.1:0", "--web.external-prefix=/thanos", "--query.replica-label=prometheus_replica"]
    stores = [f"127.0.0.1:{port}" for port in (ports[1], ports[4])]
    flags.append(f"--http-address=127.0.0.1:{query}")
    commands.append((query, [thanos, "query", *flags, *(f"--endpoint={store}" for store in stores)]))
    # A strict store is asked whatever its health checks say.
    flags[-1:] = [f"--http-address=127.0.0.1:{hurried}", "--store.response-timeout=1s"]
    commands.append((hurried, [thanos, "query", *flags, *(f"--endpoint-strict={store}" for store in stores)]))
    processes: dict[int, subprocess.Popen[bytes]] = {}
    with ExitStack() as stack:
        for port, command in commands:
            log = stack.enter_context((folder / f"{port}.log").open("w"))
            processes[port] = process = subprocess.Popen(command, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            # Whoever finds the one before it absent tries again only after half a minute.
            eventually(partial(listens, port))
        sidecars = (ports[1], ports[4])
        urls = [f"http://127.0.0.1:{port}" for port in (ports[0], query, hurried)]
        found = Servers(*urls, late, processes, sidecars)
        up = 'up{job="prometheus"} == 1'
        options = {"path_prefix": "/thanos", "query": up, "dedup": False, "expect": "length(@) == `2`"}
        for url in urls[1:]:
            started = run_module("promql", via="url", url=url, wait_timeout=60, **options)
            assert not started["failed"], started
        yield found


@pytest.fixture
def ask(servers: Servers, run_module: Any) -> Any:
    """promql on the Prometheus."""
    return partial(run_module, "promql", via="url", url=servers.prometheus)


@pytest.fixture
def ask_thanos(servers: Servers, run_module: Any) -> Any:
    """promql on the Query."""
    return partial(run_module, "promql", via="url", url=servers.query, path_prefix="/thanos")


def test_an_instant_query_gives_the_series_of_the_api(ask: Any) -> None:
    answer = ask(query='up{job="prometheus"}')
    assert not answer["changed"]
    assert (answer["result_type"], answer["series"]) == ("vector", 1)
    assert answer["result"][0]["metric"]["job"] == "prometheus"
    assert answer["result"][0]["value"][1] == "1"


def test_a_query_may_ask_for_another_time(ask: Any) -> None:
    assert ask(query="up", time=str(time.time() - 86400))["series"] == 0


def test_a_range_query_gives_samples_by_step(ask: Any) -> None:
    now = time.time()
    answer = ask(query="vector(1)", start=str(now - 60), end=str(now), step="15s")
    assert answer["result_type"] == "matrix"
    assert len(answer["result"][0]["values"]) == 5


def test_a_scalar_has_no_series(ask: Any) -> None:
    answer = ask(query="time()", check=True)
    assert (answer["result_type"], answer["series"]) == ("scalar", 0)
    assert abs(answer["result"][0] - time.time()) < 60


def test_warnings_of_the_api_become_warnings_of_the_task(ask: Any) -> None:
    assert any("quantile value should be between 0 and 1" in str(warning) for warning in ask(query="quantile(2, up)")["warnings"])


def test_without_dedup_thanos_gives_each_replica_s_series(ask_thanos: Any) -> None:
    query = 'up{job="prometheus"}'
    assert ask_thanos(query=query, dedup=True)["series"] == 1
    assert ask_thanos(query=query, dedup=False)["series"] == 2
    assert ask_thanos(query=query, dedup=True, replica_labels=["cluster"])["series"] == 2


def test_thanos_asks_only_the_stores_that_match(ask_thanos: Any) -> None:
    assert ask_thanos(query="up", store_matches=['{__address__="nowhere"}'])["series"] == 0
    both = ['{prometheus_replica="0"}', '{__address__=~"127.0.0.1:.*"}']
    assert ask_thanos(query='up{job="prometheus"}', dedup=False, store_matches=both)["series"] == 2


def test_a_condition_that_does_not_become_true_fails_with_what_was_seen(ask: Any, servers: Servers) -> None:
    answer = ask(query='up{job="late"}', expect="[0].value[1] == '1'", wait_timeout=1)
    assert answer["failed"]
    for part in ('up{job="late"}', "[0].value[1] == '1'", "1 series: up{", servers.prometheus):
        assert part in answer["msg"]


@pytest.mark.parametrize("server", ["ask", "ask_thanos"])
def test_a_broken_query_fails_at_once_in_the_words_of_the_api(server: str, request: pytest.FixtureRequest) -> None:
    started = time.monotonic()
    answer = request.getfixturevalue(server)(query="up{", expect="@", wait_timeout=60)
    assert time.monotonic() - started < 20
    assert (answer["failed"], answer["error_type"]) == (True, "bad_data")
    assert "'up{'" in answer["msg"]
    assert "parse error" in answer["msg"]


def test_a_wrong_prefix_and_a_closed_port_are_told_apart(ask: Any, run_module: Any) -> None:
    assert "path_prefix" in ask(query="up", path_prefix="/nowhere")["msg"]
    port = free_ports(1)[0]
    assert "refused" in run_module("promql", via="url", url=f"http://127.0.0.1:{port}", query="up")["msg"]


def test_a_target_that_is_down_and_a_job_that_is_missing_are_named(servers: Servers, run_module: Any) -> None:
    jobs = ["prometheus", "late", "kubelet"]
    result = run_module("scrape_targets", via="url", url=servers.prometheus, jobs=jobs, wait_timeout=1)
    assert result["failed"]
    assert f"job late: http://127.0.0.1:{servers.late}/metrics is down" in result["msg"]
    assert "connection refused" in result["msg"]
    assert "job kubelet has no target; jobs with targets are late, prometheus" in result["msg"]
    assert "job prometheus" not in result["msg"]
    assert result["jobs"]["prometheus"] == {"up": 1, "down": 0, "unknown": 0}


def test_every_pod_needs_a_service(servers: Servers, run_module: Any) -> None:
    result = run_module("scrape_targets", via="url", url=servers.prometheus, every_pod=True, jobs=["prometheus"])
    assert "every_pod asks the pods behind a Service" in result["msg"]


@contextmanager
def stopped(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """The process hangs: the kernel accepts connections for it, and nothing answers."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


@pytest.fixture
def recovered(servers: Servers, ask_thanos: Any) -> Iterator[None]:
    """Whoever lets something hang leaves Queries that see both replicas again."""
    yield
    up = 'up{job="prometheus"} == 1'
    for url in (servers.query, servers.hurried):
        answer = ask_thanos(url=url, query=up, dedup=False, expect="length(@) == `2`", wait_timeout=60)
        assert not answer["failed"], answer


@pytest.mark.usefixtures("recovered")
def test_of_stores_the_one_that_hangs_is_named_while_query_waits_for_it_and_after(ask_thanos: Any, servers: Servers) -> None:
    port, other = servers.sidecars
    asked = {"query": 'up{job="prometheus"}', "dedup": False, "expect": "length(@) == `2`"}
    with stopped(servers.processes[port]):
        # Query finds out within ten seconds; until then it asks the store and waits.
        waiting = ask_thanos(**asked, timeout=2, wait_timeout=0)
        eventually(lambda: ask_thanos(query='up{job="prometheus"}', dedup=False, timeout=2).get("series") == 1)
        after = ask_thanos(**asked, timeout=2, wait_timeout=0)
    assert f"{servers.query} hangs: it accepted the connection, but did not answer /api/v1/query within 2 s" in waiting["msg"]
    assert "answered with 1 series" in after["msg"]
    for answer in (waiting, after):
        assert answer["failed"]
        assert f"Its store sidecar 127.0.0.1:{port} hangs" in answer["msg"]
        assert str(other) not in answer["msg"]


@pytest.mark.usefixtures("recovered")
def test_a_store_that_query_left_out_as_too_slow_is_named(ask_thanos: Any, servers: Servers) -> None:
    port, _other = servers.sidecars
    asked = {"url": servers.hurried, "query": 'up{job="prometheus"}', "dedup": False, "expect": "length(@) == `2`"}
    with stopped(servers.processes[port]):
        partial_answer = ask_thanos(**asked, wait_timeout=0)
        refusal = ask_thanos(**asked, partial_response=False, wait_timeout=0)
    assert "answered with 1 series" in partial_answer["msg"]
    for answer in (partial_answer, refusal):
        assert answer["failed"]
        assert "failed to receive any data in 1s from" in answer["msg"]
        assert f"127.0.0.1:{port}" in answer["msg"]


@pytest.mark.usefixtures("recovered")
def test_a_prometheus_that_hangs_is_named(servers: Servers, run_module: Any) -> None:
    port = int(servers.prometheus.rpartition(":")[2])
    with stopped(servers.processes[port]):
        result = run_module("scrape_targets", via="url", url=servers.prometheus, jobs=["prometheus"], timeout=2, wait_timeout=0)
    assert result["failed"]
    assert (
        f"{servers.prometheus} hangs: it accepted the connection, but did not answer /api/v1/targets within 2 s" in result["msg"]
    )


class Metrics(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(b"late 1\n")

    def log_message(self, *_arguments: Any) -> None:
        """Nothing."""


def test_a_target_that_comes_up_in_time_is_waited_for(servers: Servers, run_module: Any) -> None:
    def listen() -> None:
        time.sleep(3)
        with http.server.HTTPServer(("127.0.0.1", servers.late), Metrics) as server:
            started.append(server)
            server.serve_forever()

    started: list[http.server.HTTPServer] = []
    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    jobs = [{"job": "late", "min_up": 1}]
    result = run_module("scrape_targets", via="url", url=servers.prometheus, jobs=jobs, wait_timeout=30)
    started[0].shutdown()
    thread.join()
    assert not result["failed"], result
    assert result["jobs"]["late"]["up"] == 1
    assert result["down"] == []
