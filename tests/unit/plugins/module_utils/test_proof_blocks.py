# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which blocks are due, and which ones the Store Gateway is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _proof_blocks

END = 1_795_176_000.0
MINUTES = 120
SECONDS = _proof_blocks.block_seconds(MINUTES)
LABEL = "prometheus_replica"


def head(pod: str, *steps: tuple[float, float], first: float = END - SECONDS, last: float = END) -> dict[str, Any]:
    """The begin of a head over time, as (from when on, its begin) in turn."""
    values = []
    at = first
    while at <= last:
        begin = [begin for since, begin in steps if since <= at]
        values += [[at, str(begin[-1])]] if begin else []
        at += 30
    return {"metric": {"pod": pod}, "values": values}


def planned(*heads: dict[str, Any], deadline: float = END + 300) -> dict[str, Any]:
    settings = {"labels": {"cluster": "one"}, "replica_label": LABEL, "minutes": MINUTES, "end": END, "deadline": deadline}
    return _proof_blocks.plan(heads, **settings)


def test_of_a_replica_that_ran_all_the_time_the_block_that_was_cut_last_is_due() -> None:
    cut = END - 4000
    plan = planned(head("p-0", (0, cut - 7200), (cut, cut)))
    # Half a block before: a head begins with its first sample, and that is a little after the end of the block.
    assert plan == {"replicas": [{"labels": {"cluster": "one", LABEL: "p-0"}, "min_time": int((cut - 3600) * 1000)}], "due": 0}


def test_a_block_that_was_cut_a_moment_ago_may_still_be_uploaded() -> None:
    plan = planned(head("p-0", (0, END - 10_500), (END - 60, END - 3300)))
    assert plan["replicas"][0]["min_time"] == int(max(END - SECONDS, END - 10_500 - 3600) * 1000)


def test_each_replica_has_its_own_time() -> None:
    plan = planned(head("p-1", (0, END - 9000), (END - 2000, END - 2000)), head("p-0", (0, END - 9000), (END - 6000, END - 6000)))
    assert [(one["labels"][LABEL], one["min_time"]) for one in plan["replicas"]] == [
        ("p-0", int((END - 6000 - 3600) * 1000)),
        ("p-1", int((END - 2000 - 3600) * 1000)),
    ]


def test_a_young_replica_is_not_due_and_says_when_it_is() -> None:
    began = END - 600
    plan = planned(head("p-0", (0, END - 6000)), head("p-1", (began, began)))
    assert [one["labels"][LABEL] for one in plan["replicas"]] == ["p-0"]
    assert plan["due"] == began + SECONDS


def test_a_young_replica_whose_block_is_due_before_the_deadline_is_waited_for() -> None:
    began = END - SECONDS + 100
    plan = planned(head("p-0", (began, began)))
    assert plan == {"replicas": [{"labels": {"cluster": "one", LABEL: "p-0"}, "min_time": int(began * 1000)}], "due": 0}
    assert planned(head("p-0", (began, began)), deadline=END + 50)["due"] == began + SECONDS


def test_a_young_replica_that_has_cut_its_first_block_is_due_by_that_one() -> None:
    began = END - SECONDS + 100
    cut = began + 7200
    plan = planned(head("p-0", (began, began), (began + 10_800, cut)))
    assert plan == {"replicas": [{"labels": {"cluster": "one", LABEL: "p-0"}, "min_time": int(began * 1000)}], "due": 0}


def test_after_the_deadline_what_is_due_is_asked_for_all_the_same() -> None:
    plan = planned(head("p-0", (0, END - 6000)), deadline=END - 60)
    assert [one["labels"][LABEL] for one in plan["replicas"]] == ["p-0"]
    assert plan["due"] == 0


def test_one_that_lost_its_volume_is_due_by_its_new_head() -> None:
    lost = END - 600
    assert planned(head("p-0", (END - 5000, END - 9000), (lost, lost)))["due"] == lost + SECONDS


def test_one_that_was_away_and_came_back_with_its_volume_is_due_at_once() -> None:
    plan = planned(head("p-0", (END - 300, END - 40_000)))
    assert plan["replicas"][0]["min_time"] == int((END - 40_000) * 1000)


