# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether Thanos works as a whole: every component ready, every store seen by every Query, one compactor that runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _pod_endpoints, _service, _store_faults
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, may_pass
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Prometheus

Stores = Mapping[str, list[dict[str, Any]]]

# The kinds whose external labels end in blocks of the bucket, where they must be told apart.
UPLOADERS = ("sidecar", "receive")
HALTED = "thanos_compact_halted"
AT_ONCE = 8


@dataclass
class Seen:
    """What was seen at last. `components`: component -> pod -> "ready" or what is wrong; `stores`: Query pod -> its stores."""

    components: dict[str, dict[str, str]] = field(default_factory=dict)
    stores: dict[str, Stores] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)


def judge_stores(
    stores: Stores, expected: Mapping[str, int], now: float, max_age: float, pods: Mapping[str, list[_service.Pod]] | None = None
) -> list[str]:
    """What is wrong with the stores of one Query (data of /api/v1/stores).

    `expected` maps a kind to the number of its stores there must be at least; `now` (Unix time) and `max_age` are seconds.
    `pods` are the pods of each kind, where they are known.
    """
    findings = []
    for kind, number in expected.items():
        names = [store["name"] for store in stores.get(kind) or ()]
        if len(names) < number:
            seen = ", ".join(names) or "none"
            absent = [f"{pod} ({pod.ip})" for pod in (pods or {}).get(kind, ()) if pod.ip and pod.ip not in map(_host, names)]
            # Query lists a store only once it has answered: one that has hung since Query started is not there.
            silent = f"; {' and '.join(absent)} never answered Query" if absent else ""
            seen += f"{silent}. Look at its pods and at Query's --endpoint"
            findings.append(f"{number} of kind {kind} are expected, seen: {seen}")
    for kind, store in ((kind, store) for kind, entries in stores.items() for store in entries or ()):
        name, age = f"{kind} {store['name']}", now - datetime.fromisoformat(store["lastCheck"]).timestamp()
        if store.get("lastError") not in (None, ""):
            findings.append(f"{name} {_store_faults.explain(store['lastError'])}")
        elif age > max_age:
            findings.append(f"{name} was last checked at {store['lastCheck']}, {age:.0f} s ago ({max_age:g} s are allowed)")
    return findings + [
        f"{' and '.join(names)} announce the same labels {{{labels}}}; give each Prometheus and receiver labels of its own"
        for labels, names in sorted(_by_labels(stores).items())
        if len(names) > 1
    ]


def _host(address: str) -> str:
    return address.rpartition(":")[0].strip("[]")


def _by_labels(stores: Stores) -> dict[str, list[str]]:
    """Label set, as text -> the uploading stores that announce it."""
    found: dict[str, list[str]] = {}
    for kind in UPLOADERS:
        for store in stores.get(kind) or ():
            for labels in {tuple(sorted(one.items())) for one in store.get("labelSets") or [{}]}:
                text = ", ".join(f'{name}="{value}"' for name, value in labels)
                found.setdefault(text, []).append(f"{kind} {store['name']}")
    return found


def judge_compactor(metrics: str) -> str:
    """What is wrong with a compactor, by its /metrics (Prometheus text format); empty when nothing is."""
    values = [line.rpartition(" ")[2] for line in metrics.splitlines() if line.startswith((HALTED + " ", HALTED + "{"))]
    if not values:
        return f"has no metric {HALTED}; is it a compactor?"
    if any(float(value) != 0 for value in values):
        return f"has halted ({HALTED} is 1): it runs but compacts nothing more; its log says why"
    return ""


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
        states = threads.map(lambda pair: _state(cluster, options, *pair), asked)
        answers = threads.map(lambda pod: _stores(cluster, options, pod, found), queriers)
        for (component, pod), state in zip(asked, states, strict=True):
            seen.components[component["name"]][pod.name] = state or "ready"
            seen.findings += [f"{component['name']}: {pod} {state}"] if state else []
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


def _state(cluster: Cluster, options: Mapping[str, Any], component: Mapping[str, Any], pod: _service.Pod) -> str:
    """What is wrong with one pod of a component; empty when it is ready."""
    if pod.problem:
        return pod.problem
    try:
        with _pod_endpoints.open_pod(cluster, pod, options["via"], timeout=options["timeout"]) as endpoint:
            return _ask(endpoint, component)
    except MetricsError as error:
        if not may_pass(error):
            raise
        return f"is not ready: {error.message}"


def _ask(endpoint: Endpoint, component: Mapping[str, Any]) -> str:
    endpoint.get("/-/ready")
    return judge_compactor(endpoint.get("/metrics")) if component.get("not_halted") else ""


def _stores(
    cluster: Cluster, options: Mapping[str, Any], pod: _service.Pod, pods: Mapping[str, list[_service.Pod]]
) -> tuple[Stores, list[str]]:
    """The stores one Query pod knows, and what is wrong with them by that pod's own clock; `pods` are those of each component."""
    if pod.problem:
        return {}, [pod.problem]
    try:
        prefix = options["query"].get("path_prefix") or ""
        with _pod_endpoints.open_pod(cluster, pod, options["via"], prefix=prefix, timeout=options["timeout"]) as endpoint:
            prometheus = Prometheus(endpoint)
            stores = prometheus.stores()
            return stores, judge_stores(stores, _expected(options), prometheus.now(), options["max_age"], pods)
    except MetricsError as error:
        if not may_pass(error):
            raise
        return {}, [error.message]


def _expected(options: Mapping[str, Any]) -> dict[str, int]:
    return {kind: number for kind, number in (options.get("stores") or {}).items() if number}
