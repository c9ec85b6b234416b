# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether every router of Thanos Receive has read the same hashrings.

https://thanos.io/tip/components/receive.md/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _endpoint, _exposition, _pod_endpoints
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._service import Pod

HASH = "thanos_receive_config_hash"


@dataclass
class Seen:
    """The last look: what each router shows as the hash of its hashrings, and what is wrong."""

    routers: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)


def look(cluster: Cluster, options: Mapping[str, Any]) -> Seen:
    """Ask every router of `options` (those of the module) once. Raises MetricsError when the API server refuses."""
    seen = Seen()
    pods = _pod_endpoints.of_selector(cluster, options["namespace"], options["selector"], options["port"])
    # One that is going away gets no writes any more.
    pods = [pod for pod in pods if pod.problem != "is going away"]
    if not pods:
        seen.findings.append(f"no pod in namespace {options['namespace']} has the labels {options['selector']}")
    for pod in pods:
        finding = pod.problem or _judge(cluster, options, pod, seen)
        seen.findings += [f"{pod} {finding}"] if finding else []
    return seen


def _judge(cluster: Cluster, options: Mapping[str, Any], pod: Pod, seen: Seen) -> str:
    """Record the hash that one router shows, and return what is wrong with it, or an empty string."""
    try:
        with _pod_endpoints.open_pod(cluster, pod, options["via"], timeout=options["timeout"]) as endpoint:
            found = _exposition.values(str(endpoint.get("/metrics")), [HASH])
    except MetricsError as error:
        if not _endpoint.may_pass(error):
            raise
        return f"cannot be asked: {error.message}"
    if HASH not in found:
        return f"has no metric {HASH}; is it a router?"
    seen.routers[pod.name] = shown = int(found[HASH])
    return "" if shown == options["config_hash"] else f"has other hashrings: its {HASH} is {shown}"


def wait_for(cluster: Cluster, options: Mapping[str, Any], attempts: Iterable[int]) -> Seen:
    """Look until every router has the hashrings. Raises MetricsError with every finding of the last look."""
    seen = Seen()
    for _attempt in attempts:
        seen = look(cluster, options)
        if not seen.findings:
            return seen
    raise MetricsError(
        f"Not every router in namespace {options['namespace']} has the hashrings whose hash is {options['config_hash']}, "
        f"after {options['wait_timeout']} s:\n{one_by_one(seen.findings)}",
        routers=seen.routers,
        findings=seen.findings,
    )
