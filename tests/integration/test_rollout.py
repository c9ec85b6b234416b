# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""rollout, and apply_set with `wait`: nothing old goes before the new runs, and what does not run is told in its own words."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.api import Api, eventually
from tests.integration.manifests import config_map, crd, deployment, pod_template, thing

Run = Callable[..., dict[str, Any]]

ABSENT_IMAGE = "localhost/none:1"


@pytest.fixture
def apply(run_module: Any, namespace: str) -> Run:
    """apply(set, objects, ...): apply_set in the test's namespace."""

    def run(name: str, objects: list[dict[str, Any]], **options: Any) -> dict[str, Any]:
        arguments = {"name": name, "namespace": namespace, "objects": objects, "grace": 3, "wait_sleep": 0.5, **options}
        return dict(run_module("apply_set", **arguments))

    return run


@pytest.fixture
def rollout(run_module: Any, namespace: str) -> Run:
    """rollout(set, ..., ...): rollout of sets of the test's namespace."""

    def run(*names: str, **options: Any) -> dict[str, Any]:
        sets = [{"name": name, "namespace": namespace} for name in names]
        return dict(run_module("rollout", sets=sets, **{"grace": 3, "wait_sleep": 0.5, "wait_timeout": 60, **options}))

    return run


def ok(result: dict[str, Any]) -> dict[str, Any]:
    assert not result["failed"], result["msg"]
    return result


def test_an_image_that_is_not_there_is_named_soon_and_the_old_stays_until_it_is_mended(
    apply: Run, api: Api, namespace: str, image: str
) -> None:
    ok(apply("app", [deployment("web", image), config_map("old", x="1")], wait=True))
    started = time.monotonic()
    result = apply("app", [deployment("web", ABSENT_IMAGE), config_map("new", x="1")], wait=True, wait_timeout=120)
    assert time.monotonic() - started < 30
    assert result["failed"]
    [broken] = [name for name in api.names("Pod", namespace) if not is_ready(api, name, namespace)]
    assert f"Pod {namespace}/{broken}" in result["msg"]
    assert ABSENT_IMAGE in result["msg"]
    assert "Nothing was pruned" in result["msg"]
    assert (result["changed_objects"], result["created"]) == ([f"Deployment {namespace}/web"], [f"ConfigMap {namespace}/new"])
    assert {"old", "new"} <= api.names("ConfigMap", namespace)
    assert api.get("Deployment", "web", namespace, api_version="apps/v1")["status"]["availableReplicas"] == 1

    result = ok(apply("app", [deployment("web", image), config_map("new", x="1")], wait=True))
    assert result["pruned"] == [f"ConfigMap {namespace}/old"]
    eventually(lambda: "old" not in api.names("ConfigMap", namespace))
    assert "new" in api.names("ConfigMap", namespace)


def test_nothing_of_any_set_is_pruned_until_all_sets_run(apply: Run, rollout: Run, api: Api, namespace: str, image: str) -> None:
    ok(apply("one", [config_map("old", x="1")]))
    result = ok(apply("one", [config_map("new", x="1")]))
    assert (result["pruned"], result["to_prune"]) == ([], [f"ConfigMap {namespace}/old"])
    ok(apply("two", [deployment("web", ABSENT_IMAGE)]))
    result = rollout("one", "two")
    assert result["failed"]
    assert f"Deployment {namespace}/web" in result["msg"]
    assert "old" in api.names("ConfigMap", namespace)

    ok(apply("two", [deployment("web", image)]))
    planned = ok(rollout("one", "two", check=True))
    assert (planned["changed"], planned["pruned"]) == (True, [f"ConfigMap {namespace}/old"])
    kept = ok(rollout("one", "two", prune=False))
    assert (kept["changed"], kept["members"]) == (False, 2)
    assert "old" in api.names("ConfigMap", namespace)
    assert ok(rollout("one", "two"))["pruned"] == [f"ConfigMap {namespace}/old"]
    eventually(lambda: "old" not in api.names("ConfigMap", namespace))
    again = ok(rollout("one", "two"))
    assert (again["changed"], again["pruned"], again["members"]) == (False, [], 2)


def test_a_crash_loop_is_reported_with_the_last_words_of_the_container(apply: Run, namespace: str, image: str) -> None:
    web = deployment("web", image, "echo gone wrong >&2; exit 3")
    # Without it or a readiness probe, a container counts as ready in the moment before it ends.
    web["spec"]["minReadySeconds"] = 10
    result = apply("app", [web], wait=True)
    assert result["failed"]
    told = [f"Pod {namespace}/web-", "container main", "CrashLoopBackOff", "exit code 3", "gone wrong"]
    assert [words for words in told if words not in result["msg"]] == [], result["msg"]


def test_a_job_that_failed_ends_the_wait(apply: Run, namespace: str, image: str) -> None:
    spec = {"backoffLimit": 0, "template": pod_template("once", image, "exit 4", restartPolicy="Never")}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "once"}, "spec": spec}
    result = apply("app", [job], wait=True)
    assert result["failed"]
    assert f"Job {namespace}/once failed" in result["msg"]


def test_a_deadline_that_passes_says_what_was_awaited_and_what_the_scheduler_said(apply: Run, namespace: str, image: str) -> None:
    result = apply("app", [deployment("web", image, nodeSelector={"moon": "full"})], wait=True, wait_timeout=2)
    assert result["failed"]
    assert f"Deployment {namespace}/web" in result["msg"]
    assert "Unschedulable: 0/" in result["msg"]


def test_custom_resources_are_ready_when_the_given_condition_holds(
    apply: Run, rollout: Run, api: Api, namespace: str, group: str
) -> None:
    ok(apply("app", [crd(group), thing(group, "one", size=1)]))
    conditions = {"conditions": [{"kind": "Thing", "ready": "spec.theirs == 'done'"}]}
    result = rollout("app", wait_timeout=1, **conditions)
    assert result["failed"]
    assert f"Thing {namespace}/one" in result["msg"]
    # The condition speaks of any field; here of one that only somebody else sets.
    ready_by_size = {"conditions": [{"kind": "Thing", "api_version": f"{group}/v1", "ready": "spec.size == `2`"}]}
    api.edit("Thing", "one", namespace, api_version=f"{group}/v1", change={"spec": {"size": 2}})
    assert ok(rollout("app", **ready_by_size))["members"] == 2


def test_a_member_that_somebody_deleted_is_named(apply: Run, rollout: Run, api: Api, namespace: str) -> None:
    ok(apply("app", [config_map("a", x="1")]))
    api.delete("ConfigMap", "a", namespace)
    result = rollout("app", wait_timeout=1)
    assert result["failed"]
    assert f"ConfigMap {namespace}/a is missing" in result["msg"]


def test_a_set_nobody_applied_is_named(rollout: Run, namespace: str) -> None:
    result = rollout("app")
    assert result["failed"]
    assert f"there is no set {namespace}/app" in result["msg"]


def is_ready(api: Api, name: str, namespace: str) -> bool:
    conditions = api.get("Pod", name, namespace)["status"].get("conditions") or ()
    return any(entry["type"] == "Ready" and entry["status"] == "True" for entry in conditions)
