# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operator's objects that say what is scraped, held against the scrape pools that have targets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

GROUP = "/apis/monitoring.coreos.com"


@dataclass(frozen=True)
class Monitor:
    """A ServiceMonitor, PodMonitor, Probe or ScrapeConfig, and where to look when it selects nothing."""

    kind: str
    namespace: str
    name: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"

    def owns(self, pool: str) -> bool:
        """Whether a scrape pool is this object's: the operator names it `serviceMonitor/<namespace>/<name>/<endpoint>`, and
        those of Probes and ScrapeConfigs without the last part."""
        own = f"{self.kind[0].lower()}{self.kind[1:]}/{self.namespace}/{self.name}"
        return pool == own or pool.startswith(f"{own}/")


def _namespace_of(item: Mapping[str, Any]) -> str:
    return str(item["metadata"]["namespace"])


def _selection(what: str, endpoints: str, item: Mapping[str, Any]) -> str:
    """Where to look when a ServiceMonitor or PodMonitor selects nothing."""
    spec, chosen = item["spec"], item["spec"].get("namespaceSelector") or {}
    where = "any namespace" if chosen.get("any") else f"namespace {', '.join(chosen.get('matchNames') or [_namespace_of(item)])}"
    ports = [entry.get("port") or entry.get("targetPort") or entry.get("portNumber") for entry in spec.get(endpoints) or ()]
    named = ", ".join(str(port) for port in dict.fromkeys(ports) if port)
    selected = f"is there a {what} in {where} that {json.dumps(spec.get('selector') or {})} selects"
    return selected + (f", with a port {named}" if named else "")


def _probed(item: Mapping[str, Any]) -> str:
    return f"does its spec.targets name any target: {json.dumps(item['spec'].get('targets') or {})[:200]}"


def _discovered(item: Mapping[str, Any]) -> str:
    found = [name for name in item["spec"] if name.endswith(("Configs", "SDConfigs")) and name != "metricRelabelConfigs"]
    return f"does its {', '.join(found) or 'spec'} find any target"


# Kind -> its path below the API group, and what to look at.
KINDS = {
    "ServiceMonitor": ("v1/servicemonitors", lambda item: _selection("Service", "endpoints", item)),
    "PodMonitor": ("v1/podmonitors", lambda item: _selection("pod", "podMetricsEndpoints", item)),
    "Probe": ("v1/probes", _probed),
    "ScrapeConfig": ("v1alpha1/scrapeconfigs", _discovered),
}


def owner(pool: str) -> str:
    """The monitor of a scrape pool as messages name it; for a pool that is no monitor's, its own name."""
    kind, _slash, rest = pool.partition("/")
    kind = kind[:1].upper() + kind[1:]
    return f"{kind} {'/'.join(rest.split('/')[:2])}" if kind in KINDS else f"scrape pool {pool}"


def read(
    cluster: Cluster, allowed_empty: Iterable[str] = (), namespaces: Mapping[str, Iterable[str]] | None = None
) -> list[Monitor]:
    """The monitors of the cluster without those that may be empty, which are given as `name` or `namespace/name`.

    Of a kind in `namespaces` those of the namespaces named there, of any other kind all.
    MetricsError when the cluster knows none of the kinds.
    """
    allowed, monitors, unknown = set(allowed_empty), [], []
    for kind, (path, hint) in KINDS.items():
        try:
            items = list(cluster.list(f"{GROUP}/{path}"))
        except ApiError as error:
            if error.code != 404:
                raise
            unknown.append(kind)
            continue
        monitors += [Monitor(kind, _namespace_of(item), item["metadata"]["name"], hint(item)) for item in items]
    if len(unknown) == len(KINDS):
        raise MetricsError(
            f"{cluster.server} knows none of the kinds {', '.join(KINDS)}; install the CRDs of the Prometheus Operator, or leave "
            "out monitors."
        )
    taken = {kind: set(names) for kind, names in (namespaces or {}).items()}
    return [
        monitor
        for monitor in monitors
        if not allowed & {monitor.name, f"{monitor.namespace}/{monitor.name}"}
        and monitor.namespace in taken.get(monitor.kind, {monitor.namespace})
    ]


def judge(monitors: Iterable[Monitor], pools: Iterable[str]) -> list[str]:
    """A finding for each monitor without a target; `pools` are the scrape pools of the targets there are."""
    known = set(pools)
    return [
        f"{monitor} has no target: {monitor.hint}; and does this Prometheus select the {monitor.kind} itself?"
        for monitor in monitors
        if not any(monitor.owns(pool) for pool in known)
    ]
