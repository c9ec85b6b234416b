# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The PrometheusRule of the test alert: true at first, then false, then gone."""

from __future__ import annotations

from collections.abc import Mapping
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
    """One object of a fixed name, ours alone; `run` is the run whose rule stands there, empty when none does."""

    def __init__(self, cluster: Cluster, namespace: str, name: str) -> None:
        self.cluster = cluster
        self.namespace, self.name = namespace, name
        self.folder = f"/apis/{API_VERSION}/namespaces/{namespace}/prometheusrules"
        self.path = f"{self.folder}/{name}"
        self.run = ""
        self._live: Object = {}

    def __str__(self) -> str:
        return f"PrometheusRule {self.namespace}/{self.name}"

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
            "apiVersion": API_VERSION,
            "kind": "PrometheusRule",
            "metadata": {
                "name": self.name,
                "namespace": self.namespace,
                "labels": {"app.kubernetes.io/managed-by": FIELD_MANAGER, **texts(rule_labels), MARK: run},
            },
            "spec": {"groups": [{"name": self.name, "interval": INTERVAL, "rules": [rule]}]},
        }
        try:
            self._live = self.cluster.request("POST", self.folder, params={"fieldManager": FIELD_MANAGER}, body=body)
        except ApiError as error:
            if error.code == 404:
                raise MetricsError(
                    f"{self} cannot be made on {self.cluster.server}: namespace or kind is missing. Check namespace, and install "
                    "the CRDs of the Prometheus Operator."
                ) from error
            if error.code == 409:
                raise MetricsError(f"{self} was made by another run just now; wait for it to end.") from error
            raise
        self.run = run

    def make_false(self) -> None:
        """Change its expression. Name and labels stay: by them Prometheus knows the alert to resolve."""
        groups = [
            {**group, "rules": [{**rule, "expr": FALSE} for rule in group["rules"]]} for group in self._live["spec"]["groups"]
        ]
        body = {"metadata": {"uid": self._live["metadata"]["uid"]}, "spec": {"groups": groups}}
        parameters = {"fieldManager": FIELD_MANAGER}
        try:
            self.cluster.request("PATCH", self.path, params=parameters, body=body, content_type=PATCH_MERGE)
        except ApiError as error:
            if error.code in (404, 409):
                raise self._taken() from error
            raise

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

    def _taken(self) -> MetricsError:
        return MetricsError(f"{self} was removed or replaced while its alert was under way; does another run use the same name?")


def texts(labels: Mapping[str, Any]) -> dict[str, str]:
    """Labels as Kubernetes and Prometheus take them. MetricsError for the one that is not the caller's."""
    if RUN in labels:
        raise MetricsError(f"labels must not name {RUN}: the module sets it, to tell one run from another.")
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in labels.items()}
