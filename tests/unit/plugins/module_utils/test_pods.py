# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps pods from starting."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._pods import ends, findings, selector_of, troubles, unscheduled
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import recorded


def test_an_image_that_cannot_be_pulled_is_told_with_pod_container_and_image() -> None:
    ((reason, words),) = troubles(recorded("pod_image_pull.json"))
    assert reason == "ImagePullBackOff"
    assert words.startswith("Pod h-core/no-image-")
    assert ", container web (registry.invalid/no/such:v1): ImagePullBackOff: Back-off pulling image" in words


def test_a_crash_loop_is_told_with_exit_code_and_last_words() -> None:
    ((reason, words),) = troubles(recorded("pod_crash_loop.json"))
    assert reason == "CrashLoopBackOff"
    assert words.endswith("; it ended with exit code 3: no such bucket: metrics")


def test_a_pod_that_is_starting_has_no_trouble() -> None:
    pod = recorded("pod_crash_loop.json")
    (status,) = pod["status"]["containerStatuses"]
    status["state"] = {"waiting": {"reason": "ContainerCreating"}}
    assert list(troubles(pod)) == []


@pytest.mark.parametrize(("policy", "stuck"), [("Always", 1), ("Never", 0)])
def test_a_container_that_has_crashed_counts_while_it_is_to_be_started_again(policy: str, stuck: int) -> None:
    pod = recorded("pod_crash_loop.json")
    pod["spec"]["restartPolicy"] = policy
    (status,) = pod["status"]["containerStatuses"]
    status["state"] = status.pop("lastState")
    assert [words.endswith("exit code 3: no such bucket: metrics") for _reason, words in troubles(pod)] == [True] * stuck


def test_an_init_container_counts() -> None:
    pod = recorded("pod_crash_loop.json")
    pod["status"]["initContainerStatuses"] = pod["status"].pop("containerStatuses")
    assert len(list(troubles(pod))) == 1


def test_a_pod_that_finds_no_node_is_told_in_the_schedulers_words() -> None:
    pod = recorded("pod_crash_loop.json")
    assert unscheduled(pod) == ""
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes are available"}
    pod["status"]["conditions"] = [condition]
    assert unscheduled(pod).endswith(": Unschedulable: 0/1 nodes are available")


@pytest.mark.parametrize(
    ("item", "selector"),
    [
        ({"kind": "Deployment", "spec": {"selector": {"matchLabels": {"b": "2", "a": "1"}}}}, "a=1,b=2"),
        ({"kind": "Job", "metadata": {"name": "j"}}, "batch.kubernetes.io/job-name=j"),
        ({"kind": "Prometheus", "spec": {}, "status": {"selector": "prometheus=k8s"}}, "prometheus=k8s"),
        ({"kind": "Service", "spec": {"selector": {"a": "1"}}}, ""),
        ({"kind": "ConfigMap"}, ""),
    ],
)
def test_the_pods_of_an_object_are_found_by_its_selector(item: dict[str, Any], selector: str) -> None:
    assert selector_of(item) == selector


NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def running(name: str, **container: Any) -> dict[str, Any]:
    status = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "containerStatuses": []}
    if container:
        status["containerStatuses"] = [{"name": "main", "state": {"running": {}}, **container}]
    return {"metadata": {"name": name, "namespace": "metrics"}, "spec": {}, "status": status}


def ended_at(time: str) -> dict[str, Any]:
    return {"restartCount": 2, "lastState": {"terminated": {"exitCode": 1, "finishedAt": time}}}


def test_a_ready_pod_and_one_that_has_done_its_work_are_fine() -> None:
    done = {"metadata": {"name": "job", "namespace": "metrics"}, "spec": {}, "status": {"phase": "Succeeded"}}
    assert findings([running("web"), done], NOW, 300) == []


@pytest.mark.parametrize(("time", "found"), [("2026-11-20T11:58:20Z", 1), ("2026-11-20T11:50:00Z", 0)])
def test_only_a_restart_within_the_quiet_time_counts(time: str, found: int) -> None:
    told = findings([running("web", **ended_at(time))], NOW, 300)
    assert told == ["Pod metrics/web, container main restarted 100 s ago, 2 times in all"] * found


def test_a_pod_that_failed_is_told_in_its_last_words() -> None:
    ended = {"name": "promtool", "image": "p", "state": {"terminated": {"exitCode": 1, "message": "FAILED: unknown field"}}}
    failed = {"metadata": {"name": "check", "namespace": "metrics"}, "spec": {"restartPolicy": "Never"}}
    failed["status"] = {"phase": "Failed", "containerStatuses": [ended]}
    assert findings([failed], NOW, 300) == [
        "Pod metrics/check, container promtool (p) ended with exit code 1: FAILED: unknown field"
    ]


@pytest.mark.parametrize("before", ["", "Checking a.yml SUCCESS " * 100])
def test_what_failed_is_repeated_wherever_a_checker_says_it(before: str) -> None:
    said = f"{before}Checking b.yml FAILED: unknown field\n" + "Checking c.yml\n  SUCCESS: 40 rules found\n" * 30
    ended = {"name": "promtool", "image": "p", "state": {"terminated": {"exitCode": 1, "message": said}}}
    [words] = ends({"metadata": {"name": "check", "namespace": "metrics"}, "status": {"containerStatuses": [ended]}})
    assert ": FAILED: unknown field Checking c.yml" in words
    assert len(words) < 500


def test_a_pod_that_is_stuck_or_going_away_is_a_finding() -> None:
    going = running("web")
    going["metadata"]["deletionTimestamp"] = "2026-11-20T11:59:00Z"
    assert findings([going], NOW, 300) == ["Pod metrics/web is being deleted"]
    (words,) = findings([recorded("pod_image_pull.json")], NOW, 300)
    assert "ImagePullBackOff" in words


@pytest.mark.parametrize(("revisions", "found"), [(("a", "a"), 0), (("a", "b"), 1)])
def test_between_two_pods_of_a_rolling_update_all_are_ready_and_it_is_a_finding(revisions: tuple[str, str], found: int) -> None:
    pods = [running("web-0"), running("web-1"), running("other-0")]
    for pod, revision in zip(pods, (*revisions, "c"), strict=True):
        owner = pod["metadata"]["name"].split("-")[0]
        pod["metadata"]["labels"] = {"controller-revision-hash": revision}
        pod["metadata"]["ownerReferences"] = [{"kind": "StatefulSet", "name": owner}]
    told = ["StatefulSet metrics/web is being updated, its pods are of 2 revisions"]
    assert findings(pods, NOW, 300) == told * found
