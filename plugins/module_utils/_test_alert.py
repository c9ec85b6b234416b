# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of one alert from its rule to its receiver and back, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._attempts import attempts
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._test_rule import FALSE, Rule, texts
from ansible_collections.longterm.metrics.plugins.module_utils._test_watch import Watch

SLOW = "A change takes up to two minutes to reach the pods."


class Trial:
    """One run; `run` is an id that no other run has."""

    def __init__(self, cluster: Cluster, options: Mapping[str, Any], run: str) -> None:
        self.cluster, self.options, self.run = cluster, options, run
        self.watch = Watch(cluster, options, run)
        told = self.watch.sync if options["config_map"] else lambda _value: None
        self.rule = Rule(cluster, options["namespace"], options["name"], options["config_map"], told)
        self.started = cluster.clock()
        self.steps: list[dict[str, Any]] = []

    def prove(self) -> dict[str, Any]:
        """Every step in its turn; the module's return values. MetricsError at the first one that does not come to pass.

        Whatever happens, the rule goes; after a failure an alert that fired gets time to resolve before.
        """
        try:
            self._clear()
            self._fire()
            self._resolve()
        except MetricsError as error:
            error.details |= self._seen()
            with suppress(MetricsError):
                self._calm()
            raise
        finally:
            # What cannot be removed now is removed by the next run.
            with suppress(MetricsError):
                self.rule.remove()
        return self._seen()

    def _clear(self) -> None:
        """Nothing of an earlier run is left, and whoever takes part answers; nothing is fired before."""
        labels = ", ".join(f'{name}="{value}"' for name, value in texts(self.options["labels"]).items())
        if left := self.rule.find():
            earlier = Watch(self.cluster, self.options, left)
            self.rule.make_false()
            hint = f"The alert of an earlier run, {left}, was made false ({FALSE}) and does not resolve. {SLOW}"
            self._step("leftover_resolved", lambda: [*earlier.inactive(), *earlier.resolved()], lambda: hint)
            self.rule.remove()
        hint_prepared = (
            f"Nothing was fired. The configuration of Alertmanager needs the receiver {self.options['receiver']}, and before all "
            f"other routes one to it for {{{labels}}}. {SLOW}"
        )
        self._step("prepared", self.watch.prepared, lambda: hint_prepared)

    def _fire(self) -> None:
        watch = self.watch
        self.rule.put(self.run, self.options["labels"], self.options["rule_labels"])
        self._step(
            "loaded",
            watch.loaded,
            lambda: f"{self.rule} stands there. {self._selected()} {SLOW}",
        )
        self._step("firing", watch.firing, lambda: "Its expression is always true: look at /rules and the log of Prometheus.")
        self._step("received", watch.received, lambda: f"{watch.where_sent()}. Look at spec.alerting of Prometheus and its log.")
        if self.options["webhook"]:
            self._step("delivered", lambda: watch.delivered("firing"), self._not_sent)

    def _resolve(self) -> None:
        watch = self.watch
        self.rule.make_false()
        self._step("inactive", watch.inactive, lambda: f"The expression of {self.rule} is {FALSE} now. {SLOW}")
        self._step("resolved", watch.resolved, lambda: f"Prometheus has resolved it. {watch.where_sent()}.")
        if self.options["webhook"]:
            self._step("resolved_delivered", lambda: watch.delivered("resolved"), self._not_sent)
        self.rule.remove()
        self._done("removed")

    def _selected(self) -> str:
        if self.options["config_map"]:
            return (
                "Do the pods mount it where rule_files looks, and does Prometheus take changes (--config.auto-reload, its log)?"
            )
        return (
            "Does Prometheus select it (ruleSelector, ruleNamespaceSelector; rule_labels are its labels), and did the operator "
            "take it (its log)?"
        )

    def _not_sent(self) -> str:
        return (
            f"{self.watch.not_sent()}. Look at the log of Alertmanager, at the url and send_resolved of the receiver "
            f"{self.options['receiver']}, and at its route: group_wait and group_interval must be shorter than wait_timeout."
        )

    def _calm(self) -> None:
        if self.rule.run:
            self.rule.make_false()
            for _attempt in self._attempts():
                if not [*self.watch.inactive(), *self.watch.resolved()]:
                    return

    def _step(self, step: str, look: Callable[[], list[str]], hint: Callable[[], str]) -> None:
        """Look until there are no findings, within a deadline of the step's own."""
        findings: list[str] = []
        try:
            for _attempt in self._attempts():
                findings = look()
                if not findings:
                    self._done(step)
                    return
            raise MetricsError(
                f"The test alert {self.run} did not come to step {step} within {self.options['wait_timeout']} s:\n"
                f"{one_by_one(findings)}\n{hint()}"
            )
        except MetricsError as error:
            error.details["failed_step"] = step
            raise

    def _attempts(self) -> Iterator[int]:
        return attempts(self.options["wait_timeout"], self.options["wait_sleep"], self.cluster.clock, self.cluster.sleep)

    def _done(self, step: str) -> None:
        self.steps.append({"step": step, "seconds": round(self.cluster.clock() - self.started, 1)})

    def _seen(self) -> dict[str, Any]:
        """The module's return values, as far as it came."""
        deliveries = self.watch.deliveries
        duplicates = sum(max(number - 1, 0) for number in deliveries.values())
        webhook = {"deliveries": deliveries, "duplicates": duplicates} if deliveries else {}
        return {"run": self.run, "steps": self.steps, "receivers": self.watch.receivers, **webhook}


def plan(options: Mapping[str, Any]) -> str:
    """What a run would do, in one sentence."""
    kind, name = ("ConfigMap", options["config_map"]) if options["config_map"] else ("PrometheusRule", options["name"])
    rule = f"{kind} {options['namespace']}/{name}"
    places = ["in Prometheus", f"in Alertmanager with the receiver {options['receiver']}"]
    places += ["at the webhook"] if options["webhook"] else []
    return f"Would put {rule} there, see its alert {', '.join(places)}, make it false, see it resolved, and remove the rule."
