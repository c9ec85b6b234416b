# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""dashboard_check: ConfigMaps of the cluster, and a real Prometheus on loopback."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest

from sandbox import programs
from tests.integration.api import Api

CONFIG = """\
global: {{scrape_interval: 1s}}
scrape_configs:
- job_name: prometheus
  static_configs: [{{targets: ["127.0.0.1:{port}"], labels: {{cluster: test}}}}]
"""
CLUSTER = {"name": "cluster", "type": "query", "query": {"query": "label_values(up, cluster)", "refId": "A"}}
INSTANCE = {
    "name": "instance",
    "type": "query",
    "query": 'label_values(up{cluster="$cluster"}, instance)',
    "multi": True,
    "includeAll": True,
}
UP = 'up{cluster="$cluster",instance=~"$instance"}'


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory, run_module: Any) -> Iterator[str]:
    """The URL of a Prometheus that has scraped itself."""
    table = programs.load_table()
    programs.build(["prometheus"], table)
    folder = tmp_path_factory.mktemp("prometheus")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    config = folder / "prometheus.yml"
    config.write_text(CONFIG.format(port=port))
    flags = [f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address=127.0.0.1:{port}"]
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("w"))
        process = subprocess.Popen(
            [programs.Program.from_table("prometheus", table).bin / "prometheus", *flags], stdout=log, stderr=log
        )
        stack.callback(process.wait)
        stack.callback(process.terminate)
        url = f"http://127.0.0.1:{port}"
        rates = "rate(prometheus_http_requests_total[1m])"
        started = run_module("promql", via="url", url=url, query=rates, expect="length(@) > `0`", wait_timeout=60)
        assert not started["failed"], started
        yield url


@pytest.fixture
def check(prometheus: str, namespace: str, run_module: Any) -> Any:
    """dashboard_check on the dashboards of the test's namespace."""
    return partial(run_module, "dashboard_check", via="url", url=prometheus, namespaces=[namespace], wait_timeout=0)


@pytest.fixture
def provision(api: Api, namespace: str) -> Any:
    """Makes a ConfigMap with a dashboard of these panels, each with one query."""

    def provision(title: str, **panels: str) -> None:
        board = {
            "title": title,
            "templating": {"list": [CLUSTER, INSTANCE]},
            "panels": [
                {"title": panel, "datasource": {"type": "prometheus", "uid": "thanos"}, "targets": [{"expr": expression}]}
                for panel, expression in panels.items()
            ],
        }
        metadata = {"name": title.lower(), "labels": {"grafana_dashboard": "1"}}
        config_map = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"board.json": json.dumps(board)}}
        api.create(config_map, namespace)

    return provision


def test_dashboards_whose_queries_return_data_pass(check: Any, provision: Any) -> None:
    provision("Up", up=UP, rate='sum(rate(prometheus_http_requests_total{cluster="$cluster"}[$__rate_interval]))')
    provision("Time", now="time()")
    result = check(check=True, variables={"cluster": "test"})
    assert not result["failed"], result
    assert (result["changed"], result["checked"], sorted(result["dashboards"])) == (False, 3, ["Time", "Up"])


def test_an_empty_panel_is_named_unless_it_is_allowed(check: Any, provision: Any) -> None:
    provision("Up", up=UP, gone='gone{cluster="$cluster"}')
    result = check()
    assert result["failed"]
    assert "Up / gone (ConfigMap " in result["msg"]
    assert "/up): no data for 'gone{cluster=\"test\"}'" in result["msg"]


def test_an_empty_panel_is_excused_by_a_condition_that_holds_and_by_no_other(check: Any, provision: Any) -> None:
    provision("Up", up=UP, gone='gone{cluster="$cluster"}')
    allowance = {"dashboard": "Up", "panel": "gone", "reason": "it is made up"}
    holds = 'up{cluster="$cluster"} == 1 unless on() gone'
    assert check(allowed_empty=[{**allowance, "condition": holds}])["empty"][0]["reason"] == "it is made up"
    result = check(allowed_empty=[{**allowance, "condition": 'up{cluster="$cluster"} == 0'}])
    assert result["failed"]
    assert "it may be empty when 'up{cluster=\"$cluster\"} == 0' returns series, which it does not" in result["msg"]


def test_a_share_of_nothing_is_no_data(check: Any, provision: Any) -> None:
    provision("Up", up=UP, share=f"0 * {UP} / (0 * {UP})")
    result = check()
    assert result["failed"]
    assert "only NaN for" in result["msg"]


def test_an_allowance_that_is_not_needed_is_a_warning(check: Any, provision: Any) -> None:
    provision("Up", up=UP)
    result = check(allowed_empty=[{"dashboard": "Up", "panel": "up", "reason": "none", "condition": "vector(1)"}])
    assert not result["failed"]
    assert any("Up / up is not needed" in str(warning) for warning in result["warnings"])


def test_a_broken_query_fails_at_once_in_the_words_of_the_api(check: Any, provision: Any) -> None:
    provision("Broken", broken="sum(up")
    started = time.monotonic()
    result = check(wait_timeout=60)
    assert time.monotonic() - started < 20
    assert (result["failed"], result["failing"][0]["panel"]) == (True, "broken")
    assert "parse error" in result["msg"]


def test_a_cluster_that_has_no_series_is_named_with_those_it_knows(check: Any, provision: Any) -> None:
    provision("Up", up=UP)
    assert "the variable cluster has no value 'other'; its values are: test" in check(variables={"cluster": "other"})["msg"]


def test_two_hundred_queries_take_less_than_twenty_seconds(check: Any, provision: Any) -> None:
    provision("Many", **{f"panel {number}": f"{UP} + {number}" for number in range(200)})
    started = time.monotonic()
    result = check()
    assert (result["failed"], result["checked"]) == (False, 200)
    assert time.monotonic() - started < 20


def test_no_dashboard_at_all_is_an_error(check: Any) -> None:
    assert "there is nothing to check" in check()["msg"]
