# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether one compactor works on a bucket, and no other one in the cluster does."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import (
    _block,
    _blocks,
    _compactor_cycles,
    _compactor_pods,
    _endpoint,
    _pod_endpoints,
)
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Prometheus
from ansible_collections.longterm.metrics.plugins.module_utils._service import Pod

STEPS = 240


@dataclass
class Seen:
    """What was seen at last: the compactor's `pod`, when its last `cycle` ended, when its first one is `due` (Unix times or 0),
    where others were `searched` for, and the `blocks` that it works on."""

    pod: str = ""
    cycle: float = 0
    due: float = 0
    searched: str = ""
    blocks: list[_block.Block] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


class Watch:
    """Looks at the compactor of `options` (those of the module) again and again, and remembers what its counters were."""

    def __init__(self, cluster: Cluster, options: Mapping[str, Any]) -> None:
        self.cluster, self.options = cluster, options
        self.samples: dict[float, _compactor_cycles.Sample] = {}
        self.others: list[str] | None = None
        self.blocks: list[_block.Block] = []
        self.searched = ""

    def look(self) -> Seen:
        """Ask once. Raises MetricsError when the API server refuses."""
        options = self.options
        pods = _pod_endpoints.of_selector(self.cluster, options["namespace"], options["selector"], options["port"])
        seen = Seen(pod=pods[0].name if pods else "")
        if not pods:
            seen.findings.append(f"no pod in namespace {options['namespace']} has the labels {options['selector']}")
        elif len(pods) > 1:
            seen.findings.append(f"there must be one compactor, but there are {len(pods)}: {', '.join(pod.name for pod in pods)}")
        for pod in pods:
            work = self._work(pod)
            seen.findings += [f"{pod} {finding}" for finding in work.findings]
            seen.cycle, seen.due = max(seen.cycle, work.cycle), max(seen.due, work.due)
        # A large cluster has many pods: they are listed again only while another compactor is among them.
        if self.others is None or self.others:
            self.others = self._others([pod.name for pod in pods])
        seen.findings += self.others
        seen.searched, seen.blocks = self.searched, self.blocks
        return seen

    def _work(self, pod: Pod) -> _compactor_cycles.Work:
        if pod.problem:
            return _compactor_cycles.Work(findings=[pod.problem])
        try:
            with _pod_endpoints.open_pod(self.cluster, pod, self.options["via"], timeout=self.options["timeout"]) as endpoint:
                endpoint.get("/-/ready")
                values = _compactor_cycles.parsed(endpoint.get("/metrics"))
                if self.options["blocks_with"] is not None:
                    self.blocks = self._blocks(endpoint)
            return self._judged(pod, values)
        except MetricsError as error:
            if not isinstance(error, _endpoint.EndpointError) and not _endpoint.may_pass(error):
                raise
            return _compactor_cycles.Work(findings=[f"cannot be asked: {error.message}"])

    def _blocks(self, endpoint: _endpoint.Endpoint) -> list[_block.Block]:
        """The blocks that the compactor has loaded: those too young for it, marked ones and copies are left out."""
        answer = _endpoint.ask(endpoint, "compactor's", "/api/v1/blocks", dict, view="loaded")
        metas = (answer.get("data") or {}).get("blocks") or []
        wanted = _blocks.Filter({name: str(value) for name, value in self.options["blocks_with"].items()})
        found = (_block.of_meta(meta.get("ulid", ""), meta, {}) for meta in metas)
        return sorted((block for block in found if block and wanted.matches(block)), key=lambda block: block.min_time)

    def _judged(self, pod: Pod, values: Mapping[str, float]) -> _compactor_cycles.Work:
        if _compactor_cycles.HALTED not in values:
            return _compactor_cycles.Work(findings=[f"has no metric {_compactor_cycles.HALTED}; is it a compactor?"])
        if values[_compactor_cycles.HALTED]:
            halted = f"has halted ({_compactor_cycles.HALTED} is 1): it runs but compacts nothing more; its log says why"
            return _compactor_cycles.Work(findings=[halted])
        now, started, age = time.time(), values.get(_compactor_cycles.STARTED, 0.0), self.options["max_cycle_age"]
        untold = ""
        try:
            self.samples |= {sample.at: sample for sample in self._history(pod, now)}
        except MetricsError as error:
            if not isinstance(error, _endpoint.EndpointError) and not _endpoint.may_pass(error):
                raise
            untold = f"Prometheus cannot be asked for its past: {error.message}"
        self.samples[now] = _compactor_cycles.Sample.of(now, values)
        samples = [self.samples[at] for at in sorted(self.samples) if at <= now]
        work = _compactor_cycles.judge(samples, started=started, now=now, max_age=age)
        # A young compactor, or one that was watched for a cycle, needs no past.
        return replace(work, findings=[*work.findings, untold]) if untold and work.findings else work

    def _history(self, pod: Pod, now: float) -> list[_compactor_cycles.Sample]:
        """What Prometheus has of it."""
        age = self.options["max_cycle_age"]
        period = {"start": now - age, "end": now, "step": max(age / STEPS, 5.0)}
        where = {name: self.options[name] for name in ("namespace", "via", "timeout")} | self.options["prometheus"]
        with _endpoint.open_endpoint(self.cluster, where) as endpoint:
            answer = Prometheus(endpoint).query(_compactor_cycles.query(pod.namespace, pod.name), period)
        return _compactor_cycles.history(answer.result)

    def _others(self, ours: Sequence[str]) -> list[str]:
        """The other compactors of the cluster on this bucket, and those whose bucket cannot be told."""
        namespace, wanted = (
            self.options["namespace"],
            _compactor_pods.place_of(self.options["objstore_config"], self.options["namespace"]),
        )
        pods, self.searched = _compactor_pods.pods_of(self.cluster, self.options["namespace"])
        findings = []
        for found in _compactor_pods.compactors(self.cluster, pods):
            name = f"{found.namespace}/{found.pod}"
            known = found.namespace == namespace and found.pod in ours
            if known or any(fnmatchcase(name, pattern) for pattern in self.options["others_allowed"]):
                continue
            if found.place == wanted:
                findings.append(f"{found} is a second compactor on this bucket; stop one of the two, together they ruin it")
            elif found.place and _compactor_pods.may_be_same(found.place, wanted):
                findings.append(
                    f"{found} runs thanos compact on a bucket of the same name at {dict(found.place).get('endpoint')}, and "
                    "whether that is this bucket is unknown; if it is not, name the pod in others_allowed"
                )
            elif found.place is None:
                findings.append(f"{found} runs thanos compact, and whether on this bucket is unknown: {found.unknown}")
        return findings


def wait_for(cluster: Cluster, options: Mapping[str, Any], attempts: Iterable[int]) -> Seen:
    """Look until nothing is wrong and a cycle has ended. Raises MetricsError with every finding of the last look.

    A compactor that started lately may have ended none: `due` then says when it must have.
    """
    watch, seen = Watch(cluster, options), Seen()
    for _attempt in attempts:
        seen = watch.look()
        if not seen.findings and not seen.due:
            return seen
    if not seen.findings:
        return seen
    raise MetricsError(
        f"The compactor in namespace {options['namespace']} is not as it should be after {options['wait_timeout']} s:\n"
        f"{one_by_one(seen.findings)}",
        findings=seen.findings,
        searched=seen.searched,
    )
