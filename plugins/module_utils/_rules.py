# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PrometheusRule objects, held against the rules that Prometheus has loaded and evaluates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _servers
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Prometheus

Group = dict[str, Any]

GROUP = "/apis/monitoring.coreos.com/v1"
# How long ago a rule may have been evaluated: so many of its group's intervals, and never less than so many seconds.
INTERVALS = 3
LEAST_AGE = 60.0
NOT_LOADED = (
    "is not loaded: does this Prometheus select it (ruleSelector, ruleNamespaceSelector), and did the operator take it (its log, "
    "and kubectl describe of the object)? A change takes up to two minutes to reach the pods."
)


@dataclass(frozen=True)
class Declared:
    """A PrometheusRule: the names of its rules by group."""

    namespace: str
    name: str
    uid: str
    groups: Mapping[str, list[str]]

    def __str__(self) -> str:
        return f"PrometheusRule {self.namespace}/{self.name}"

    @property
    def file(self) -> str:
        """The name of the file that the operator makes of it."""
        return f"{self.namespace}-{self.name}-{self.uid}.yaml"

    @property
    def rules(self) -> int:
        return sum(map(len, self.groups.values()))


def read(cluster: Cluster, namespaces: Iterable[str] = (), label_selector: str = "") -> list[Declared]:
    """The PrometheusRules of these namespaces, of all without any. MetricsError when the cluster does not know the kind."""
    paths = [f"{GROUP}/namespaces/{namespace}/prometheusrules" for namespace in namespaces] or [f"{GROUP}/prometheusrules"]
    try:
        items = [item for path in paths for item in cluster.list(path, labelSelector=label_selector)]
    except ApiError as error:
        if error.code != 404:
            raise
        raise MetricsError(
            f"{cluster.server} does not know the kind PrometheusRule; install the CRDs of the Prometheus Operator."
        ) from error
    return [_declared(item) for item in items]


def _declared(item: Mapping[str, Any]) -> Declared:
    groups = {
        group["name"]: [rule.get("alert") or rule.get("record") or "" for rule in group.get("rules") or ()]
        for group in (item.get("spec") or {}).get("groups") or ()
    }
    metadata = item["metadata"]
    return Declared(metadata["namespace"], metadata["name"], metadata["uid"], groups)


def judge(declared: Iterable[Declared], groups: Iterable[Group], now: float) -> Iterator[str]:
    """What is wrong with the rules one Prometheus has loaded (data.groups of /api/v1/rules); `now` is its time, in seconds."""
    loaded = {(PurePosixPath(group["file"]).name, group["name"]): group for group in groups}
    for item in declared:
        missing = [name for name in item.groups if (item.file, name) not in loaded]
        if missing and len(missing) == len(item.groups):
            yield f"{item} {NOT_LOADED}"
            continue
        for name in missing:
            yield f"{item}, group {name} {NOT_LOADED}"
        for name in item.groups:
            if name not in missing:
                for finding in _judge_group(item.groups[name], loaded[item.file, name], now):
                    yield f"{item}, group {name}{finding}"


def _judge_group(names: list[str], group: Group, now: float) -> Iterator[str]:
    """What is wrong with one group, as the ends of sentences; `names` are those of the rules declared."""
    wanted, there = Counter(names), Counter(rule["name"] for rule in group["rules"])
    if wanted != there:
        lacks, has = ", ".join((wanted - there).elements()), ", ".join((there - wanted).elements())
        yield f" is loaded as it was before: it lacks {lacks or 'nothing'}, and has {has or 'nothing'} beyond what is declared"
    allowed = max(LEAST_AGE, INTERVALS * float(group.get("interval") or 0))
    for rule in group["rules"]:
        age = now - datetime.fromisoformat(rule["lastEvaluation"]).timestamp()
        if rule["health"] == "unknown":
            yield f", rule {rule['name']} was not evaluated yet"
        elif rule["health"] != "ok" or rule.get("lastError"):
            yield f", rule {rule['name']} is {rule['health']}: {rule.get('lastError') or 'without an error'}"
        elif age > allowed:
            yield f", rule {rule['name']} was last evaluated {age:.0f} s ago ({allowed:g} s are allowed)"


def wait_for(cluster: Cluster, options: Mapping[str, Any], attempts: Iterable[int]) -> dict[str, Any]:
    """Look until nothing is wrong, and give the module's return values. Raises MetricsError with every finding."""
    result: dict[str, Any] = {}
    findings: list[str] = []
    for _attempt in attempts:
        declared = read(cluster, options["namespaces"], options["label_selector"])
        servers, findings = _servers.connections(cluster, options)
        answers, silent = _servers.ask_each(servers, _rules)
        findings += silent + [f"{name}: {finding}" for name, answer in answers.items() for finding in judge(declared, *answer)]
        if not declared:
            findings.append(_nothing(options))
        result = {
            "objects": {f"{item.namespace}/{item.name}": item.rules for item in declared},
            "rules": sum(item.rules for item in declared),
            "asked": list(answers),
        }
        if not findings:
            return result
    raise MetricsError(
        f"Not all rules are loaded and healthy after {options['wait_timeout']} s:\n{one_by_one(findings)}\n"
        "The same list is at /rules of Prometheus.",
        findings=findings,
        **result,
    )


def _rules(endpoint: Endpoint) -> tuple[list[Group], float]:
    """The groups one Prometheus has loaded, and its time."""
    prometheus = Prometheus(endpoint)
    return prometheus.rules(), prometheus.now()


def _nothing(options: Mapping[str, Any]) -> str:
    where = ", ".join(options["namespaces"]) or "any namespace"
    labels = f" with the labels {options['label_selector']}" if options["label_selector"] else ""
    return f"there is no PrometheusRule{labels} in {where}"
