# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the alert of one run is seen: in every Prometheus, in every Alertmanager, at the webhook.

A look gives findings, none when what it is for has come to pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from ansible_collections.longterm.metrics.plugins.module_utils import _servers, _service
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager import Alertmanager, describe_silence, differing
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import PATCH_MERGE, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Prometheus
from ansible_collections.longterm.metrics.plugins.module_utils._test_rule import MARK, RUN

Answer = TypeVar("Answer")
Alert = dict[str, Any]


class Watch:
    """`receivers` and `deliveries` are what was seen last: receivers by Alertmanager, messages by status."""

    def __init__(self, cluster: Cluster, options: Mapping[str, Any], run: str) -> None:
        self.cluster, self.options, self.run = cluster, options, run
        self.receivers: dict[str, list[str]] = {}
        self.deliveries: dict[str, int] = {}

    def sync(self, value: str | None) -> None:
        """Have the changed ConfigMap brought into the pods of Prometheus now: the kubelet looks at a pod anew when the pod itself
        changes, and otherwise once in a minute or two. Where that is not allowed, it takes as long."""
        where = self.options["prometheus"]
        body = {"metadata": {"annotations": {MARK: value}}}
        with suppress(MetricsError):
            namespace = where.get("namespace") or self.options["namespace"]
            for pod in _service.behind_service(self.cluster, namespace, where["service"], where["port"]):
                path = f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}"
                self.cluster.request("PATCH", path, body=body, content_type=PATCH_MERGE)

    def prepared(self) -> list[str]:
        """Every Alertmanager knows the receiver, and the webhook answers."""
        answers, findings = self._ask("alertmanager", lambda endpoint: Alertmanager(endpoint).receivers())
        wanted = self.options["receiver"]
        unknown = [(name, known) for name, known in answers.items() if wanted not in known]
        findings += [f"{name} knows no receiver {wanted}; it knows {', '.join(known)}" for name, known in unknown]
        return findings + (self._messages()[1] if self.options["webhook"] else [])

    def loaded(self) -> list[str]:
        answers, findings = self._rules()
        return findings + [f"{name} has not loaded the rule" for name, rules in answers.items() if not rules]

    def firing(self) -> list[str]:
        answers, findings = self._rules()
        for name, rules in answers.items():
            if not rules or rules[0]["state"] != "firing":
                state = f"{rules[0]['state']}, its health {rules[0]['health']}" if rules else "gone"
                findings.append(f"{name}: the rule is {state} {rules[0].get('lastError') or '' if rules else ''}".rstrip())
        return findings

    def inactive(self) -> list[str]:
        """It fires nowhere; a Prometheus that has not loaded it is fine too."""
        answers, findings = self._rules()
        for name, rules in answers.items():
            findings += [f"{name}: the rule is {rule['state']}, not inactive" for rule in rules if rule["state"] != "inactive"]
        return findings

    def received(self) -> list[str]:
        """Every Alertmanager has it once and sends it to the receiver.

        Raises at once where one would send it elsewhere, since somebody may be called meanwhile, and where it is silenced, since
        a silence lasts longer than anybody waits.
        """
        answers, findings = self._alerts()
        wanted = self.options["receiver"]
        self.receivers = {name: _receivers(alerts) for name, alerts in answers.items()}
        for name, alerts in answers.items():
            others = [receiver for receiver in self.receivers[name] if receiver != wanted]
            if others:
                raise MetricsError(
                    f"{name} sends the test alert to {', '.join(self.receivers[name])}, and it must go to {wanted} alone. "
                    "Look at the routes of Alertmanager: the one for its labels must stand before all others, without continue."
                )
            if not alerts:
                findings.append(f"{name} has no such alert")
            if len(alerts) > 1:
                findings.append(f"{name} has it {len(alerts)} times, told apart by {differing(alerts)}: replicas must drop that")
            findings += [f"{name}: the alert is {_state(alert['status'])}" for alert in alerts if _state(alert["status"])]
        held = [alert for alerts in answers.values() for alert in alerts]
        if silenced := {uid for alert in held for uid in alert["status"].get("silencedBy") or ()}:
            raise MetricsError(self._silenced(silenced))
        return findings

    def resolved(self) -> list[str]:
        """No Alertmanager has it any more: resolved alerts are not told."""
        answers, findings = self._alerts()
        return findings + [f"{name} still holds the alert" for name, alerts in answers.items() if alerts]

    def delivered(self, status: str) -> list[str]:
        """The webhook has a message of it with this status, `firing` or `resolved`."""
        messages, findings = self._messages()
        if not findings:
            self.deliveries = {name: messages[name] for name in ("firing", "resolved")}
            if not messages[status]:
                seen = ", ".join(f"{number} {name}" for name, number in self.deliveries.items())
                findings.append(f"the webhook has no message that it is {status}; messages of this alert: {seen}")
        return findings

    # What is told when a step fails.

    def where_sent(self) -> str:
        """Where each Prometheus sends its alerts."""
        answers, findings = self._ask("prometheus", lambda endpoint: Prometheus(endpoint).alertmanagers())
        told = [f"{name} sends alerts to {', '.join(urls) or 'no Alertmanager at all'}" for name, urls in answers.items()]
        return "; ".join([*told, *findings])

    def not_sent(self) -> str:
        """Which notifications each Alertmanager could not send."""
        answers, findings = self._ask("alertmanager", lambda endpoint: Alertmanager(endpoint).failed_notifications())
        told = [f"{name} counts {', '.join(lines) or 'no failed notification'}" for name, lines in answers.items()]
        return "; ".join([*told, *findings])

    def _rules(self) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
        def own(endpoint: Endpoint) -> list[dict[str, Any]]:
            rules = [rule for group in Prometheus(endpoint).rules() for rule in group["rules"]]
            return [rule for rule in rules if (rule.get("labels") or {}).get(RUN) == self.run]

        return self._ask("prometheus", own)

    def _alerts(self) -> tuple[dict[str, list[Alert]], list[str]]:
        return self._ask("alertmanager", lambda endpoint: Alertmanager(endpoint).alerts(**{RUN: self.run}))

    def _silenced(self, uids: set[str]) -> str:
        """What is said of the silences that keep the alert back."""

        def ask(endpoint: Endpoint) -> list[dict[str, Any]]:
            silences = []
            for uid in sorted(uids):
                # It may have come to its end.
                with suppress(EndpointError):
                    silences.append(Alertmanager(endpoint).silence(uid))
            return silences

        answers, _silent = self._ask("alertmanager", ask)
        # Replicas share their silences.
        found = {silence["id"]: describe_silence(silence) for silences in answers.values() for silence in silences}
        told = "; ".join(found.get(uid, uid) for uid in sorted(uids))
        return f"The test alert is silenced, so it reaches nobody: {told}. Expire the silence, or narrow its matchers."

    def _messages(self) -> tuple[Counter[str], list[str]]:
        """The number of messages of this alert at the webhook, by status."""
        path = self.options["webhook"]["path"]
        answers, findings = self._ask("webhook", lambda endpoint: messages(endpoint, path, self.run), every_pod=False)
        return sum(answers.values(), Counter()), findings

    def _ask(
        self, whom: str, question: Callable[[Endpoint], Answer], *, every_pod: bool = True
    ) -> tuple[dict[str, Answer], list[str]]:
        where = self.options[whom]
        options = {"path_prefix": "", **where, "namespace": where.get("namespace") or self.options["namespace"]}
        settings = {"every_pod": every_pod, "via": self.options["via"], "timeout": self.options["timeout"]}
        servers, findings = _servers.connections(self.cluster, {**options, **settings})
        answers, silent = _servers.ask_each(servers, question)
        return answers, findings + silent


