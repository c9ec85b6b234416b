# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether pods run, and what keeps them from it, in their own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Object

# Waiting reasons that do not mend themselves (kubelet: pkg/kubelet/images and kuberuntime).
STUCK = {
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "CreateContainerError",
    "ErrImageNeverPull",
    "ErrImagePull",
    "ImageInspectError",
    "ImagePullBackOff",
    "InvalidImageName",
    "RunContainerError",
}

# How much of a container's own words is repeated.
LONGEST = 400


def selector_of(item: Object) -> str:
    """The label selector of the pods an object makes, empty when it names none.

    Workloads carry it in spec.selector, Jobs in a label of their pods, custom resources with a scale subresource in
    status.selector.
    """
    if item["kind"] == "Job":
        return f"batch.kubernetes.io/job-name={item['metadata']['name']}"
    if item["kind"] == "Service":
        return ""
    selector = (item.get("spec") or {}).get("selector")
    if isinstance(selector, Mapping) and isinstance(selector.get("matchLabels"), Mapping):
        return ",".join(f"{name}={value}" for name, value in sorted(selector["matchLabels"].items()))
    said = (item.get("status") or {}).get("selector")
    return said if isinstance(said, str) else ""


def troubles(pod: Object) -> Iterator[tuple[str, str]]:
    """(reason, words) for each container of a pod that is stuck; the words name pod, container, image and exit."""
    status = pod.get("status") or {}
    restarts = (pod.get("spec") or {}).get("restartPolicy") != "Never"
    for entry in [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]:
        state = entry.get("state") or {}
        waiting: Mapping[str, Any] = state.get("waiting") or {}
        ended: Mapping[str, Any] = state.get("terminated") or (entry.get("lastState") or {}).get("terminated") or {}
        # For most of a back-off the kubelet reports only how the container ended.
        crashed = restarts and (state.get("terminated") or {}).get("exitCode")
        reason = "CrashLoopBackOff" if crashed else waiting.get("reason")
        if reason in STUCK:
            words = f"{_container(pod, entry)}: {reason}: {waiting.get('message') or ''}".rstrip(": ")
            yield reason, words + (f"; it {_end(ended)}" if ended else "")


def ends(pod: Object) -> Iterator[str]:
    """How the containers of a pod ended that failed, in their own last words."""
    for entry in (pod.get("status") or {}).get("containerStatuses") or ():
        ended = (entry.get("state") or {}).get("terminated") or {}
        if ended.get("exitCode"):
            yield f"{_container(pod, entry)} {_end(ended)}"


def _container(pod: Object, entry: Mapping[str, Any]) -> str:
    return f"Pod {pod['metadata']['namespace']}/{pod['metadata']['name']}, container {entry['name']} ({entry.get('image')})"


def _end(ended: Mapping[str, Any]) -> str:
    said = " ".join((ended.get("message") or "").split())
    # A checker of many files says what failed amid what did not; what others say last is why they ended.
    failed = said.find("FAILED")
    said = said[failed : failed + LONGEST] if failed >= 0 else said[-LONGEST:]
    return f"ended with exit code {ended.get('exitCode')}" + (f": {said}" if said else "")


def unscheduled(pod: Object) -> str:
    """Why the scheduler cannot place a pod; empty when it did."""
    for entry in (pod.get("status") or {}).get("conditions") or ():
        if entry.get("type") == "PodScheduled" and entry.get("status") == "False":
            return f"Pod {pod['metadata']['namespace']}/{pod['metadata']['name']}: {entry.get('reason')}: {entry.get('message')}"
    return ""


def findings(pods: Sequence[Object], now: datetime, quiet_for: float) -> list[str]:
    """What is wrong with these pods: those not ready, stuck or being deleted, restarts less than `quiet_for` seconds ago, and a
    rolling update that is under way.

    A pod that has done its work (phase Succeeded) is fine.
    """
    found = list(_updates(pods))
    for pod in pods:
        name = f"Pod {pod['metadata']['namespace']}/{pod['metadata']['name']}"
        status = pod.get("status") or {}
        if status.get("phase") == "Succeeded":
            continue
        stuck = [words for _reason, words in troubles(pod)]
        ready = any(c.get("type") == "Ready" and c.get("status") == "True" for c in status.get("conditions") or ())
        if pod["metadata"].get("deletionTimestamp"):
            found.append(f"{name} is being deleted")
        elif not ready:
            last_words = list(ends(pod)) if status.get("phase") == "Failed" else []
            found += stuck or last_words or [unscheduled(pod) or f"{name} is not ready ({status.get('phase')})"]
        for entry in status.get("containerStatuses") or ():
            ended = ((entry.get("lastState") or {}).get("terminated") or {}).get("finishedAt")
            ago = (now - datetime.fromisoformat(ended)).total_seconds() if ended else quiet_for
            if ago < quiet_for:
                found.append(
                    f"{name}, container {entry['name']} restarted {ago:.0f} s ago, {entry.get('restartCount')} times in all"
                )
    return found


def _updates(pods: Sequence[Object]) -> Iterator[str]:
    """The StatefulSets and DaemonSets that have pods of several revisions: between two of them all pods may be ready."""
    revisions: dict[str, set[str]] = {}
    for pod in pods:
        revision = (pod["metadata"].get("labels") or {}).get("controller-revision-hash", "")
        for owner in pod["metadata"].get("ownerReferences") or () if revision else ():
            name = f"{owner['kind']} {pod['metadata']['namespace']}/{owner['name']}"
            revisions.setdefault(name, set()).add(revision)
    for name, found in revisions.items():
        if len(found) > 1:
            yield f"{name} is being updated, its pods are of {len(found)} revisions"


def await_quiet(
    cluster: Cluster, namespace: str, selector: str, quiet_for: float, least: int, attempts: Iterable[int]
) -> list[str]:
    """The names of the pods, once all are ready and none restarted lately; MetricsError with all findings otherwise."""
    wrong: list[str] = []
    for _attempt in attempts:
        pods = list(cluster.list(f"/api/v1/namespaces/{namespace}/pods", labelSelector=selector))
        wrong = findings(pods, datetime.now(UTC), quiet_for)
        if len(pods) < least:
            wrong.append(f"{len(pods)} pods carry {selector} in namespace {namespace}, at least {least} should")
        if not wrong:
            return [pod["metadata"]["name"] for pod in pods]
    raise MetricsError(
        f"On {cluster.server}: {'; '.join(wrong)}. Look at kubectl -n {namespace} describe pod and logs --previous.",
        findings=wrong,
    )
