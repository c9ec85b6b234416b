# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP API of Prometheus, and what Thanos Query adds to it.

https://prometheus.io/docs/prometheus/latest/querying/api/ and https://thanos.io/tip/components/query.md/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, EndpointError, unexpected

# Option name -> parameter of Thanos Query's API; Prometheus ignores those it does not know.
PARAMETERS = {
    "time": "time",
    "start": "start",
    "end": "end",
    "step": "step",
    "dedup": "dedup",
    "replica_labels": "replicaLabels[]",
    "store_matches": "storeMatch[]",
    "max_source_resolution": "max_source_resolution",
    "partial_response": "partial_response",
    "engine": "engine",
    "query_timeout": "timeout",
}
SHOWN_SERIES = 3
NAN = "NaN"


class PrometheusError(EndpointError):
    """An error of the API; `error_type` is its errorType (bad_data, execution, timeout, ...), empty when it gave none."""

    def __init__(self, message: str, code: int, error_type: str = "", *, hangs: bool = False) -> None:
        super().__init__(message, code, hangs=hangs)
        self.details["error_type"] = self.error_type = error_type


@dataclass(frozen=True)
class Answer:
    """A query's answer: `result_type` is vector, matrix, scalar or string, `result` the API's data.result."""

    result_type: str
    result: Any
    warnings: list[str]

    @property
    def series(self) -> int:
        return len(self.result) if self.result_type in ("vector", "matrix") else 0

    @property
    def is_nan(self) -> bool:
        """Whether there are samples, and all of them are NaN, as of a share of nothing."""
        if self.result_type == "scalar":
            return bool(self.result[1] == NAN)
        if self.result_type not in ("vector", "matrix") or any("histogram" in one or "histograms" in one for one in self.result):
            return False
        samples = [pair for one in self.result for pair in (*one.get("values", ()), one.get("value")) if pair]
        return bool(samples) and all(value == NAN for _time, value in samples)


class Prometheus:
    """Questions to one Prometheus, or to one Thanos Query."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def query(self, query: str, options: Mapping[str, Any] | None = None) -> Answer:
        """An instant query, or a range query when `options` has a start; the names of the options are those of PARAMETERS."""
        given = {name: value for name, value in (options or {}).items() if name in PARAMETERS and value not in (None, [])}
        path = "/api/v1/query_range" if "start" in given else "/api/v1/query"
        body = self._get(path, f"query {query!r}", query=query, **{PARAMETERS[name]: value for name, value in given.items()})
        data = body["data"]
        return Answer(data["resultType"], data["result"], body.get("warnings") or [])

    def label_values(self, label: str, selector: str = "", **period: float) -> list[str]:
        """The values of a label, in the series of a selector; `period` has start and end as Unix times."""
        given = {"match[]": selector, **period} if selector else period
        found: list[str] = self._get(f"/api/v1/label/{label}/values", f"values of {label} in {selector!r}", **given)["data"]
        return found or []

    def now(self) -> float:
        """The server's own clock, as a Unix time in seconds."""
        return float(self.query("time()").result[1])

    def targets(self) -> list[dict[str, Any]]:
        """The active targets."""
        return self._get("/api/v1/targets", "targets", state="active")["data"]["activeTargets"]

    def rules(self) -> list[dict[str, Any]]:
        """The groups of rules."""
        return self._get("/api/v1/rules", "rules")["data"]["groups"]

    def alertmanagers(self) -> list[str]:
        """The URLs of the Alertmanagers it sends alerts to."""
        return [entry["url"] for entry in self._get("/api/v1/alertmanagers", "alertmanagers")["data"]["activeAlertmanagers"]]

    def stores(self) -> dict[str, list[dict[str, Any]]]:
        """Thanos Query's stores by kind: sidecar, store, receive, rule, query."""
        return self._get("/api/v1/stores", "stores")["data"] or {}

    def buildinfo(self) -> dict[str, str]:
        return self._get("/api/v1/status/buildinfo", "buildinfo")["data"]

    def _get(self, path: str, what: str, **parameters: Any) -> dict[str, Any]:
        try:
            body = self.endpoint.get(path, **parameters)
        except EndpointError as error:
            raise _refusal(self.endpoint.name, path, what, error) from error
        if not isinstance(body, dict) or body.get("status") != "success":
            raise unexpected(self.endpoint, "Prometheus", path, body)
        return body


def _refusal(name: str, path: str, what: str, error: EndpointError) -> PrometheusError:
    """The API's own words ({"status": "error", "errorType", "error"}) when it gave any."""
    try:
        body = json.loads(error.body)
    except ValueError:
        body = None
    if isinstance(body, dict) and body.get("error"):
        kind = body.get("errorType") or ""
        late = kind in ("timeout", "canceled") or "deadline exceeded" in body["error"]
        return PrometheusError(f"{name} refused {what} ({error.code} {kind}): {body['error']}", error.code, kind, hangs=late)
    hint = " Check path_prefix: the server may have a route prefix." if error.code == 404 else ""
    return PrometheusError(f"{' '.join(error.message.split())} ({what}).{hint}", error.code, hangs=error.hangs)


def describe(answer: Answer) -> str:
    """An answer in short, for a message: number of series, the first few with their last value."""
    if answer.result_type not in ("vector", "matrix"):
        return f"the {answer.result_type} {answer.result[1]}"
    shown = [f"{_name_of(series['metric'])} {_last_value(series)}" for series in answer.result[:SHOWN_SERIES]]
    more = [f"and {answer.series - SHOWN_SERIES} more"] if answer.series > SHOWN_SERIES else []
    return f"{answer.series} series" + (f": {', '.join([*shown, *more])}" if shown else "")


def _name_of(metric: Mapping[str, str]) -> str:
    labels = ", ".join(f'{name}="{value}"' for name, value in metric.items() if name != "__name__")
    return f"{metric.get('__name__', '')}{{{labels}}}"[:200]


def _last_value(series: Mapping[str, Any]) -> str:
    if "values" in series:
        return f"{series['values'][-1][1]} ({len(series['values'])} samples)"
    return str(series["value"][1]) if "value" in series else "(histogram)"