def test_one_that_is_gone_and_one_whose_head_is_empty_count_no_more() -> None:
    assert planned(head("p-0", (0, END - 6000), last=END - 3600), head("p-1", (0, 9.2e15))) == {"replicas": [], "due": 0}


def block(ulid: str, start: int, end: int, replica: str = "p-0", resolution: str = "raw", **changes: Any) -> dict[str, Any]:
    """Times in hours."""
    hour = 3_600_000
    labels = {"cluster": "one", LABEL: replica, "empty": ""}
    times = {"min_time": start * hour, "max_time": end * hour}
    return {
        "ulid": ulid,
        **times,
        "labels": labels,
        "resolution": resolution,
        "deletion_mark": False,
        "num_samples": 9,
        **changes,
    }


def asked(*blocks: dict[str, Any], replicas: tuple[str, ...] = ("p-0",), since: int = 0) -> list[dict[str, str]]:
    wanted = [{"labels": {"cluster": "one", LABEL: name}, "min_time": since} for name in replicas]
    return _proof_blocks.probes(blocks, replicas=wanted, replica_label=LABEL, minutes=MINUTES)


def names(probes: list[dict[str, str]]) -> dict[str, str]:
    """The names of each block by its ULID."""
    words = [probe["what"].removeprefix("The block ").partition(" (") for probe in probes]
    return {ulid: rest.partition(";")[0] for ulid, _, rest in words}


def test_the_oldest_a_middle_one_and_the_newest_of_each_replica_are_asked_for() -> None:
    blocks = [block(f"A{number}", number, number + 1, f"p-{number % 2}") for number in range(8)]
    assert names(asked(*blocks, replicas=("p-0", "p-1"))) == {
        "A0": "oldest",
        "A4": "middle",
        "A6": "newest of p-0",
        "A7": "newest of p-1",
    }


def test_a_single_block_is_asked_for_once() -> None:
    assert names(asked(block("A", 1, 3))) == {"A": "newest of p-0 and oldest and middle"}


@pytest.mark.parametrize("left_out", [{"deletion_mark": True}, {"num_samples": 0}])
def test_blocks_that_nobody_must_serve_are_left_out(left_out: dict[str, Any]) -> None:
    assert "A" not in names(asked(block("A", 0, 1, **left_out), block("B", 1, 2)))


def test_the_question_is_for_the_samples_of_that_block_alone() -> None:
    probe = asked(block("A", 10, 11))[0]
    assert probe["query"] == 'count(count_over_time(up{cluster="one", prometheus_replica="p-0"}[3600000ms]))'
    # (9:59:59.999, 10:59:59.999]: the first sample of the block is within, that of the next one is not.
    assert probe["time"] == "39599.999"
    assert probe["resolution"] == "0s"


@pytest.mark.parametrize(("resolution", "hours", "parameter"), [("raw", 2, "0s"), ("5m", 2, "5m"), ("1h", 6, "1h")])
def test_of_a_long_block_only_the_begin_is_read_at_its_own_resolution(resolution: str, hours: int, parameter: str) -> None:
    probe = asked(block("A", 0, 336, resolution=resolution))[0]
    assert f"[{hours * 3_600_000}ms]" in probe["query"]
    assert (probe["time"], probe["resolution"]) == (f"{hours * 3600 - 0.001:.3f}", parameter)


def test_without_a_list_of_blocks_each_replica_is_asked_for_by_the_time() -> None:
    probe, other = asked(replicas=("p-0", "p-1"), since=90_000_000)
    assert "A block of p-1 that reaches beyond" in other["what"]
    assert probe["query"] == 'count(count_over_time(up{cluster="one", prometheus_replica="p-0"}[3600000ms]))'
    assert probe["time"] == "93600.000"


def test_a_block_that_does_not_reach_far_enough_is_not_the_newest() -> None:
    hour = 3_600_000
    assert names(asked(block("A", 10, 12), since=12 * hour - 1))["A"] == "newest of p-0 and oldest and middle"
    oldest, by_time = asked(block("A", 10, 12), since=12 * hour)
    assert names([oldest]) == {"A": "oldest and middle"}
    assert by_time["what"].startswith("A block of p-0 that reaches beyond")
