"""Whether samples outlast a change: all of a series' raw samples by Thanos Query, against those of a look before."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _endpoint
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Prometheus

# Of targets that neither a change of release nor one of engine touches.
QUERY = 'up{job=~"apiserver|kubelet"}'
QUERY_SERVICE = {"service": "thanos-query", "port": "http"}

# The times of samples by the labels of their series, as text.
Samples = dict[str, list[float]]


def ask(options: Mapping[str, Any], start: float, end: float) -> Samples:
    """The samples of each replica between two times; MetricsError where Query has not all its stores."""
    with _endpoint.open_endpoint(_cluster.connect(options), options) as endpoint:
        query = f"{QUERY}[{int(end - start) + 2}s]"
        answer = Prometheus(endpoint).query(query, {"time": end, "dedup": False, "partial_response": False})
    found = {json.dumps(series["metric"], sort_keys=True): series["values"] for series in answer.result}
    return {labels: [at for at, _up in values if at >= start] for labels, values in found.items()}


def lost(before: Samples, now: Samples) -> int:
    """How many samples of before there are no more."""
    return sum(len(set(times) - set(now.get(labels, ()))) for labels, times in before.items())


def by_target(samples: Samples, start: float) -> list[list[list[float]]]:
    """The times from `start` on of each series that has any, by the target that several replicas scrape."""
    targets: dict[tuple[str, str], list[list[float]]] = {}
    for labels, times in samples.items():
        metric = json.loads(labels)
        found = sorted(at for at in times if at >= start)
        if found:
            targets.setdefault((metric["job"], metric.get("metrics_path", "")), []).append(found)
    return list(targets.values())


def longest_gap(samples: Samples, start: float) -> float:
    """The longest time from `start` on for which no replica has a sample of some target."""
    targets = [sorted({at for times in series for at in times}) for series in by_target(samples, start)]
    return max((later - earlier for times in targets for earlier, later in pairwise(times)), default=0.0)


def shortest_overlap(samples: Samples, start: float, moved: float) -> float:
    """For how long former replicas, seen between `start` and `moved`, went on after new ones had a target; negative for a gap."""
    overlaps = []
    for series in by_target(samples, start):
        former = [times[-1] for times in series if times[0] < moved]
        new = [times[0] for times in series if times[0] >= moved]
        overlaps.append(max(former) - min(new) if former and new else -math.inf)
    return min(overlaps, default=-math.inf)


def main() -> None:
    """Compare with the file of the look before, if there is one; then write it anew."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--context")
    parser.add_argument("--namespace", default="metrics")
    parser.add_argument("--file", required=True, type=Path)
    parser.add_argument(
        "--max-gap", type=float, help="seconds without a sample of some target that are allowed since the look before"
    )
    parser.add_argument("--min-overlap", type=float, help="seconds for which former replicas and new ones scraped every target")
    arguments = parser.parse_args()
    where = {"kubeconfig": arguments.kubeconfig, "context": arguments.context, "namespace": arguments.namespace}
    options = {**where, **QUERY_SERVICE}
    last = json.loads(arguments.file.read_text()) if arguments.file.exists() else {"start": time.time() - 3600, "samples": {}}
    found: Samples = {}
    seen = "nothing"
    for _attempt in _attempts.attempts(120, 5):
        end = time.time()
        try:
            found = ask(options, last["start"], end)
        except MetricsError as error:
            seen = error.message
            continue
        missing = lost(last["samples"], found)
        seen = f"{missing} of {sum(map(len, last['samples'].values()))} samples of before are not answered"
        if found and not missing:
            break
    else:
        sys.exit(seen)
    start = last.get("end", last["start"]) - 30
    gap = longest_gap(found, start)
    if arguments.max_gap is not None and gap > arguments.max_gap:
        sys.exit(f"For {gap:.0f} s no replica has a sample of some target; at most {arguments.max_gap:.0f} s are due.")
    overlap = shortest_overlap(found, start, last.get("end", start))
    if arguments.min_overlap is not None and overlap < arguments.min_overlap:
        sys.exit(f"Former and new replicas both have samples of {overlap:.0f} s; at least {arguments.min_overlap:.0f} s are due.")
    arguments.file.write_text(json.dumps({"start": last["start"], "end": end, "samples": found}))
    print(f"{seen}; now {sum(map(len, found.values()))} of {len(found)} series; longest gap {gap:.0f} s, overlap {overlap:.0f} s")


if __name__ == "__main__":
    main()
