# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prometheus' scrape targets, held against the jobs that are expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _monitors, _servers
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._monitors import Monitor
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Prometheus

Target = dict[str, Any]

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
    """What was seen at last: the targets by the name of the pod (or server) asked, what is wrong with them, and what may be."""

    targets: dict[str, list[Target]] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def result(self, expected: list[Expected]) -> dict[str, Any]:
        """The module's return values."""
        every = [(name, target) for name, targets in self.targets.items() for target in targets]
        return {
            "jobs": count((target for _name, target in every), expected),
            "down": [{"asked": name, **shown(target)} for name, target in every if target["health"] != "up"],
            "asked": {name: count(targets, expected) for name, targets in self.targets.items()},
            "notes": self.notes,
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


def judge_others(targets: Mapping[str, list[Target]], expected: Iterable[Expected]) -> list[str]:
    """The targets of no expected job that are down, by their monitor, each once with its last error and who saw it.

    `targets` are those of each server asked.
    """
    jobs = list(expected)
    errors: dict[tuple[str, str], dict[str, str]] = {}
    for name, own in targets.items():
        for target in own:
            if target["health"] == "down" and not any(job.covers(target) for job in jobs):
                place = (_monitors.owner(target.get("scrapePool") or ""), target["scrapeUrl"])
                errors.setdefault(place, {})[name] = target.get("lastError") or "without an error"
    by_owner: dict[str, list[str]] = {}
    for (owner, url), said in sorted(errors.items()):
        by = "" if len(said) == len(targets) else f" (seen by {', '.join(said)})"
        by_owner.setdefault(owner, []).append(f"{owner}: {url} is down{by}: {list(said.values())[-1]}")
    findings = []
    for owner, lines in by_owner.items():
        findings += lines[:SHOWN_TARGETS]
        if len(lines) > SHOWN_TARGETS:
            findings.append(f"{owner}: {len(lines) - SHOWN_TARGETS} more of its targets are down")
    return findings


def look(
    servers: Mapping[str, _servers.Connect], expected: list[Expected], monitors: Iterable[Monitor] = (), *, all_up: bool = False
) -> Seen:
    """Ask each Prometheus once. A server that refuses raises; one that does not answer yet is a finding.

    Targets of no expected job that are down are findings with `all_up`, otherwise notes.
    """
    seen, monitors = Seen(), list(monitors)
    seen.targets, silent = _servers.ask_each(servers, lambda endpoint: Prometheus(endpoint).targets())
    for name, targets in seen.targets.items():
        pools = [target.get("scrapePool") or "" for target in targets]
        seen.findings += [f"{name}: {finding}" for finding in [*judge(targets, expected), *_monitors.judge(monitors, pools)]]
    others = judge_others(seen.targets, expected)
    seen.findings += silent + (others if all_up else [])
    seen.notes = [] if all_up else others
    return seen


def wait_for(cluster: Cluster | None, options: Mapping[str, Any], attempts: Iterable[int]) -> dict[str, Any]:
    """Look until nothing is wrong, and give the module's return values. Raises MetricsError with every finding."""
    expected, seen = expected_jobs(options["jobs"]), Seen()
    monitors: list[Monitor] = []
    for _attempt in attempts:
        servers, findings = _servers.connections(cluster, options)
        if options["monitors"] and cluster:
            monitors = _monitors.read(cluster, options["allowed_empty"], options["monitor_namespaces"])
        seen = look(servers, expected, monitors, all_up=options["down_targets"] == "fail")
        seen.findings += findings
        if not seen.findings:
            return {**seen.result(expected), "monitors": [str(monitor) for monitor in monitors]}
    raise MetricsError(
        f"Not all scrape targets are as expected after {options['wait_timeout']} s:\n{one_by_one(seen.findings)}\n"
        "The same list is at /targets of Prometheus.",
        **seen.result(expected),
        monitors=[str(monitor) for monitor in monitors],
    )
