# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a compactor works: by its own metrics, as they are now and as Prometheus has them of before.

Thanos has no metric of the time of its last cycle, only counters; so the time is that of the scrape at which a counter rose.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _exposition

CYCLES = "thanos_compact_iterations_total"
RETRIES = "thanos_compact_retries_total"
HALTED = "thanos_compact_halted"
STARTED = "process_start_time_seconds"
# The compactor reads the blocks of its bucket in a cycle, and once a minute for the page that shows them. A reading counts when
# it ends.
READINGS = ("thanos_blocks_meta_sync_duration_seconds_count", "thanos_bucket_uiblocks_meta_sync_duration_seconds_count")
FAILURES = ("thanos_blocks_meta_sync_failures_total", "thanos_bucket_uiblocks_meta_sync_failures_total")
# How many seconds ago the last reading may have ended: a large bucket takes minutes.
READ_AGE = 900.0
COUNTERS = (CYCLES, RETRIES, *READINGS, *FAILURES)


@dataclass(frozen=True)
class Sample:
    """The counters at a Unix time: cycles completed, readings of the bucket that succeeded, and whatever failed."""

    at: float
    cycles: float = 0
    read: float = 0
    failed: float = 0

    @classmethod
    def of(cls, at: float, values: Mapping[str, float]) -> Sample:
        failed = sum(values.get(name, 0) for name in FAILURES)
        ended = sum(values.get(name, 0) for name in READINGS)
        return cls(at, values.get(CYCLES, 0), ended - failed, failed + values.get(RETRIES, 0))


@dataclass(frozen=True)
class Work:
    """What a compactor was seen to do. `cycle` is the time of the last completed cycle, 0 without one; `due` when one must be,
    0 once there is one; `findings` what is wrong."""

    cycle: float = 0
    due: float = 0
    findings: Sequence[str] = ()


def parsed(metrics: str) -> dict[str, float]:
    """The counters of a /metrics page (Prometheus text format), and when the process started."""
    return _exposition.values(metrics, {*COUNTERS, HALTED, STARTED})


def query(namespace: str, pod: str) -> str:
    """The counters of one pod, in PromQL."""
    return f'{{__name__=~"{"|".join(COUNTERS)}", namespace="{namespace}", pod="{pod}"}}'


def history(matrix: Iterable[Mapping[str, Any]]) -> list[Sample]:
    """The samples in the answer to `query`, oldest first."""
    values: dict[float, dict[str, float]] = {}
    for series in matrix:
        for at, value in series["values"]:
            values.setdefault(float(at), {})[series["metric"]["__name__"]] = float(value)
    return [Sample.of(at, counters) for at, counters in sorted(values.items()) if CYCLES in counters]


def judge(samples: Sequence[Sample], *, started: float, now: float, max_age: float) -> Work:
    """What the samples of one compactor say, oldest first, the last one of now.

    `started` is when its process did: what was before is another one's work. `max_age` is how many seconds ago the last cycle may
    have ended.
    """
    own = _of_one_process(samples, started)
    if started >= now - max_age:
        own.insert(0, Sample(started))
    last = {"cycles": 0.0, "read": 0.0, "failed": 0.0}
    for before, after in pairwise(own):
        for name in last:
            if getattr(after, name) > getattr(before, name):
                last[name] = after.at
    findings = []
    if last["failed"] > max(last["cycles"], last["read"]):
        findings.append(
            f"does not reach its bucket: since {clock(last['failed'])} it counts failures ({FAILURES[0]} or {RETRIES}) and "
            "reads nothing; its log says why"
        )
    if last["cycles"] >= now - max_age and last["cycles"]:
        reached = max(last["read"], last["cycles"], started)
        if not findings and reached < now - READ_AGE:
            since = f"has not read its bucket since {clock(reached)}"
            findings.append(f"{since} ({READINGS[1]}), as when the bucket hangs; its log says why")
        return Work(cycle=last["cycles"], findings=tuple(findings))
    if started >= now - max_age:
        return Work(due=started + max_age, findings=tuple(findings))
    done = f"{own[-1].cycles:.0f}" if own else "unknown"
    findings.append(
        f"has completed no cycle in the last {max_age / 60:.0f} min ({CYCLES} is {done}, as it was before); its log says why"
    )
    return Work(findings=tuple(findings))


def _of_one_process(samples: Sequence[Sample], started: float) -> list[Sample]:
    """Those of the process that runs now, none of whose counters ever falls.

    A range query repeats a value for minutes: what exceeds the newest sample is left of the process before, and what falls behind
    the sample before is an older scrape.
    """
    own: list[Sample] = []
    for sample in samples:
        newest = samples[-1]
        if sample.at < started or any(getattr(sample, name) > getattr(newest, name) for name in ("cycles", "read", "failed")):
            continue
        before = own[-1] if own else sample
        own.append(
            Sample(sample.at, max(sample.cycles, before.cycles), max(sample.read, before.read), max(sample.failed, before.failed))
        )
    return own


def clock(at: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(at))
