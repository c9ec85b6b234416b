# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the counters of a compactor say of its cycles and of its bucket."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _compactor_cycles
from ansible_collections.longterm.metrics.plugins.module_utils._compactor_cycles import Sample, Work

NOW, AGE = 100_000.0, 600.0
LONG_AGO = NOW - 50_000
METRICS = """\
# HELP thanos_compact_iterations_total Total number of iterations that were executed successfully.
# TYPE thanos_compact_iterations_total counter
thanos_compact_iterations_total 31
thanos_compact_halted 0
thanos_compact_retries_total 2
thanos_blocks_meta_sync_duration_seconds_count 124
thanos_blocks_meta_sync_failures_total 3
process_start_time_seconds 1.79517634e+09
thanos_blocks_meta_synced{state="loaded"} 7
"""


def judged(*samples: Sample, started: float = LONG_AGO) -> Work:
    return _compactor_cycles.judge(samples, started=started, now=NOW, max_age=AGE)


def every(seconds: int, **growing: int) -> list[Sample]:
    """A sample each minute of the last ten, whose counters rise each so many seconds by these numbers."""
    ticks = range(int(NOW - AGE), int(NOW) + 1, 60)
    return [Sample(float(at), **{name: 5 + by * (at // seconds) for name, by in growing.items()}) for at in ticks]


def test_the_counters_are_read_from_its_page_and_nothing_else_is() -> None:
    values = _compactor_cycles.parsed(METRICS)
    assert values["process_start_time_seconds"] == 1_795_176_340
    assert "thanos_blocks_meta_synced" not in values
    assert Sample.of(NOW, values) == Sample(NOW, cycles=31, read=121, failed=5)


def test_the_past_is_asked_of_one_pod_and_joined_by_time() -> None:
    assert 'namespace="metrics", pod="thanos-compact-0"' in _compactor_cycles.query("metrics", "thanos-compact-0")

    def series(name: str, *values: list[Any]) -> dict[str, Any]:
        return {"metric": {"__name__": name, "pod": "thanos-compact-0"}, "values": list(values)}

    matrix = [
        series("thanos_blocks_meta_sync_duration_seconds_count", [20, "9"], [10, "8"], [5, "7"]),
        series("thanos_compact_iterations_total", [10, "1"], [20, "2"]),
    ]
    assert _compactor_cycles.history(matrix) == [Sample(10, cycles=1, read=8), Sample(20, cycles=2, read=9)]


def test_a_compactor_whose_cycles_go_on_works() -> None:
    assert judged(*every(300, cycles=1, read=4)) == Work(cycle=NOW - 60)


def test_one_that_has_completed_no_cycle_lately_does_not() -> None:
    (finding,) = judged(*every(60, read=1)).findings
    assert "has completed no cycle in the last 10 min (thanos_compact_iterations_total is 0" in finding


def test_cycles_of_longer_ago_are_no_evidence() -> None:
    assert judged(Sample(NOW - 50, cycles=31, read=9), Sample(NOW, cycles=31, read=9)).findings


def test_one_that_lost_its_bucket_is_told_at_once_though_its_last_cycle_is_young() -> None:
    samples = [Sample(NOW - 180, 30, 9, 0), Sample(NOW - 120, 31, 10, 0), Sample(NOW - 60, 31, 10, 1), Sample(NOW, 31, 10, 1)]
    work = judged(*samples)
    assert work.cycle == NOW - 120
    assert work.findings[0].startswith(f"does not reach its bucket: since {_compactor_cycles.clock(NOW - 60)}")


def test_a_failure_that_passed_is_none() -> None:
    samples = [Sample(NOW - 180, 30, 9, 0), Sample(NOW - 120, 31, 10, 0), Sample(NOW - 60, 31, 10, 1), Sample(NOW, 31, 11, 1)]
    assert judged(*samples) == Work(cycle=NOW - 120)


def test_a_compactor_that_reads_and_never_ends_a_cycle_fails_in_the_end() -> None:
    samples = every(60, read=4, failed=1)
    assert "has completed no cycle" in judged(*samples).findings[-1]


def test_a_young_one_needs_a_cycle_of_its_own_which_is_due_some_time() -> None:
    assert judged(Sample(NOW, 0, 1, 0), started=NOW - 30) == Work(due=NOW - 30 + AGE)
    assert judged(Sample(NOW, 1, 1, 0), started=NOW - 30) == Work(cycle=NOW)
    assert "does not reach its bucket" in judged(Sample(NOW, 0, 0, 1), started=NOW - 30).findings[0]


def test_cycles_of_the_process_before_are_not_those_of_this_one() -> None:
    before = [Sample(NOW - 300, 30, 90, 0), Sample(NOW - 240, 31, 94, 0)]
    # The last one is what a range query repeats of it after this one has started.
    stale = Sample(NOW - 20, 31, 94, 0)
    assert judged(*before, stale, Sample(NOW, 0, 2, 0), started=NOW - 30) == Work(due=NOW - 30 + AGE)


def test_a_scrape_that_is_older_than_a_look_makes_no_rise() -> None:
    looked, scraped = Sample(NOW - 200, 31, 9, 0), [Sample(NOW - 190, 30, 8, 0), Sample(NOW - 180, 31, 9, 0)]
    assert judged(Sample(NOW - 210, 30, 8, 0), looked, *scraped, Sample(NOW, 31, 9, 0)).cycle == NOW - 200


def test_one_whose_bucket_hangs_is_found_without_a_failure() -> None:
    hour = 3600.0
    samples = [Sample(NOW - 2000, 30, 100), Sample(NOW - 1200, 31, 105), Sample(NOW, 31, 105)]
    work = _compactor_cycles.judge(samples, started=LONG_AGO, now=NOW, max_age=hour)
    (finding,) = work.findings
    assert finding.startswith(f"has not read its bucket since {_compactor_cycles.clock(NOW - 1200)}")
    # It reads once a minute, however long a cycle takes.
    reading = [*samples[:2], Sample(NOW - 60, 31, 124), Sample(NOW, 31, 125)]
    assert _compactor_cycles.judge(reading, started=LONG_AGO, now=NOW, max_age=hour).findings == ()


@pytest.mark.parametrize("samples", [[], [Sample(NOW, 31, 9, 0)]])
def test_without_a_past_an_old_compactor_proves_nothing(samples: list[Sample]) -> None:
    assert "has completed no cycle" in judged(*samples).findings[0]
