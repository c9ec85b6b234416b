# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for many sets at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._rollout import Rollout
from ansible_collections.longterm.metrics.plugins.module_utils._status import compile_conditions
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import (
    AVAILABLE,
    Object,
    apply,
    config_map,
    crd,
    custom_resource,
    parent_of,
    workload,
)
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer, recorded


def wait(cluster: Cluster, *names: str, timeout: float = 120, grace: float = 30, conditions: tuple[Object, ...] = ()) -> None:
    parents = [parent_of(cluster, name) for name in names or ("web",)]
    Rollout(cluster, parents, compile_conditions(conditions), sleep=2, grace=grace).wait(timeout)


def at(server: FakeServer, seconds: float, change: Callable[[], object]) -> None:
    """Let this happen so many seconds after now."""
    due = server.now + seconds

    def task() -> None:
        if server.now >= due:
            change()

    server.tasks.append(task)


def become_ready(server: FakeServer, name: str, after: float = 0) -> None:
    at(server, after, lambda: server.at("Deployment", name).update(status=AVAILABLE))


def put_pod(server: FakeServer, name: str, app: str) -> Object:
    """A recorded pod, as one of the Deployment `app`."""
    pod = recorded(name)
    pod["metadata"] |= {"namespace": "metrics", "labels": {"app": app}}
    return server.put(pod)


def test_what_is_ready_is_not_waited_for(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"))
    started = server.now
    wait(cluster)
    assert server.now == started


def test_all_sets_are_waited_for_together(server: FakeServer, cluster: Cluster) -> None:
    for name, seconds in (("one", 10.0), ("two", 20.0)):
        apply(cluster, workload("Deployment", name), name=name)
        become_ready(server, name, seconds)
    started = server.now
    wait(cluster, "one", "two")
    assert 20 <= server.now - started < 23


def test_one_deadline_counts_for_all_and_the_error_names_what_is_awaited_and_why(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, workload("Deployment", "late"), workload("Deployment", "good"))
    become_ready(server, "good")
    pod = put_pod(server, "pod_crash_loop.json", "late")
    pod["status"] = {"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "no node"}]}
    started = server.now
    with pytest.raises(MetricsError) as caught:
        wait(cluster, timeout=60)
    assert 57 < server.now - started <= 60
    assert "Not ready on https://fake:6443 after 60 s: Deployment metrics/late its controller has not" in caught.value.message
    assert "Unschedulable: no node" in caught.value.message
    assert "metrics/good" not in caught.value.message


@pytest.mark.parametrize("name", ["pod_image_pull.json", "pod_crash_loop.json"])
def test_a_stuck_pod_ends_the_wait_after_the_grace_in_its_own_words(server: FakeServer, cluster: Cluster, name: str) -> None:
    apply(cluster, workload("Deployment", "bad"))
    put_pod(server, name, "bad")
    started = server.now
    with pytest.raises(
        MetricsError, match=r"cannot succeed: Pod metrics/.*container web.*Still waited for: Deployment metrics/bad"
    ):
        wait(cluster, grace=30)
    assert 30 <= server.now - started < 33


def test_a_pod_that_recovers_within_the_grace_does_not_end_it(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, workload("Deployment", "slow"))
    pod = put_pod(server, "pod_crash_loop.json", "slow")
    at(server, 20, lambda: pod.update(status={}))
    become_ready(server, "slow", 60)
    wait(cluster, grace=30)


def test_the_two_reasons_of_a_pull_error_are_one_trouble(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, workload("Deployment", "bad"))
    waiting = put_pod(server, "pod_image_pull.json", "bad")["status"]["containerStatuses"][0]["state"]["waiting"]
    server.tasks.append(
        lambda: waiting.update(reason="ErrImagePull" if waiting["reason"] != "ErrImagePull" else "ImagePullBackOff")
    )
    with pytest.raises(MetricsError, match="cannot succeed"):
        wait(cluster, grace=30)


def test_a_stuck_pod_that_is_going_away_does_not_end_it(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, workload("Deployment", "mended"))
    put_pod(server, "pod_image_pull.json", "mended")["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    become_ready(server, "mended", 60)
    wait(cluster, grace=10)


def test_a_pod_of_another_workload_does_not_end_it(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, workload("Deployment", "slow"))
    put_pod(server, "pod_crash_loop.json", "other")
    become_ready(server, "slow", 60)
    wait(cluster, grace=10)


def test_a_failed_object_ends_the_wait_only_after_the_grace(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, workload("Deployment", "bad"))
    exceeded = {"type": "Progressing", "reason": "ProgressDeadlineExceeded", "message": "timed out"}
    server.at("Deployment", "bad")["status"] = {"observedGeneration": 1, "conditions": [exceeded]}
    started = server.now
    with pytest.raises(MetricsError, match="Deployment metrics/bad exceeded its progress deadline: timed out"):
        wait(cluster, grace=30)
    assert server.now - started >= 30
    become_ready(server, "bad", 20)
    wait(cluster, grace=30)


def test_a_job_that_failed_ends_the_wait_at_once_in_the_last_words_of_its_pod(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, {**workload("Job", "check"), "apiVersion": "batch/v1"})
    failed = {"type": "Failed", "status": "True", "reason": "PodFailurePolicy", "message": "exit code 1"}
    server.at("Job", "check")["status"] = {"conditions": [failed]}
    pod = put_pod(server, "pod_crash_loop.json", "check")
    pod["metadata"]["labels"] = {"batch.kubernetes.io/job-name": "check"}
    ended = {"exitCode": 1, "message": "Checking\n  FAILED: unknown fields"}
    pod["status"] = {"containerStatuses": [{"name": "promtool", "image": "prometheus", "state": {"terminated": ended}}]}
    started = server.now
    with pytest.raises(MetricsError) as caught:
        wait(cluster, grace=30)
    assert server.now == started
    assert "Job metrics/check failed: PodFailurePolicy exit code 1" in caught.value.message
    assert "container promtool (prometheus) ended with exit code 1: FAILED: unknown fields" in caught.value.message


def test_a_member_that_somebody_deleted_is_named(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, config_map("a"))
    del server.objects["", "configmaps", "metrics", "a"]
    with pytest.raises(MetricsError, match="ConfigMap metrics/a is missing; apply its set again"):
        wait(cluster, timeout=10)


@pytest.mark.usefixtures("establishing")
def test_a_custom_resource_is_waited_for_by_its_condition(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, crd())
    apply(cluster, custom_resource("w"), name="widgets")
    started = server.now
    at(server, 15, lambda: server.at("Widget", "w").update(status={"phase": "Up"}))
    wait(cluster, "widgets", conditions=({"kind": "Widget", "ready": "status.phase == 'Up'"},))
    assert 15 <= server.now - started < 18


@pytest.mark.usefixtures("establishing")
def test_a_kind_whose_crd_comes_during_the_wait_is_found(server: FakeServer, cluster: Cluster) -> None:
    apply(cluster, crd(), custom_resource("w"))
    objects = dict(server.objects)
    cluster.request("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com")
    at(server, 10, lambda: server.objects.update(objects))
    wait(cluster)
