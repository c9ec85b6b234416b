# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PrometheusRule objects, or rule files in ConfigMaps, held against the rules that Prometheus has loaded and evaluates."""

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
from ansible_collections.longterm.metrics.plugins.module_utils._objects import read_documents
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Prometheus

Group = dict[str, Any]

GROUP = "/apis/monitoring.coreos.com/v1"
# How long ago a rule may have been evaluated: so many of its group's intervals, and never less than so many seconds.
INTERVALS = 3
LEAST_AGE = 60.0
NOT_SELECTED = (
    "is not loaded: does this Prometheus select it (ruleSelector, ruleNamespaceSelector), and did the operator take it (its log, "
    "and kubectl describe of the object)? A change takes up to two minutes to reach the pods."
)
NOT_MOUNTED = (
    "is not loaded: do the pods mount it where rule_files looks, and did Prometheus take the change (its log)? It takes up to "
    "two minutes to reach the pods."
)


@dataclass(frozen=True)
class Declared:
    """A PrometheusRule, or the file `key` of a ConfigMap: the names of its rules by group."""

    namespace: str
    name: str
    uid: str
    groups: Mapping[str, list[str]]
    key: str = ""

    def __str__(self) -> str:
        return f"{self.key} of ConfigMap {self.id}" if self.key else f"PrometheusRule {self.id}"

    @property
    def id(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def file(self) -> str:
        """The name of the file that Prometheus reads; of a PrometheusRule the operator makes one."""
        return self.key or f"{self.namespace}-{self.name}-{self.uid}.yaml"

    @property
    def not_loaded(self) -> str:
        return NOT_MOUNTED if self.key else NOT_SELECTED

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
    return [_declared(item, item.get("spec")) for item in items]


def read_files(cluster: Cluster, namespace: str, config_maps: Iterable[str]) -> list[Declared]:
    """The rule files in these ConfigMaps. MetricsError when one is missing, or holds something else."""
    declared = []
    for name in config_maps:
        item = cluster.find(f"/api/v1/namespaces/{namespace}/configmaps/{name}")
        if item is None:
            raise MetricsError(f"There is no ConfigMap {name} in namespace {namespace} of {cluster.server}.")
        for key, text in (item.get("data") or {}).items():
            source = f"{key} of ConfigMap {namespace}/{name}"
            try:
                declared += [_declared(item, content, key) for content in read_documents(text, source)]
            except (AttributeError, KeyError, TypeError) as error:
                raise MetricsError(f"{source} is no rule file: {error!r}") from error
    return declared


def _declared(item: Mapping[str, Any], rules: Mapping[str, Any] | None, key: str = "") -> Declared:
    groups = {
        group["name"]: [rule.get("alert") or rule.get("record") or "" for rule in group.get("rules") or ()]
        for group in (rules or {}).get("groups") or ()
    }
    metadata = item["metadata"]
    return Declared(metadata["namespace"], metadata["name"], metadata["uid"], groups, key)


def judge(declared: Iterable[Declared], groups: Iterable[Group], now: float) -> Iterator[str]:
    """What is wrong with the rules one Prometheus has loaded (data.groups of /api/v1/rules); `now` is its time, in seconds."""
    loaded = {(PurePosixPath(group["file"]).name, group["name"]): group for group in groups}
    for item in declared:
        missing = [name for name in item.groups if (item.file, name) not in loaded]
        if missing and len(missing) == len(item.groups):
            yield f"{item} {item.not_loaded}"
            continue
        for name in missing:
            yield f"{item}, group {name} {item.not_loaded}"
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
        declared = (
            read_files(cluster, options["namespace"], options["config_maps"])
            if options["config_maps"]
            else read(cluster, options["namespaces"], options["label_selector"])
        )
        servers, findings = _servers.connections(cluster, options)
        answers, silent = _servers.ask_each(servers, _rules)
        findings += silent + [f"{name}: {finding}" for name, answer in answers.items() for finding in judge(declared, *answer)]
        if not declared:
            findings.append(_nothing(options))
        objects: Counter[str] = Counter()
        for item in declared:
            objects[item.id] += item.rules
        result = {
            "objects": dict(objects),
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
    """The groups one Prometheus has loaded, and its time. A Ruler of Thanos answers no queries."""
    prometheus = Prometheus(endpoint)
    return prometheus.rules(), endpoint.clock() or prometheus.now()


def _nothing(options: Mapping[str, Any]) -> str:
    if options["config_maps"]:
        return f"there is no rule file in ConfigMap {', '.join(options['config_maps'])} of namespace {options['namespace']}"
    where = ", ".join(options["namespaces"]) or "any namespace"
    labels = f" with the labels {options['label_selector']}" if options["label_selector"] else ""
    return f"there is no PrometheusRule{labels} in {where}"
