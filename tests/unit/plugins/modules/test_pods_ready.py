# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module pods_ready: what its options become, and how its outcome becomes a result."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster
from ansible_collections.longterm.metrics.plugins.modules import pods_ready
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer

SELECTED = {"namespace": "metrics", "selector": "app=web"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cluster: _cluster.Cluster) -> Any:
    """Looks once, unless told otherwise."""

    def run(without: tuple[str, ...] = (), **options: Any) -> dict[str, Any]:
        monkeypatch.setattr(_cluster, "connect", lambda _options: cluster)
        given = {**SELECTED, "wait_timeout": 0, **options}
        with patch_module_args({name: given[name] for name in given if name not in without}), pytest.raises(SystemExit):
            pods_ready.main()
        return json.loads(capsys.readouterr().out)

    return run


def put(server: FakeServer, name: str, app: str = "web", ready: bool = True, restarted: float | None = None) -> None:
    """A pod; `restarted` is how many seconds ago."""
    container: dict[str, Any] = {"name": "main", "state": {"running": {}}}
    if restarted is not None:
        ended = (datetime.now(UTC) - timedelta(seconds=restarted)).isoformat()
        container |= {"restartCount": 1, "lastState": {"terminated": {"exitCode": 1, "finishedAt": ended}}}
    conditions = [{"type": "Ready", "status": str(ready)}]
    status = {"phase": "Running", "conditions": conditions, "containerStatuses": [container]}
    metadata = {"name": name, "namespace": "metrics", "labels": {"app": app}}
    server.put({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {}, "status": status})


@pytest.mark.parametrize("check", [False, True])
def test_pods_of_the_selector_that_are_ready_are_named_and_nothing_changes(run: Any, server: FakeServer, check: bool) -> None:
    put(server, "web-0")
    put(server, "web-1")
    put(server, "other-0", app="other", ready=False)
    result = run(_ansible_check_mode=check)
    assert (result["changed"], result["pods"]) == (False, ["web-0", "web-1"])


def test_a_failure_returns_every_finding(run: Any, server: FakeServer) -> None:
    put(server, "web-0", ready=False)
    put(server, "web-1", ready=False)
    result = run(min_pods="3")
    assert result["failed"]
    assert result["findings"] == [
        "Pod metrics/web-0 is not ready (Running)",
        "Pod metrics/web-1 is not ready (Running)",
        "2 pods carry app=web in namespace metrics, at least 3 should",
    ]


def test_a_selector_that_no_pod_carries_proves_nothing_unless_that_is_wanted(run: Any) -> None:
    assert run()["findings"] == ["0 pods carry app=web in namespace metrics, at least 1 should"]
    assert run(min_pods=0)["pods"] == []


@pytest.mark.parametrize(("options", "failed"), [({}, True), ({"quiet_for": 60}, False), ({"quiet_for": 0}, False)])
def test_a_restart_counts_for_five_minutes_or_as_long_as_is_said(
    run: Any, server: FakeServer, options: dict[str, Any], failed: bool
) -> None:
    put(server, "web-0", restarted=200)
    assert run(**options).get("failed", False) is failed


def test_pods_are_waited_for(run: Any, server: FakeServer) -> None:
    put(server, "web-0", ready=False)
    looks = []

    def become_ready(request: Any) -> None:
        looks.append(request)
        if len(looks) == 2:
            put(server, "web-0")

    server.answers.append(become_ready)
    assert run(wait_timeout=30, wait_sleep=0.05)["pods"] == ["web-0"]


def test_namespace_and_selector_must_be_said(run: Any) -> None:
    assert run(without=("namespace", "selector"))["msg"] == "missing required arguments: namespace, selector"


@pytest.mark.parametrize("selector", [None, ""])
def test_no_selector_is_not_taken_for_every_pod_of_the_namespace(selector: str | None, run: Any, server: FakeServer) -> None:
    put(server, "web-0")
    result = run(selector=selector)
    assert result["failed"]
    assert "selector is empty" in result["msg"]