def messages(endpoint: Endpoint, path: str, run: str) -> Counter[str]:
    """How many of the recorded messages (a list of {time, body}, a body as Alertmanager's webhook sends it) tell of the alert of
    a run, by the status they tell."""
    recorded = endpoint.get(path)
    if not isinstance(recorded, list):
        raise EndpointError(f"{endpoint.name} answered {path} with no list of messages, but {str(recorded)[:120]!r}.", 200)
    bodies = [_part(message, "body") for message in recorded]
    counted: Counter[str] = Counter()
    # Others may send to it, too, and other things than Alertmanager's.
    for alerts in (_part(body, "alerts") for body in bodies):
        own = [alert for alert in alerts if _part(_part(alert, "labels"), RUN) == run] if isinstance(alerts, list) else []
        counted.update({alert["status"] for alert in own})
    return counted


def _part(whole: Any, name: str) -> Any:
    """What a mapping has by this name; None where it is none."""
    return whole.get(name) if isinstance(whole, Mapping) else None


def _receivers(alerts: Iterable[Alert]) -> list[str]:
    return sorted({receiver["name"] for alert in alerts for receiver in alert["receivers"]})


def _state(status: Mapping[str, Any]) -> str:
    """Why an alert (its `status`) is not sent; empty when it is."""
    if status["state"] == "active":
        return ""
    by = {name: status.get(name) for name in ("silencedBy", "inhibitedBy", "mutedBy")}
    return " ".join([status["state"], *(f"({name} {', '.join(ids)})" for name, ids in by.items() if ids)])
