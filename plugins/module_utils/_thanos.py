# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether Thanos works as a whole: every component ready, every store seen by every Query, one compactor that runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _exposition, _pod_endpoints, _service
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, may_pass
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Prometheus
from ansible_collections.longterm.metrics.plugins.module_utils._thanos_stores import Expected, Stores, judge_stores

HALTED = "thanos_compact_halted"
LOADED = "thanos_bucket_store_blocks_loaded"
AT_ONCE = 8


@dataclass
class Seen:
    """What was seen at last. `components`: component -> pod -> "ready" or what is wrong; `stores`: Query pod -> its stores."""

    components: dict[str, dict[str, str]] = field(default_factory=dict)
    stores: dict[str, Stores] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """What is wrong with one pod, empty when it is ready; and how many blocks it has loaded, where that was asked."""

    problem: str = ""
    blocks: int | None = None


def judge_compactor(metrics: str) -> str:
    """What is wrong with a compactor, by its /metrics (Prometheus text format); empty when nothing is."""
    values = _values(metrics, HALTED)
    if not values:
        return f"has no metric {HALTED}; is it a compactor?"
    if any(value != 0 for value in values):
        return f"has halted ({HALTED} is 1): it runs but compacts nothing more; its log says why"
    return ""


def judge_blocks(loaded: Mapping[_service.Pod, int]) -> dict[_service.Pod, str]:
    """Which Store Gateways have loaded less than nine tenths of the blocks that a sibling has, a pod of the same StatefulSet.

    They look for new blocks at different moments, so their numbers may differ a little.
    """
    found = {}
    for pod, number in loaded.items():
        siblings = [other for other in loaded if _set_of(other) == _set_of(pod)]
        most = max(siblings, key=loaded.__getitem__)
        if number < 0.9 * loaded[most]:
            numbers = f"has loaded {number} blocks, while {most.name} has loaded {loaded[most]}"
            found[pod] = f"{numbers}. They should serve the same blocks; compare their arguments and logs"
    return found


def _set_of(pod: _service.Pod) -> tuple[str, str]:
    """The namespace and name of a pod's StatefulSet, which names its pods by their number."""
    return pod.namespace, pod.name.rpartition("-")[0]


def _values(metrics: str, name: str) -> list[float]:
    """The values of a metric in the text format of Prometheus."""
    return [value for _name, value in _exposition.samples(metrics, [name])]


def judge_number(component: Mapping[str, Any], pods: list[_service.Pod]) -> list[str]:
    """What is wrong with the number of a component's pods."""
    if not pods:
        return [f"{component['name']} has no pod: nothing in its namespace has the labels {component['selector']}"]
    if component.get("single") and len(pods) != 1:
        return [f"{component['name']} must be single, but there are {len(pods)} pods: {', '.join(pod.name for pod in pods)}"]
    return []


def look(cluster: Cluster, options: Mapping[str, Any]) -> Seen:
    """Ask everything once, several pods at a time; only the components without a `query`.

    Raises MetricsError when the API server refuses.
    """
    seen = Seen()
    asked: list[tuple[dict[str, Any], _service.Pod]] = []
    found: dict[str, list[_service.Pod]] = {}
    for component in options["components"] or ():
        namespace = component.get("namespace") or options["namespace"]
        pods = _pod_endpoints.of_selector(cluster, namespace, component["selector"], component["port"])
        seen.components[component["name"]] = {}
        seen.findings += judge_number(component, pods)
        asked += [(component, pod) for pod in pods]
        found[component["name"]] = pods
    queriers = _queriers(cluster, options["namespace"], options["query"], seen.findings) if options["query"] else []
    with ThreadPoolExecutor(AT_ONCE) as threads:
        expected = _expected(options, found)
        states = threads.map(lambda pair: _state(cluster, options, *pair), asked)
        answers = threads.map(lambda pod: _stores(cluster, options, pod, expected), queriers)
        told = list(zip(asked, states, strict=True))
        unlike = judge_blocks({pod: state.blocks for (_component, pod), state in told if state.blocks is not None})
        for (component, pod), state in told:
            problem = state.problem or unlike.get(pod, "")
            seen.components[component["name"]][pod.name] = problem or "ready"
            seen.findings += [f"{component['name']}: {pod} {problem}"] if problem else []
        for pod, (stores, findings) in zip(queriers, answers, strict=True):
            seen.stores[pod.name] = stores
            seen.findings += [f"Query {pod}: {finding}" for finding in findings]
    return seen


