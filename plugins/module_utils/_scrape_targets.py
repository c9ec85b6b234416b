# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prometheus' scrape targets, held against the jobs that are expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _endpoint, _pod_endpoints, _service
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Prometheus, may_pass, one_by_one

Target = dict[str, Any]
Connect = Callable[[], AbstractContextManager[Endpoint]]

SHOWN_TARGETS = 5
HEALTH = ("up", "down", "unknown")


@dataclass(frozen=True)
class Expected:
    """A job by its `job` label or its scrape pool, and how many of its targets must be up at least."""

    job: str
    min_up: int = 1

    def covers(self, target: Target) -> bool:
        return self.job in (target["labels"].get("job"), target.get("scrapePool"))


@dataclass
class Seen:
    """What was seen at last: the targets by the name of the pod (or server) asked, and what is wrong with them."""

    targets: dict[str, list[Target]] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    def result(self, expected: list[Expected]) -> dict[str, Any]:
        """The module's return values."""
        every = [(name, target) for name, targets in self.targets.items() for target in targets]
        return {
            "jobs": count((target for _name, target in every), expected),
            "down": [{"asked": name, **shown(target)} for name, target in every if target["health"] != "up"],
            "asked": {name: count(targets, expected) for name, targets in self.targets.items()},
        }


def expected_jobs(jobs: Iterable[Any]) -> list[Expected]:
    """From the option: names, or mappings with `job` and `min_up`. Raises MetricsError for anything else."""
    expected = []
    for entry in jobs:
        given = entry if isinstance(entry, Mapping) else {"job": entry}
        try:
            expected.append(Expected(str(given["job"]), int(given.get("min_up", 1))))
        except (KeyError, TypeError, ValueError):
            raise MetricsError(f"jobs takes names and mappings of job and min_up (a number), not {entry!r}.") from None
        if unknown := set(given) - {"job", "min_up"}:
            raise MetricsError(f"jobs: {', '.join(sorted(unknown))} in {entry!r} is not known; there are job and min_up.")
    return expected


def count(targets: Iterable[Target], expected: Iterable[Expected] = ()) -> dict[str, dict[str, int]]:
    """The number of targets by health, for each job label and each expected name."""
    expected, jobs = list(expected), {entry.job: dict.fromkeys(HEALTH, 0) for entry in expected}
    for target in targets:
        job = target["labels"].get("job") or target.get("scrapePool") or ""
        for name in {job, *(entry.job for entry in expected if entry.covers(target))}:
            jobs.setdefault(name, dict.fromkeys(HEALTH, 0))[target["health"]] += 1
    return jobs


def shown(target: Target) -> dict[str, Any]:
    """What is worth knowing of a target that is not up."""
    fields = ("scrapePool", "scrapeUrl", "health", "lastError", "lastScrape")
    return {"job": target["labels"].get("job", ""), **{name: target.get(name, "") for name in fields}, "labels": target["labels"]}


def judge(targets: list[Target], expected: Iterable[Expected]) -> list[str]:
    """What is wrong: each expected job without a target or with too few up, and each of its targets that is not up."""
    findings = []
    known = ", ".join(sorted({target["labels"].get("job", "") for target in targets})) or "none"
    for entry in expected:
        own = [target for target in targets if entry.covers(target)]
        if not own:
            findings.append(
                f"job {entry.job} has no target; jobs with targets are {known}. Look at its ServiceMonitor, PodMonitor or scrape "
                "configuration: which labels it selects, and whether this Prometheus selects it."
            )
            continue
        bad = [target for target in own if target["health"] != "up"]
        for target in bad[:SHOWN_TARGETS]:
            reason = target.get("lastError") or "not scraped yet"
            findings.append(f"job {entry.job}: {target['scrapeUrl']} is {target['health']}: {reason}")
        if len(bad) > SHOWN_TARGETS:
            findings.append(f"job {entry.job}: {len(bad) - SHOWN_TARGETS} more of its {len(own)} targets are not up")
        if len(own) < entry.min_up:
            findings.append(f"job {entry.job} has {len(own)} targets, {entry.min_up} are wanted")
    return findings


def look(connections: Mapping[str, Connect], expected: list[Expected]) -> Seen:
    """Ask each Prometheus once. A server that refuses raises; one that does not answer yet is a finding."""
    seen = Seen()
    for name, connect in connections.items():
        try:
            with connect() as endpoint:
                targets = Prometheus(endpoint).targets()
        except MetricsError as error:
            if not may_pass(error):
                raise
            seen.findings.append(error.message)
            continue
        seen.targets[name] = targets
        seen.findings += [f"{name}: {finding}" for finding in judge(targets, expected)]
    return seen


def wait_for(cluster: Cluster | None, options: Mapping[str, Any], attempts: Iterable[int]) -> dict[str, Any]:
    """Look until nothing is wrong, and give the module's return values. Raises MetricsError with every finding."""
    expected, seen = expected_jobs(options["jobs"]), Seen()
    for _attempt in attempts:
        connections, findings = _connections(cluster, options)
        seen = look(connections, expected)
        seen.findings += findings
        if not seen.findings:
            return seen.result(expected)
    raise MetricsError(
        f"Not all scrape targets are as expected after {options['wait_timeout']} s:\n{one_by_one(seen.findings)}\n"
        "The same list is at /targets of Prometheus.",
        **seen.result(expected),
    )


def _connections(cluster: Cluster | None, options: Mapping[str, Any]) -> tuple[dict[str, Connect], list[str]]:
    """The ways to each Prometheus to ask, and what is wrong with those that cannot be asked."""
    if not options["every_pod"]:
        name = options["url"] if cluster is None else f"Service {options['namespace']}/{options['service']}"
        return {name: partial(_endpoint.open_endpoint, cluster, options)}, []
    if cluster is None:
        raise MetricsError("every_pod asks the pods behind a Service; with via=url there is none.")
    try:
        pods = _service.behind_service(cluster, options["namespace"], options["service"], options["port"])
    except MetricsError as error:
        if not may_pass(error):
            raise
        return {}, [error.message]
    findings = [f"{pod} {pod.problem}" for pod in pods if pod.problem]
    if not pods:
        findings = [f"Service {options['namespace']}/{options['service']} has no pod behind port {options['port']}"]
    settings = {"prefix": options["path_prefix"], "headers": options["headers"], "timeout": options["timeout"]}
    open_pod = partial(_pod_endpoints.open_pod, cluster, via=options["via"], **settings)
    return {pod.name: partial(open_pod, pod) for pod in pods if not pod.problem}, findings
