# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an object has become what it declares."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import key_of
from ansible_collections.longterm.metrics.plugins.module_utils._status import Status, compile_conditions, status_of
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import recorded

UNSEEN = "its controller has not seen the change yet"
APIS = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "APIService": "apiregistration.k8s.io/v1",
    "CustomResourceDefinition": "apiextensions.k8s.io/v1",
    "Widget": "example.com/v1",
}


def look(kind: str, status: dict[str, Any], generation: int = 2, conditions: Any = (), **spec: Any) -> Status:
    """The status of an object of generation 2."""
    metadata = {"name": "x", "namespace": "n", "generation": generation}
    item = {"apiVersion": APIS.get(kind, "v1"), "kind": kind, "metadata": metadata, "spec": spec, "status": status}
    return status_of(key_of(item), item, compile_conditions(conditions))


def condition(name: str, value: str = "True", **more: Any) -> dict[str, Any]:
    return {"conditions": [{"type": name, "status": value, **more}]}


EXCEEDED = condition("Progressing", "False", reason="ProgressDeadlineExceeded", message="it timed out")
FORBIDDEN = condition("ReplicaFailure", message='pods "x" is forbidden: violates PodSecurity')


def deployment(observed: int = 2, **counts: int) -> dict[str, Any]:
    return {"observedGeneration": observed, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2, **counts}


@pytest.mark.parametrize(
    ("status", "words", "failed"),
    [
        (deployment(), "", False),
        ({}, UNSEEN, False),
        (deployment(observed=1), UNSEEN, False),
        (deployment(updatedReplicas=1), "1 of 2 pods updated", False),
        (deployment(availableReplicas=1), "1 of 2 pods available", False),
        (deployment(replicas=3), "old pods are still there", False),
        ({**deployment(availableReplicas=0), **EXCEEDED}, "exceeded its progress deadline: it timed out", True),
        ({**deployment(observed=1), **EXCEEDED}, UNSEEN, False),
        (
            {**deployment(updatedReplicas=0), **FORBIDDEN},
            '0 of 2 pods updated: pods "x" is forbidden: violates PodSecurity',
            False,
        ),
    ],
)
def test_a_deployment_is_ready_when_all_its_pods_are_new_and_available(status: dict[str, Any], words: str, failed: bool) -> None:
    assert look("Deployment", status, replicas=2) == Status(not words, words, failed)


@pytest.mark.parametrize(("name", "words"), [("rolling", "1 of 2 pods updated"), ("rolled", "")])
def test_a_recorded_deployment(name: str, words: str) -> None:
    item = recorded(f"deployment_{name}_out.json")
    assert status_of(key_of(item), item, {}) == Status(not words, words)


def stateful_set(observed: int = 2, **fields: Any) -> dict[str, Any]:
    counts = {"replicas": 3, "updatedReplicas": 3, "readyReplicas": 3, "availableReplicas": 3}
    return {"observedGeneration": observed, "currentRevision": "b", "updateRevision": "b", **counts, **fields}


PARTITIONED = {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}}


@pytest.mark.parametrize(
    ("status", "spec", "words"),
    [
        (stateful_set(), {}, ""),
        (stateful_set(observed=1), {}, UNSEEN),
        (stateful_set(readyReplicas=2), {}, "2 of 3 pods ready"),
        (stateful_set(availableReplicas=1), {}, "1 of 3 pods available"),
        (stateful_set(currentRevision="a", updatedReplicas=1), {}, "1 of 3 pods updated"),
        (stateful_set(currentRevision="a", updatedReplicas=1), PARTITIONED, ""),
        (stateful_set(currentRevision="a", updatedReplicas=0), PARTITIONED, "0 of 1 pods updated"),
        (stateful_set(currentRevision="a", updatedReplicas=0), {"updateStrategy": {"type": "OnDelete"}}, ""),
        (stateful_set(replicas=4), {}, "old pods are still there"),
    ],
)
def test_a_stateful_set_is_ready_when_its_pods_are_updated_and_ready(
    status: dict[str, Any], spec: dict[str, Any], words: str
) -> None:
    assert look("StatefulSet", status, replicas=3, **spec) == Status(not words, words)


def daemon_set(observed: int = 2, updated: int = 2, available: int = 2) -> dict[str, int]:
    counts = {"updatedNumberScheduled": updated, "numberAvailable": available}
    return {"observedGeneration": observed, "desiredNumberScheduled": 2, **counts}


