# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scrape targets held against expected jobs; the answer was recorded from Prometheus 3.15."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _servers
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._scrape_targets import (
    Expected,
    count,
    expected_jobs,
    judge,
    judge_others,
    look,
    wait_for,
)

RECORDED = json.loads((Path(__file__).parent / "fixtures/prometheus_targets.json").read_text())
TARGETS = RECORDED["data"]["activeTargets"]


class Server:
    def __init__(self, name: str, answer: Any) -> None:
        self.name, self.answer = name, answer

    @contextmanager
    def connect(self) -> Iterator[Any]:
        yield self

    def get(self, _path: str, **_parameters: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_a_job_whose_targets_are_all_up_is_fine() -> None:
    assert judge(TARGETS, [Expected("prometheus", min_up=2)]) == []


def test_a_target_that_is_down_is_named_with_its_last_error() -> None:
    (finding,) = judge(TARGETS, [Expected("dead")])
    assert "job dead: http://127.0.0.1:29199/metrics is down: " in finding
    assert "connection refused" in finding


def test_a_job_without_targets_is_named_with_the_jobs_there_are() -> None:
    (finding,) = judge(TARGETS, [Expected("kubelet")])
    assert "job kubelet has no target; jobs with targets are dead, prometheus" in finding


def test_a_job_with_too_few_targets_is_named() -> None:
    assert judge(TARGETS, [Expected("prometheus", min_up=3)]) == ["job prometheus has 2 targets, 3 are wanted"]


def test_a_target_that_was_not_scraped_yet_is_not_up() -> None:
    new = [{**TARGETS[1], "health": "unknown", "lastError": ""}]
    assert judge(new, [Expected("prometheus")]) == ["job prometheus: http://127.0.0.1:29190/metrics is unknown: not scraped yet"]


def test_a_job_may_be_expected_by_its_scrape_pool() -> None:
    pool = "serviceMonitor/monitoring/prometheus/0"
    targets = [{**TARGETS[1], "scrapePool": pool}]
    assert judge(targets, [Expected(pool)]) == []
    assert set(count(targets, [Expected(pool)])) == {"prometheus", pool}


def test_many_targets_that_are_down_are_cut_but_counted() -> None:
    findings = judge([TARGETS[0]] * 8, [Expected("dead")])
    assert len(findings) == 6
    assert findings[-1] == "job dead: 3 more of its 8 targets are not up"


def test_targets_are_counted_by_health_for_each_job() -> None:
    nothing = {"up": 0, "down": 0, "unknown": 0}
    assert count(TARGETS, [Expected("kubelet")]) == {
        "dead": {**nothing, "down": 1},
        "prometheus": {**nothing, "up": 2},
        "kubelet": nothing,
    }


def test_expected_jobs_are_names_or_mappings() -> None:
    assert expected_jobs(["a", {"job": "b", "min_up": "2"}]) == [Expected("a", 1), Expected("b", 2)]


@pytest.mark.parametrize("entry", [{"min_up": 1}, {"job": "a", "min_up": "two"}, {"job": "a", "minup": 1}])
def test_anything_else_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(MetricsError, match=r"^jobs"):
        expected_jobs([entry])


def test_every_server_asked_counts() -> None:
    servers = [Server("prometheus-0", RECORDED), Server("prometheus-1", EndpointError("prometheus-1 did not answer"))]
    expected = [Expected("dead"), Expected("prometheus")]
    seen = look({server.name: server.connect for server in servers}, expected)
    assert len(seen.findings) == 2
    assert seen.findings[0].startswith("prometheus-0: job dead: ")
    assert seen.findings[1].startswith("prometheus-1 did not answer")
    result = seen.result(expected)
    assert set(result["asked"]) == {"prometheus-0"}
    assert [(entry["asked"], entry["job"], entry["health"]) for entry in result["down"]] == [("prometheus-0", "dead", "down")]


def test_a_server_that_refuses_is_not_waited_for() -> None:
    with pytest.raises(MetricsError, match="forbidden"):
        look({"x": Server("x", EndpointError("forbidden", 403)).connect}, [])


def down(number: int, pool: str = "serviceMonitor/shop/web/0", **changes: Any) -> dict[str, Any]:
    found = {"labels": {"job": "web"}, "scrapePool": pool, "scrapeUrl": f"http://10.0.0.{number}/metrics"}
    return {**found, "health": "down", "lastError": "connection refused", **changes}


def test_a_down_target_of_another_s_monitor_is_named_once_with_its_monitor_and_its_last_error() -> None:
    replicas = {"prometheus-0": [down(1)], "prometheus-1": [down(1)]}
    assert judge_others(replicas, []) == ["ServiceMonitor shop/web: http://10.0.0.1/metrics is down: connection refused"]


def test_a_target_that_only_one_replica_finds_down_says_which() -> None:
    replicas = {"prometheus-0": [down(1)], "prometheus-1": [down(1, health="up")]}
    (note,) = judge_others(replicas, [])
    assert note == "ServiceMonitor shop/web: http://10.0.0.1/metrics is down (seen by prometheus-0): connection refused"


def test_targets_of_expected_jobs_and_those_not_scraped_yet_are_not_among_the_others() -> None:
    assert judge_others({"x": [down(1)]}, [Expected("web")]) == []
    assert judge_others({"x": [down(1, health="unknown", lastError="")]}, []) == []


def test_many_down_targets_of_one_monitor_do_not_hide_those_of_another() -> None:
    notes = judge_others({"x": [*(down(number) for number in range(1, 9)), down(1, pool="podMonitor/shop/jobs/0")]}, [])
    assert notes[0].startswith("PodMonitor shop/jobs: ")
    assert notes[-1] == "ServiceMonitor shop/web: 3 more of its targets are down"
    assert len(notes) == 7


OPTIONS = {"jobs": ["prometheus"], "every_pod": False, "via": "url", "url": "x", "monitors": False, "wait_timeout": 0}


@pytest.mark.parametrize("asked", ["report", "fail"])
def test_whether_another_s_down_target_fails_is_asked_for(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server("x", RECORDED)
    monkeypatch.setattr(_servers, "connections", lambda *_arguments: ({"x": server.connect}, []))
    named = "scrape pool dead: http://127.0.0.1:29199/metrics is down: "
    if asked == "report":
        (note,) = wait_for(None, {**OPTIONS, "down_targets": asked}, [1])["notes"]
        assert note.startswith(named)
        return
    with pytest.raises(MetricsError) as caught:
        wait_for(None, {**OPTIONS, "down_targets": asked}, [1])
    assert named in caught.value.message
