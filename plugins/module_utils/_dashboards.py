# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Grafana dashboards as ConfigMaps provision them: their variables and their queries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Query:
    """One query of a panel, its variables not filled yet. Titles name dashboard and panel, as they do in Grafana.

    `source` is the ConfigMap that provisions the dashboard, as namespace/name.
    """

    dashboard: str
    panel: str
    expression: str
    source: str = ""

    def __str__(self) -> str:
        return f"{self.dashboard} / {self.panel} (ConfigMap {self.source})"


@dataclass(frozen=True)
class Dashboard:
    """A dashboard; `variables` are those of its JSON, in the order in which they may use each other."""

    title: str
    variables: list[Json] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)


def read(cluster: Cluster, namespaces: Iterable[str], selector: str) -> list[Dashboard]:
    """The dashboards in all ConfigMaps of a label selector, of all namespaces when none is named.

    Raises MetricsError where one cannot be read, and where there is none at all.
    """
    paths = [f"/api/v1/namespaces/{namespace}/configmaps" for namespace in namespaces] or ["/api/v1/configmaps"]
    found = []
    for path in paths:
        for config_map in cluster.list(path, labelSelector=selector):
            found += list(of_config_map(config_map))
    if not found:
        where = f"namespace {', '.join(namespaces)}" if namespaces else "any namespace"
        raise MetricsError(
            f"No ConfigMap with the label {selector} in {where} holds a dashboard; there is nothing to check. "
            "Look at selector and namespaces, and at the labels that Grafana's sidecar goes by."
        )
    return found


def of_config_map(config_map: Json) -> Iterator[Dashboard]:
    """The dashboards in the keys of a ConfigMap that end in .json, as the sidecar takes them."""
    name = "{namespace}/{name}".format(**config_map["metadata"])
    for key, text in sorted((config_map.get("data") or {}).items()):
        if not key.endswith(".json"):
            continue
        try:
            content = json.loads(text)
        except ValueError as error:
            raise MetricsError(f"ConfigMap {name}: {key} is no JSON: {error}. Grafana cannot read it either.") from error
        if not isinstance(content, dict) or not content.get("title"):
            raise MetricsError(f"ConfigMap {name}: {key} is no dashboard: it has no title.")
        yield parse(content, name)


def parse(content: Json, source: str = "") -> Dashboard:
    """A dashboard of Grafana's classic JSON model, from the ConfigMap `source`."""
    title = str(content["title"])
    queries = [
        Query(title, str(panel.get("title") or f"panel {panel.get('id')}"), target["expr"], source)
        for panel in _panels(content)
        for target in panel.get("targets") or ()
        if target.get("expr") and _asks_prometheus(target.get("datasource") or panel.get("datasource"))
    ]
    return Dashboard(title, list((content.get("templating") or {}).get("list") or ()), list(dict.fromkeys(queries)))


def _panels(parent: Json) -> Iterator[Json]:
    """All panels, those in collapsed rows too; before Grafana 5 every panel was in a row."""
    for child in [*(parent.get("panels") or ()), *(parent.get("rows") or ())]:
        yield child
        yield from _panels(child)


def _asks_prometheus(datasource: Any) -> bool:
    """Whether a query is PromQL: it is unless its datasource says that it is of another kind."""
    kind = datasource.get("type") if isinstance(datasource, dict) else None
    return kind in (None, "", "prometheus")