@pytest.mark.parametrize(
    ("kind", "status", "words", "failed"),
    [
        ("DaemonSet", daemon_set(), "", False),
        ("DaemonSet", {}, UNSEEN, False),
        ("DaemonSet", daemon_set(updated=1), "1 of 2 pods updated", False),
        ("DaemonSet", daemon_set(available=0), "0 of 2 pods available", False),
        ("Job", condition("Complete"), "", False),
        ("Job", {"active": 1}, "has not completed", False),
        ("Job", condition("Failed", reason="BackoffLimitExceeded", message="m"), "failed: BackoffLimitExceeded m", True),
        ("Pod", {"phase": "Running", **condition("Ready")}, "", False),
        ("Pod", {"phase": "Succeeded"}, "", False),
        ("Pod", {"phase": "Running", **condition("Ready", "False")}, "is Running", False),
        ("Pod", {"phase": "Failed"}, "is Failed", True),
        ("PersistentVolumeClaim", {"phase": "Pending"}, "", False),
        ("PersistentVolumeClaim", {"phase": "Lost"}, "has lost its volume", True),
        ("APIService", condition("Available"), "", False),
        ("APIService", {}, "is not available", False),
        ("CustomResourceDefinition", condition("Established"), "", False),
        ("CustomResourceDefinition", {}, "is not Established", False),
        ("ConfigMap", {}, "", False),
        ("Widget", {}, "", False),
        ("Widget", {"observedGeneration": 1, **condition("Ready")}, UNSEEN, False),
        ("Widget", {"observedGeneration": 2, **condition("Ready", "False", message="no quorum")}, "Ready=False no quorum", False),
        ("Widget", {"observedGeneration": 2, **condition("Ready")}, "", False),
    ],
)
def test_the_rules_of_the_other_kinds(kind: str, status: dict[str, Any], words: str, failed: bool) -> None:
    assert look(kind, status) == Status(not words, words, failed)


def test_an_api_service_is_quoted() -> None:
    item = recorded("apiservice_unavailable.json")
    assert status_of(key_of(item), item, {}) == Status(False, 'service/none in "h-core" is not present')


@pytest.mark.parametrize(
    ("spec", "status", "ready"),
    [
        ({"type": "ClusterIP"}, {}, True),
        ({"type": "LoadBalancer"}, {"loadBalancer": {}}, False),
        ({"type": "LoadBalancer"}, {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}, True),
    ],
)
def test_a_load_balancer_is_ready_once_it_has_an_address(spec: dict[str, Any], status: dict[str, Any], ready: bool) -> None:
    assert look("Service", status, **spec).ready is ready


def test_what_is_being_deleted_is_not_ready() -> None:
    item = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "deletionTimestamp": "now"}}
    assert status_of(key_of(item), item, {}) == Status(False, "is being deleted")


AVAILABLE = {"kind": "Widget", "ready": "status.conditions[?type=='Available'].status | [0] == 'True'"}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (condition("Available"), ""),
        (condition("Available", observedGeneration=2), ""),
        (condition("Available", observedGeneration=1), UNSEEN),
        (condition("Available", "False", message="1 of 2 shards"), "Available=False 1 of 2 shards"),
        ({}, "has no conditions yet"),
    ],
)
def test_a_custom_resource_is_ready_when_its_given_condition_is_true_of_its_present_state(
    status: dict[str, Any], words: str
) -> None:
    assert look("Widget", status, conditions=[AVAILABLE]) == Status(not words, words)


def test_a_condition_can_be_meant_for_one_group_only() -> None:
    assert look("Widget", {}, conditions=[{**AVAILABLE, "api_version": "other.com/v1"}]).ready
    assert not look("Widget", {}, conditions=[{**AVAILABLE, "api_version": "example.com/v9"}]).ready


def test_a_function_in_a_condition_may_meet_a_field_that_is_not_there_yet() -> None:
    entry = {"kind": "Widget", "ready": "length(status.shards) > `1`"}
    assert not look("Widget", {}, conditions=[entry]).ready
    assert look("Widget", {"shards": [1, 2]}, conditions=[entry]).ready


@pytest.mark.parametrize("expression", ["status.[", "no_such_function(status)"])
def test_a_condition_that_is_wrong_is_named_by_its_kind(expression: str) -> None:
    with pytest.raises(MetricsError, match="The condition of kind Widget"):
        look("Widget", {}, conditions=[{"kind": "Widget", "ready": expression}])
