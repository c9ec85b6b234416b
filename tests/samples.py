"""Whether samples outlast a change: all of a series' raw samples by Thanos Query, against those of a look before."""

from __future__ import annotations

import argparse
import json
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


def longest_gap(samples: Samples, start: float) -> float:
    """The longest time from `start` on for which no replica has a sample of some target."""
    targets: dict[tuple[str, str], set[float]] = {}
    for labels, times in samples.items():
        metric = json.loads(labels)
        targets.setdefault((metric["job"], metric.get("metrics_path", "")), set()).update(at for at in times if at >= start)
    return max((later - earlier for times in targets.values() for earlier, later in pairwise(sorted(times))), default=0.0)


def main() -> None:
    """Compare with the file of the look before, if there is one; then write it anew."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--context")
    parser.add_argument("--namespace", default="metrics")
    parser.add_argument("--file", required=True, type=Path)
    parser.add_argument("--max-gap", type=float, default=0, help="seconds; 0 allows any")
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
    gap = longest_gap(found, last.get("end", last["start"]) - 30)
    if 0 < arguments.max_gap < gap:
        sys.exit(f"For {gap:.0f} s no replica has a sample of some target; at most {arguments.max_gap:.0f} s are due.")
    arguments.file.write_text(json.dumps({"start": last["start"], "end": end, "samples": found}))
    print(f"{seen}; now {sum(map(len, found.values()))} of {len(found)} series; longest gap {gap:.0f} s")


if __name__ == "__main__":
    main()