def wait_for(cluster: Cluster, options: Mapping[str, Any], attempts: Iterable[int]) -> Seen:
    """Look until nothing is wrong. Raises MetricsError with every finding of the last look."""
    seen = Seen()
    for _attempt in attempts:
        seen = look(cluster, options)
        if not seen.findings:
            return seen
    where = f"Thanos in namespace {options['namespace']}"
    raise MetricsError(
        f"{where} is not ready after {options['wait_timeout']} s:\n{one_by_one(seen.findings)}",
        components=seen.components,
        stores=seen.stores,
        findings=seen.findings,
    )


def _queriers(cluster: Cluster, namespace: str, query: Mapping[str, Any], findings: list[str]) -> list[_service.Pod]:
    """The pods of Query; that there are none is added to the findings."""
    try:
        pods = _service.behind_service(cluster, namespace, query["service"], query["port"])
    except MetricsError as error:
        if not may_pass(error):
            raise
        findings.append(f"Query: {error.message}")
        return []
    if not pods:
        findings.append(f"Query: Service {namespace}/{query['service']} has no pod behind port {query['port']}")
    return pods


def _state(cluster: Cluster, options: Mapping[str, Any], component: Mapping[str, Any], pod: _service.Pod) -> State:
    if pod.problem:
        return State(pod.problem)
    try:
        with _pod_endpoints.open_pod(cluster, pod, options["via"], timeout=options["timeout"]) as endpoint:
            return _ask(endpoint, component)
    except MetricsError as error:
        if not may_pass(error):
            raise
        return State(f"is not ready: {error.message}")


def _ask(endpoint: Endpoint, component: Mapping[str, Any]) -> State:
    endpoint.get("/-/ready")
    if not (component.get("not_halted") or component.get("same_blocks")):
        return State()
    metrics = endpoint.get("/metrics")
    problem = judge_compactor(metrics) if component.get("not_halted") else ""
    if problem or not component.get("same_blocks"):
        return State(problem)
    blocks = _values(metrics, LOADED)
    return State(blocks=int(blocks[0])) if blocks else State(f"has no metric {LOADED}; is it a Store Gateway?")


def _stores(
    cluster: Cluster, options: Mapping[str, Any], pod: _service.Pod, expected: Mapping[str, Expected]
) -> tuple[Stores, list[str]]:
    """The stores one Query pod knows, and what is wrong with them by that pod's own clock."""
    if pod.problem:
        return {}, [pod.problem]
    try:
        prefix = options["query"].get("path_prefix") or ""
        with _pod_endpoints.open_pod(cluster, pod, options["via"], prefix=prefix, timeout=options["timeout"]) as endpoint:
            prometheus = Prometheus(endpoint)
            stores = prometheus.stores()
            return stores, judge_stores(stores, expected, prometheus.now(), options["max_age"])
    except MetricsError as error:
        if not may_pass(error):
            raise
        return {}, [error.message]


def _expected(options: Mapping[str, Any], pods: Mapping[str, list[_service.Pod]]) -> dict[str, Expected]:
    """What Query must see of each kind; `pods` are those of each component, which may have the name of a kind."""
    numbers, addresses = options.get("stores") or {}, options.get("addresses") or {}
    return {
        kind: Expected(numbers.get(kind) or 0, addresses.get(kind) or (), pods.get(kind))
        for kind in dict.fromkeys([*numbers, *addresses])
    }
