# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""pods_ready against real pods: one that runs, one that restarted, one that cannot start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.api import Api, eventually
from tests.integration.manifests import deployment

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def start(run_module: Any, namespace: str) -> Run:
    """start(image, command): a Deployment `web` in the test's namespace, not waited for."""

    def run(image: str, command: str = "sleep 100000") -> dict[str, Any]:
        return dict(run_module("apply_set", name="app", namespace=namespace, objects=[deployment("web", image, command)]))

    return run


@pytest.fixture
def pods_ready(run_module: Any, namespace: str) -> Run:
    def run(**options: Any) -> dict[str, Any]:
        return dict(run_module("pods_ready", **{"namespace": namespace, "selector": "app=web", "wait_timeout": 20, **options}))

    return run


def test_pods_that_run_undisturbed_are_named(start: Run, pods_ready: Run, image: str) -> None:
    start(image)
    result = pods_ready()
    assert not result["failed"], result
    assert [name.startswith("web-") for name in result["pods"]] == [True]


def test_fewer_pods_than_expected_are_a_finding(start: Run, pods_ready: Run, namespace: str, image: str) -> None:
    start(image)
    result = pods_ready(min_pods=2, wait_timeout=3)
    assert result["findings"] == [f"1 pods carry app=web in namespace {namespace}, at least 2 should"]


def test_a_restart_lately_is_a_finding(start: Run, pods_ready: Run, api: Api, namespace: str, image: str) -> None:
    start(image, "sleep 3; exit 3")

    def restarted() -> bool:
        pods = api.list("Pod", namespace)
        return any(entry["restartCount"] for pod in pods for entry in pod["status"].get("containerStatuses") or ())

    eventually(restarted)
    result = pods_ready(quiet_for=3600, wait_timeout=2)
    assert result["failed"]
    assert any("restarted" in words or "exit code 3" in words for words in result["findings"]), result


def test_a_pod_that_cannot_start_is_told_in_its_own_words(start: Run, pods_ready: Run) -> None:
    start("localhost/none:1")
    result = pods_ready(wait_timeout=5)
    assert result["failed"]
    assert "localhost/none:1" in result["msg"]
    assert "ErrImageNeverPull" in result["msg"]
