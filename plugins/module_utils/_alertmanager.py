# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP API of Alertmanager (api/v2), and whether its replicas work as one.

https://prometheus.io/docs/alerting/latest/clients/ and https://prometheus.io/docs/alerting/latest/high_availability/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _servers
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, ask
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one

FAILED = "alertmanager_notifications_failed_total{"


class Alertmanager:
    """Questions to one Alertmanager."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def ready(self) -> None:
        """Raises EndpointError unless it is."""
        self.endpoint.get("/-/ready")

    def status(self) -> dict[str, Any]:
        """Its status: cluster (status, peers), versionInfo, uptime; the configuration is left out."""
        return {name: value for name, value in self._get("/api/v2/status", dict).items() if name != "config"}

    def receivers(self) -> list[str]:
        """The names of the receivers it knows."""
        return [receiver["name"] for receiver in self._get("/api/v2/receivers", list)]

    def alerts(self, **labels: str) -> list[dict[str, Any]]:
        """The alerts with these labels, silenced and inhibited ones too; resolved ones are not told."""
        return self._get("/api/v2/alerts", list, filter=[f'{name}="{value}"' for name, value in labels.items()])

    def silence(self, uid: str) -> dict[str, Any]:
        """One silence: matchers, createdBy, comment, startsAt, endsAt."""
        return self._get(f"/api/v2/silence/{uid}", dict)

    def failed_notifications(self) -> list[str]:
        """The series of its metrics that count notifications it could not send, those at 0 left out."""
        lines = str(self.endpoint.get("/metrics")).splitlines()
        return [line for line in lines if line.startswith(FAILED) and float(line.rpartition(" ")[2]) > 0]

    def _get(self, path: str, shape: type, **parameters: Any) -> Any:
        return ask(self.endpoint, "Alertmanager", path, shape, **parameters)


def describe_silence(silence: Mapping[str, Any]) -> str:
    """A silence in short, for a message."""
    operators = {(True, False): "=", (True, True): "=~", (False, False): "!=", (False, True): "!~"}
    matchers = [
        f'{one["name"]}{operators[one.get("isEqual", True), one["isRegex"]]}"{one["value"]}"' for one in silence["matchers"]
    ]
    return f"{silence['id']} {{{', '.join(matchers)}}} by {silence['createdBy']} until {silence['endsAt']} ({silence['comment']})"


def judge_cluster(cluster: Mapping[str, Any], replicas: int) -> list[str]:
    """What is wrong with the gossip of one replica, by the `cluster` of its status; one alone needs none."""
    status, peers = cluster.get("status"), cluster.get("peers") or []
    if replicas == 1 and status == "disabled":
        return []
    if status == "disabled":
        return ["its gossip is disabled (--cluster.listen-address is empty): every replica would send each alert"]
    findings = [] if status == "ready" else [f"its gossip is {status}, not ready yet"]
    if len(peers) != replicas:
        known = ", ".join(f"{peer['name']} {peer['address']}" for peer in peers) or "none"
        findings.append(f"it has {len(peers)} peers, itself among them, {replicas} are wanted: {known}")
    return findings


def judge_alerts(alerts: Iterable[tuple[Mapping[str, str], list[dict[str, Any]]]]) -> list[str]:
    """What is wrong with the alerts that one replica must have, each once: those it has of each set of labels."""
    findings = []
    for labels, found in alerts:
        told = ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
        if not found:
            findings.append(f"it has no alert {{{told}}}")
        if len(found) > 1:
            findings.append(f"it has {len(found)} alerts {{{told}}}, told apart by {differing(found)}: replicas must drop that")
    return findings


def differing(alerts: list[dict[str, Any]]) -> str:
    """The names of the labels in which alerts differ."""
    names = {name for alert in alerts for name in alert["labels"]}
    return ", ".join(sorted(name for name in names if len({alert["labels"].get(name) for alert in alerts}) > 1))


def wait_for(cluster: Cluster, options: Mapping[str, Any], attempts: Iterable[int]) -> dict[str, Any]:
    """Look until every replica is ready, knows every other and has the alerts; the module's return values.

    MetricsError has all findings.
    """
    seen: dict[str, Any] = {}
    findings: list[str] = []
    for _attempt in attempts:
        seen, findings = _look(cluster, options)
        if not findings:
            return {"alertmanagers": seen}
    where = f"Alertmanager behind Service {options['namespace']}/{options['service']}"
    raise MetricsError(
        f"{where} is not ready after {options['wait_timeout']} s:\n{one_by_one(findings)}\n"
        "Look at the pods' logs, and whether they reach one another at port 9094 (TCP and UDP).",
        alertmanagers=seen,
        findings=findings,
    )


def _look(cluster: Cluster, options: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The status of each replica, and all that is wrong."""
    servers, findings = _servers.connections(cluster, {**options, "every_pod": True})
    states, silent = _servers.ask_each(servers, partial(_state, wanted=options.get("alerts") or []))
    findings += silent
    if not findings and len(states) != options["replicas"]:
        findings.append(f"there are {len(states)} pods ({', '.join(states)}), {options['replicas']} are wanted")
    for name, state in states.items():
        findings += [f"{name}: {finding}" for finding in judge_cluster(state["cluster"], options["replicas"])]
        findings += [f"{name}: {finding}" for finding in judge_alerts(state.pop("alerts"))]
    return states, findings


def _state(endpoint: Endpoint, wanted: list[dict[str, str]]) -> dict[str, Any]:
    """Its status, and under `alerts` the alerts with each of the wanted sets of labels."""
    alertmanager = Alertmanager(endpoint)
    alertmanager.ready()
    return {**alertmanager.status(), "alerts": [(labels, alertmanager.alerts(**labels)) for labels in wanted]}
