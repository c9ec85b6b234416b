# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rule of the test alert, in a PrometheusRule or as a file in a ConfigMap: true at first, then false, then gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import PATCH_MERGE, ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Object
from ansible_collections.longterm.metrics.plugins.module_utils._parent import FIELD_MANAGER

API_VERSION = "monitoring.coreos.com/v1"
ALERT = "LongtermMetricsTest"
# Tells the alert of one run from that of any other: a label of the alert, and, as the mark of an object of ours, of the object.
RUN = "longterm_metrics_run"
MARK = "longterm.metrics/test-alert"
TRUE, FALSE = "vector(1)", "vector(1) == 0"
INTERVAL = "5s"


class Rule:
    """One object of a fixed name, ours alone; `run` is the run whose rule stands there, empty when none does.

    `changed` is called after each change, with a text that is new each time, and with None once the object is gone.
    """

    def __init__(
        self, cluster: Cluster, namespace: str, name: str, config_map: str, changed: Callable[[str | None], None]
    ) -> None:
        self.cluster, self.namespace, self.name = cluster, namespace, config_map or name
        self.kind, self.api_version = ("ConfigMap", "v1") if config_map else ("PrometheusRule", API_VERSION)
        self.folder = f"/{'api' if config_map else 'apis'}/{self.api_version}/namespaces/{namespace}/{self.kind.lower()}s"
        self.path = f"{self.folder}/{self.name}"
        self.run = ""
        self._live: Object = {}
        self._changed = changed

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"

    def find(self) -> str:
        """The run that left its rule there, empty when none did. MetricsError when the object is somebody else's."""
        self._live = self.cluster.find(self.path) or {}
        if self._live:
            self.run = (self._live["metadata"].get("labels") or {}).get(MARK, "")
            if not self.run:
                raise MetricsError(
                    f"{self} of {self.cluster.server} is no rule of a test alert: it lacks the label {MARK}, so it is left "
                    "alone. Set name to another one."
                )
        return self.run

    def put(self, run: str, labels: Mapping[str, Any], rule_labels: Mapping[str, Any]) -> None:
        """Create it, true."""
        rule = {
            "alert": ALERT,
            "expr": TRUE,
            "labels": {**texts(labels), RUN: run},
            "annotations": {
                "summary": "Test of the way from rule to receiver",
                "description": f"Run {run} of the module test_alert fires this and resolves it. Nothing is wrong.",
            },
        }
        body = {
            "apiVersion": self.api_version,
            "kind": self.kind,
            "metadata": {
                "name": self.name,
                "namespace": self.namespace,
                "labels": {"app.kubernetes.io/managed-by": FIELD_MANAGER, **texts(rule_labels), MARK: run},
            },
            **self._holding([{"name": self.name, "interval": INTERVAL, "rules": [rule]}]),
        }
        try:
            self._live = self.cluster.request("POST", self.folder, params={"fieldManager": FIELD_MANAGER}, body=body)
        except ApiError as error:
            if error.code == 404:
                raise MetricsError(
                    f"{self} cannot be made on {self.cluster.server}: namespace or kind is missing. Check namespace, and install "
                    "the CRDs of the Prometheus Operator, or set config_map for a Prometheus without it."
                ) from error
            if error.code == 409:
                raise MetricsError(f"{self} was made by another run just now; wait for it to end.") from error
            raise
        self.run = run
        self._changed(f"{run}-true")

    def make_false(self) -> None:
        """Change its expression. Name and labels stay: by them Prometheus knows the alert to resolve."""
        groups = [{**group, "rules": [{**rule, "expr": FALSE} for rule in group["rules"]]} for group in self._held()]
        body = {"metadata": {"uid": self._live["metadata"]["uid"]}, **self._holding(groups)}
        parameters = {"fieldManager": FIELD_MANAGER}
        try:
            self.cluster.request("PATCH", self.path, params=parameters, body=body, content_type=PATCH_MERGE)
        except ApiError as error:
            if error.code in (404, 409):
                raise self._taken() from error
            raise
        self._changed(f"{self.run}-false")

    def remove(self) -> None:
        """Delete what stands there; nothing when nothing does."""
        if not self.run:
            return
        body = {"preconditions": {"uid": self._live["metadata"]["uid"]}}
        try:
            self.cluster.request("DELETE", self.path, body=body)
        except ApiError as error:
            if error.code == 409:
                raise self._taken() from error
            if error.code != 404:
                raise
        self.run = ""
        self._changed(None)

    def _holding(self, groups: list[dict[str, Any]]) -> Object:
        """The part of the object that holds rule groups; JSON is a YAML that rule files may be."""
        if self.kind == "PrometheusRule":
            return {"spec": {"groups": groups}}
        return {"data": {f"{self.name}.yml": json.dumps({"groups": groups})}}

    def _held(self) -> list[dict[str, Any]]:
        """The groups that stand there."""
        if self.kind == "PrometheusRule":
            return list(self._live["spec"]["groups"])
        return [group for text in self._live["data"].values() for group in json.loads(text)["groups"]]

    def _taken(self) -> MetricsError:
        return MetricsError(f"{self} was removed or replaced while its alert was under way; does another run use the same name?")


def texts(labels: Mapping[str, Any]) -> dict[str, str]:
    """Labels as Kubernetes and Prometheus take them. MetricsError for the one that is not the caller's."""
    if RUN in labels:
        raise MetricsError(f"labels must not name {RUN}: the module sets it, to tell one run from another.")
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in labels.items()}
