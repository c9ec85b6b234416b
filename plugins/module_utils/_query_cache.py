# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether Thanos Query Frontend answers a range query from its cache when it is asked again.

The requests carry a tenant of their own, by which Query counts them apart from all others: what it counts is what the cache did
not answer. https://thanos.io/tip/components/query-frontend.md/
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _pod_endpoints, _service
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import may_pass
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Answer, Prometheus

TENANT = "longterm-metrics-proof"
_HEADERS = {"THANOS-TENANT": TENANT}
_SAMPLE = re.compile(r"http_requests_total\{(.*)\} (\S+)")
# The period that is asked for, and its step, in seconds.
_PERIOD, _STEP = 600, 60


@dataclass
class Seen:
    """The last look: for each Query Frontend pod, how many queries reached Query the first time and when it was asked again."""

    pods: dict[str, dict[str, int]] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)


def counted(metrics: str) -> float:
    """How many range queries of TENANT a Query has answered, by its /metrics (Prometheus text format)."""
    samples = (found.groups() for line in metrics.splitlines() if (found := _SAMPLE.fullmatch(line)))
    ours = {'handler="query_range"', f'tenant="{TENANT}"'}
    return sum(float(value) for labels, value in samples if ours <= set(labels.split(",")))


class Watch:
    """Asks every Query Frontend of `options` (those of the module) one question twice, and Query how often it was asked."""

    def __init__(self, cluster: Cluster, options: Mapping[str, Any], clock: Callable[[], float] = time.time) -> None:
        self.cluster, self.options, self.clock = cluster, options, clock

    def look(self) -> Seen:
        """Ask once. Raises MetricsError when the API server refuses."""
        seen = Seen()
        frontends = self._behind(self.options["frontend"])
        if not frontends:
            seen.findings.append(f"Service {self.options['namespace']}/{self.options['frontend']['service']} has no pod")
        for pod in frontends:
            try:
                finding = self._ask_twice(pod, seen)
            except MetricsError as error:
                if not may_pass(error):
                    raise
                finding = error.message
            seen.findings += [f"{pod}: {finding}"] if finding else []
        return seen

    def _behind(self, service: Mapping[str, Any]) -> list[_service.Pod]:
        return _service.behind_service(self.cluster, self.options["namespace"], service["service"], service["port"])

    def _ask_twice(self, pod: _service.Pod, seen: Seen) -> str:
        """What is wrong with the cache of one pod; empty when it answers."""
        if pod.problem:
            return pod.problem
        end = int(self.clock() - self.options["freshness"]) // _STEP * _STEP
        # A question that was never asked before: no series has that label.
        query = f'count({{__name__="up", longterm_metrics_proof!="{self.clock()}"}})'
        options = {"start": end - _PERIOD, "end": end, "step": _STEP}
        prefix, timeout = self.options["path_prefix"], self.options["timeout"]
        with _pod_endpoints.open_pod(
            self.cluster, pod, self.options["via"], prefix=prefix, headers=_HEADERS, timeout=timeout
        ) as endpoint:
            prometheus, counts, answers = Prometheus(endpoint), [self._asked()], []
            for _time in range(2):
                answers.append(prometheus.query(query, options))
                counts.append(self._asked())
        first, again = int(counts[1] - counts[0]), int(counts[2] - counts[1])
        seen.pods[pod.name] = {"first": first, "again": again}
        return _judged(first, again, answers)

    def _asked(self) -> float:
        """How many range queries of ours all Queries together have answered."""
        total = 0.0
        for pod in self._behind(self.options["query"]):
            with _pod_endpoints.open_pod(self.cluster, pod, self.options["via"], timeout=self.options["timeout"]) as endpoint:
                total += counted(str(endpoint.get("/metrics")))
        return total


def _judged(first: int, again: int, answers: list[Answer]) -> str:
    warnings = answers[0].warnings + answers[1].warnings
    if warnings:
        return f"its answer has the warning {warnings[0][:300]!r}, and such an answer is not cached"
    if first < 1:
        return "a new range query did not reach Query; its downstream URL may lead elsewhere"
    if again > 0:
        return f"asked the same range query again, Query had to answer {again} times; its cache did not"
    if answers[0].result != answers[1].result:
        return "the answer of its cache differs from the one that Query gave"
    return ""


def wait_for(watch: Watch, attempts: Iterable[int]) -> Seen:
    """Look until every cache answers. Raises MetricsError with every finding of the last look."""
    seen = Seen()
    for _attempt in attempts:
        seen = watch.look()
        if not seen.findings:
            return seen
    options = watch.options
    raise MetricsError(
        f"The cache of {options['frontend']['service']} in namespace {options['namespace']} does not answer after "
        f"{options['wait_timeout']} s:\n{one_by_one(seen.findings)}",
        pods=seen.pods,
        findings=seen.findings,
    )
