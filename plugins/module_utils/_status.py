# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an object has become what it declares: kstatus' rules for built-in kinds, conditions as data for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, missing_library
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key, Object, group_of

Conditions = Mapping[tuple[str, str], Callable[[Object], bool]]


class Status(NamedTuple):
    """`ready`, or `words` that say what is awaited; `failed` when waiting longer is pointless."""

    ready: bool
    words: str = ""
    failed: bool = False


READY = Status(True)
UNSEEN = Status(False, "its controller has not seen the change yet")


def status_of(key: Key, item: Object, conditions: Conditions) -> Status:
    """The status of a live object. A kind with neither a rule nor conditions of its own is ready once it is there."""
    if item["metadata"].get("deletionTimestamp"):
        return Status(False, "is being deleted")
    given = conditions.get(key.group_kind) or conditions.get(("*", key.kind))
    if given and not _observed(item):
        return UNSEEN
    if given:
        return READY if given(item) else Status(False, _conditions_in_words(item))
    rule = _RULES.get(key.group_kind)
    if rule:
        return rule(item)
    return _generic(item)


def is_established(crd: Object) -> bool:
    return _condition(crd, "Established").get("status") == "True"


def compile_conditions(entries: Iterable[Mapping[str, Any]]) -> Conditions:
    """Conditions given as data: {api_version?, kind, ready: a JMESPath expression, true over a ready object}."""
    try:
        import jmespath
    except ImportError as error:
        raise missing_library("jmespath", error) from error
    compiled: dict[tuple[str, str], Callable[[Object], bool]] = {}
    for entry in entries:
        try:
            expression = jmespath.compile(entry["ready"])
        except jmespath.exceptions.JMESPathError as error:
            raise MetricsError(f"The condition of kind {entry['kind']} is not JMESPath: {error}") from error
        group = group_of(entry["api_version"]) if entry.get("api_version") else "*"
        compiled[group, entry["kind"]] = partial(_is_true, expression, entry["kind"])
    return compiled


def _is_true(expression: Any, kind: str, item: Object) -> bool:
    """What the expression gives; of an object that has not all of its fields yet, functions refuse the type they meet."""
    import jmespath

    try:
        return expression.search(item) is True
    except jmespath.exceptions.JMESPathTypeError:
        return False
    except jmespath.exceptions.JMESPathError as error:
        raise MetricsError(f"The condition of kind {kind} cannot be asked: {error}") from error


def _condition(item: Object, name: str) -> Mapping[str, Any]:
    conditions = (item.get("status") or {}).get("conditions") or ()
    return next((entry for entry in conditions if entry.get("type") == name), {})


def _conditions_in_words(item: Object) -> str:
    conditions = (item.get("status") or {}).get("conditions") or ()
    said = [f"{c.get('type')}={c.get('status')}{' ' + c['message'] if c.get('message') else ''}" for c in conditions]
    return "; ".join(said) or "has no conditions yet"


def _observed(item: Object) -> bool:
    """Whether the status is about the object as it is now; some controllers say so in their conditions only."""
    status = item.get("status") or {}
    tellers = (status, *(status.get("conditions") or ()))
    observed = [entry["observedGeneration"] for entry in tellers if "observedGeneration" in entry]
    return not observed or max(observed) >= item["metadata"].get("generation", 0)


def _generic(item: Object) -> Status:
    if not _observed(item):
        return UNSEEN
    ready = _condition(item, "Ready")
    if ready and ready.get("status") != "True":
        return Status(False, f"Ready={ready.get('status')} {ready.get('message', '')}".strip())
    return READY


def _workload(item: Object, wanted: int, **counts: int) -> Status:
    if (item.get("status") or {}).get("observedGeneration", 0) < item["metadata"].get("generation", 0):
        return UNSEEN
    for name, count in counts.items():
        if count < wanted:
            return Status(False, f"{count} of {wanted} pods {name}")
    return READY


def _deployment(item: Object) -> Status:
    status, wanted = item.get("status") or {}, item["spec"].get("replicas", 1)
    counts = {"updated": status.get("updatedReplicas", 0), "available": status.get("availableReplicas", 0)}
    found = _workload(item, wanted, **counts)
    if found is UNSEEN:
        return found
    progressing, failure = _condition(item, "Progressing"), _condition(item, "ReplicaFailure")
    if progressing.get("reason") == "ProgressDeadlineExceeded":
        return Status(False, f"exceeded its progress deadline: {progressing.get('message')}", failed=True)
    if not found.ready and failure.get("status") == "True":
        return Status(False, f"{found.words}: {failure.get('message')}")
    if found.ready and status.get("replicas", 0) > status.get("updatedReplicas", 0):
        return Status(False, "old pods are still there")
    return found


def _stateful_set(item: Object) -> Status:
    status, spec = item.get("status") or {}, item["spec"]
    wanted = spec.get("replicas", 1)
    counts = {"ready": status.get("readyReplicas", 0), "available": status.get("availableReplicas", 0)}
    if spec.get("updateStrategy", {}).get("type", "RollingUpdate") == "RollingUpdate":
        partition = spec.get("updateStrategy", {}).get("rollingUpdate", {}).get("partition", 0)
        if (
            status.get("currentRevision") != status.get("updateRevision")
            and status.get("updatedReplicas", 0) < wanted - partition
        ):
            return _workload(item, wanted - partition, updated=status.get("updatedReplicas", 0))
    found = _workload(item, wanted, **counts)
    if found.ready and status.get("replicas", 0) > wanted:
        return Status(False, "old pods are still there")
    return found


def _daemon_set(item: Object) -> Status:
    status = item.get("status") or {}
    counts = {"updated": status.get("updatedNumberScheduled", 0), "available": status.get("numberAvailable", 0)}
    return _workload(item, status.get("desiredNumberScheduled", 0), **counts)


def _job(item: Object) -> Status:
    failed = _condition(item, "Failed")
    if failed.get("status") == "True":
        return Status(False, f"failed: {failed.get('reason')} {failed.get('message')}", failed=True)
    done = _condition(item, "Complete").get("status") == "True" or item["spec"].get("suspend")
    return READY if done else Status(False, "has not completed")


def _pod(item: Object) -> Status:
    phase = (item.get("status") or {}).get("phase")
    if phase == "Succeeded" or _condition(item, "Ready").get("status") == "True":
        return READY
    return Status(False, f"is {phase}", failed=phase == "Failed")


def _claim(item: Object) -> Status:
    # A claim of a class that waits for its first consumer is bound only once a pod uses it; the pod is waited for.
    phase = (item.get("status") or {}).get("phase")
    return Status(False, "has lost its volume", failed=True) if phase == "Lost" else READY


def _load_balancer(item: Object) -> Status:
    if item["spec"].get("type") != "LoadBalancer" or (item.get("status") or {}).get("loadBalancer", {}).get("ingress"):
        return READY
    return Status(False, "has no address yet")


def _available(item: Object) -> Status:
    available = _condition(item, "Available")
    return READY if available.get("status") == "True" else Status(False, str(available.get("message") or "is not available"))


def _crd(item: Object) -> Status:
    return READY if is_established(item) else Status(False, "is not Established")


_RULES: dict[tuple[str, str], Callable[[Object], Status]] = {
    ("apps", "Deployment"): _deployment,
    ("apps", "StatefulSet"): _stateful_set,
    ("apps", "DaemonSet"): _daemon_set,
    ("batch", "Job"): _job,
    ("", "Pod"): _pod,
    ("", "PersistentVolumeClaim"): _claim,
    ("", "Service"): _load_balancer,
    ("apiregistration.k8s.io", "APIService"): _available,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _crd,
}
