# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pods of a selector, and HTTP to one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _endpoint
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._service import Pod

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "via": {"type": "str", "choices": ["port_forward", "proxy"], "default": "port_forward"},
    "timeout": {"type": "float", "default": 10.0},
}
FINISHED = ("Succeeded", "Failed")


def of_selector(cluster: Cluster, namespace: str, selector: str, port: int) -> list[Pod]:
    """The pods a label selector finds, finished ones left out; one that is going away is there as long as it runs."""
    items = cluster.list(f"/api/v1/namespaces/{namespace}/pods", labelSelector=selector)
    living = (item for item in items if (item.get("status") or {}).get("phase") not in FINISHED)
    pods = [
        Pod(namespace, item["metadata"]["name"], port, problem_of(item), (item.get("status") or {}).get("podIP") or "")
        for item in living
    ]
    return sorted(pods, key=lambda pod: pod.name)


def problem_of(pod: Mapping[str, Any]) -> str:
    """Why a pod (v1 Pod) cannot be asked: it is going away, or does not run, in the cluster's own words; else empty."""
    if pod["metadata"].get("deletionTimestamp"):
        return "is going away"
    status = pod.get("status") or {}
    phase, reasons = status.get("phase", "Unknown"), []
    for entry in [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]:
        waiting = (entry.get("state") or {}).get("waiting")
        if waiting:
            reasons.append(f"{entry['name']}: {waiting.get('reason', '')} {waiting.get('message', '')}".strip())
    if phase == "Running" and not reasons:
        return ""
    conditions = status.get("conditions") or ()
    reasons += [entry.get("message", "") for entry in conditions if entry.get("reason") == "Unschedulable"]
    return f"is {phase}" + (f" ({'; '.join(reasons)[:300]})" if reasons else "")


@contextmanager
def open_pod(
    cluster: Cluster,
    pod: Pod,
    via: str,
    *,
    prefix: str = "",
    headers: Mapping[str, str] | None = None,
    timeout: float = 30.0,
) -> Iterator[_endpoint.Endpoint]:
    """HTTP to one pod by `port_forward` or the API server's `proxy`."""
    if via == "proxy":
        base = f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}:{pod.port}/proxy"
        yield _endpoint.ProxiedEndpoint(f"{pod}:{pod.port}", cluster, base, prefix)
        return
    tunnel = _endpoint.open_pod(cluster, pod.namespace, pod.name, pod.port, prefix=prefix, headers=headers, timeout=timeout)
    with tunnel as endpoint:
        yield endpoint
