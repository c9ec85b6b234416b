# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which blocks must be in the bucket by now, and which of them the Store Gateway is asked for."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

# Prometheus looks for a block to cut once a minute, the sidecar uploads what it finds every 30 seconds: together with some spare.
UPLOAD_SECONDS = 180
# How much of a block is read: whatever its age, what it holds begins in its first block of two hours.
READ_SECONDS = 7200
# The length of a downsampled sample, in seconds, and the parameter that lets Thanos Query read it.
RESOLUTIONS = {"raw": (0, "0s"), "5m": (300, "5m"), "1h": (3600, "1h")}


def block_seconds(minutes: int) -> int:
    """How old a sample is at most that is in no block of the bucket: a head spans one and a half blocks before one is cut."""
    return minutes * 90 + UPLOAD_SECONDS


def plan(
    heads: Sequence[Mapping[str, Any]],
    *,
    labels: Mapping[str, str],
    replica_label: str,
    minutes: int,
    end: float,
    deadline: float,
) -> dict[str, Any]:
    """For each replica of Prometheus: beyond which time a block must reach, and when it is due.

    `heads` is the matrix of the time each head begins at (prometheus_tsdb_head_min_time_seconds by pod), over the last
    `block_seconds` before `end`; `labels` are the external labels of all replicas, and the name of its pod is the
    `replica_label` of each. `minutes` is the length of a block; times are Unix times.
    A replica that ran at the begin of that time has cut a block since, and what its head began with UPLOAD_SECONDS ago is the
    end of one. Another one's first block is due `block_seconds` after its first head begins.
    `replicas` are those whose blocks are due by the deadline, with `labels` and `min_time` as bucket_blocks takes them; `due` is
    when the blocks of all others are, 0 without others.
    """
    replicas, due = [], 0.0
    for series in sorted(heads, key=lambda series: str(series["metric"].get("pod"))):
        # An empty head begins at the end of time.
        begins = [(at, float(value)) for at, value in series["values"] if float(value) <= end]
        if not begins or begins[-1][0] < end - 1:
            continue
        since = _first_head(begins, minutes)
        due_at = since + block_seconds(minutes)
        if begins[0][0] <= end - block_seconds(minutes) + 1:
            cut = [value for at, value in begins if at <= end - UPLOAD_SECONDS]
            since, due_at = max(end - block_seconds(minutes), cut[-1] - minutes * 30), end
        # A block that is due now is asked for, however late it is.
        if due_at > max(deadline, end):
            due = max(due, due_at)
        else:
            own = {**labels, replica_label: series["metric"].get("pod", "")}
            replicas.append({"labels": own, "min_time": int(since * 1000)})
    return {"replicas": replicas, "due": due}


def _first_head(begins: Sequence[tuple[float, float]], minutes: int) -> float:
    """When the first head of a replica began, which may have been cut since. Heads from before it lost its volume do not count.

    `begins` is when its head begins, by the time it was asked. A head that is left by a cut is at least half a block old.
    """
    new = [begin for at, begin in begins if at - begin < minutes * 30]
    return new[-1] if new else begins[0][1]


def probes(
    blocks: Sequence[Mapping[str, Any]], *, replicas: Sequence[Mapping[str, Any]], replica_label: str, minutes: int
) -> list[dict[str, str]]:
    """What the Store Gateway is asked: for samples of the newest block of each replica, of the oldest block and of a middle one.

    `blocks` are those of bucket_blocks or of the compactor, `replicas` those of `plan`. Of a replica without blocks there,
    which is every one when the bucket was not asked, samples as old as its newest block are asked for; `minutes` is the length
    of a block. Each probe has `what`, for messages, and the options `query`, `time` and `resolution`.
    """
    living = sorted(
        (block for block in blocks if not block["deletion_mark"] and block["num_samples"] > 0),
        key=lambda block: (block["min_time"], block["ulid"]),
    )
    picked: dict[str, list[str]] = {}
    by_time = []
    for replica in replicas:
        name = replica["labels"][replica_label]
        own = [
            block for block in living if block["labels"].get(replica_label) == name and block["max_time"] > replica["min_time"]
        ]
        if own:
            picked.setdefault(max(own, key=lambda block: block["max_time"])["ulid"], []).append(f"newest of {name}")
        else:
            by_time.append(_by_time(replica, name, minutes))
    if living:
        picked.setdefault(living[0]["ulid"], []).append("oldest")
        picked.setdefault(living[len(living) // 2]["ulid"], []).append("middle")
    return [*(_probe(block, picked[block["ulid"]]) for block in living if block["ulid"] in picked), *by_time]


def _probe(block: Mapping[str, Any], names: Sequence[str]) -> dict[str, str]:
    """The question for the samples that a block begins with; no sample of the block before or after it answers."""
    step, resolution = RESOLUTIONS[block["resolution"]]
    length = min(block["max_time"] - block["min_time"], max(READ_SECONDS, 6 * step) * 1000)
    begins, ends = (_minute(block[at] / 1000) for at in ("min_time", "max_time"))
    return {
        "what": f"The block {block['ulid']} ({' and '.join(names)}; {begins} to {ends})",
        # The range is open at its left end and closed at its right one, a block the other way round.
        "query": _samples(block["labels"], length),
        "time": f"{(block['min_time'] + length - 1) / 1000:.3f}",
        "resolution": resolution,
    }


def _by_time(replica: Mapping[str, Any], name: str, minutes: int) -> dict[str, str]:
    """The question for the samples of half a block from when the newest block must reach beyond."""
    length = minutes * 30_000
    return {
        "what": f"A block of {name} that reaches beyond {_minute(replica['min_time'] / 1000)}",
        "query": _samples(replica["labels"], length),
        "time": f"{(replica['min_time'] + length) / 1000:.3f}",
        "resolution": "0s",
    }


def _samples(labels: Mapping[str, str], milliseconds: int) -> str:
    """How many targets of a Prometheus with these external labels have samples; every Prometheus has those of `up`."""
    matchers = ", ".join(f"{name}={json.dumps(value)}" for name, value in sorted(labels.items()) if value)
    return f"count(count_over_time(up{{{matchers}}}[{milliseconds}ms]))"


def _minute(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))
