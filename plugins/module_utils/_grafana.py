# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP API of Grafana, and whether it has the datasources and dashboards that it was given.

https://grafana.com/docs/grafana/latest/developers/http_api/
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ansible_collections.longterm.metrics.plugins.module_utils import _endpoint, _secret
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, EndpointError, ask, may_pass
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one

# The most that one search returns.
MOST_DASHBOARDS = 5000
# What Grafana says of the health of a datasource whose plugin lives in the browser alone, or does not check itself.
WITHOUT_HEALTH = ("plugin.unavailable", "plugin.notImplemented")
LOGIN_REFUSED = (
    " The login in credentials_secret is not taken: a Grafana that keeps its database keeps the password it was made with "
    "(grafana cli admin reset-admin-password changes it), and auth.basic must be enabled."
)
HINTS = {401: LOGIN_REFUSED, 403: LOGIN_REFUSED, 404: " Check service, port, url and path_prefix."}


@dataclass(frozen=True)
class Login:
    """Not a tuple or a dict, and silent in messages: nothing prints it by accident."""

    user: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def authorization(self) -> str:
        """The value of the HTTP header."""
        return f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"


def login(cluster: Cluster, reference: Mapping[str, str]) -> Login:
    """The administrator's login, from the Secret that `credentials_secret` names, read as Grafana reads it from files."""
    return Login(*_secret.credentials(cluster, reference, "user_key", "password_key"))


class Grafana:
    """Questions to one Grafana."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def health(self) -> dict[str, str]:
        """database (ok, or failing, which comes with a status of 503), and version unless it is hidden. Needs no login."""
        try:
            return self._get("/api/health", dict)
        except EndpointError as error:
            if "database" not in (said := _said(error)):
                raise
            return said

    def datasources(self) -> list[dict[str, Any]]:
        """All datasources: uid, name, type, isDefault, jsonData, ..."""
        return self._get("/api/datasources", list)

    def dashboards(self) -> list[dict[str, Any]]:
        """All dashboards: uid, title, folderTitle, ..."""
        return self._get("/api/search", list, type="dash-db", limit=MOST_DASHBOARDS)

    def datasource_health(self, source: Mapping[str, Any]) -> tuple[str, str]:
        """Its status (OK, ERROR or UNKNOWN) and message."""
        uid = quote(source["uid"], safe="")
        try:
            if source["type"] == "alertmanager":
                # Its plugin has no backend and so no health: Alertmanager itself is asked, the way its page does it.
                mimir = (source.get("jsonData") or {}).get("implementation") != "prometheus"
                self._get(f"/api/datasources/proxy/uid/{uid}{'/alertmanager' if mimir else ''}/api/v2/status", dict)
                return "OK", "Alertmanager told its status."
            answer = self._get(f"/api/datasources/uid/{uid}/health", dict)
        except EndpointError as error:
            said = _said(error)
            if said.get("messageId") in WITHOUT_HEALTH:
                return "UNKNOWN", "The plugin of this type has no health."
            return "ERROR", said.get("message") or error.message
        return answer.get("status") or "ERROR", answer.get("message") or ""

    def _get(self, path: str, shape: type, **parameters: Any) -> Any:
        return ask(self.endpoint, "Grafana", path, shape, **parameters)


def _said(error: EndpointError) -> dict[str, Any]:
    """Grafana's own words (of a refusal: message, messageId) when it gave any."""
    try:
        body = json.loads(error.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


@dataclass
class Report:
    """What one look at Grafana saw, and all that is wrong."""

    health: dict[str, str] = field(default_factory=dict)
    datasources: dict[str, dict[str, Any]] = field(default_factory=dict)
    dashboards: int = 0
    findings: list[str] = field(default_factory=list)

    def look(self, grafana: Grafana, expected: Sequence[str], dashboards: Sequence[str], min_dashboards: int) -> None:
        """Ask all there is to ask. Raises MetricsError where Grafana does not answer."""
        self.health = grafana.health()
        if self.health.get("database") != "ok":
            self.findings.append(f"its database is {self.health.get('database')}, not ok")
        sources = grafana.datasources()
        for source in sources:
            if not expected or source["uid"] in expected:
                status, message = grafana.datasource_health(source)
                shown = {name: source[name] for name in ("name", "type", "isDefault")}
                self.datasources[source["uid"]] = {**shown, "status": status, "message": message}
        self.findings += judge_datasources(sources, expected)
        self.findings += [
            f"datasource {uid} ({source['type']}) is {source['status']}: {source['message']}"
            for uid, source in self.datasources.items()
            if source["status"] not in ("OK", "UNKNOWN")
        ]
        uids = {dashboard["uid"] for dashboard in grafana.dashboards()}
        self.dashboards = len(uids)
        if missing := [uid for uid in dashboards if uid not in uids]:
            self.findings.append(f"it has no dashboard {', '.join(missing)}")
        if self.dashboards < min_dashboards:
            self.findings.append(f"it has {self.dashboards} dashboards, at least {min_dashboards} are expected")

    def result(self) -> dict[str, Any]:
        """The module's return values."""
        return {"health": self.health, "datasources": self.datasources, "dashboards": self.dashboards}


def judge_datasources(sources: Sequence[Mapping[str, Any]], expected: Sequence[str]) -> Iterator[str]:
    """What is wrong with the datasources there are; the first of the uids that are expected is to be the default."""
    uids = [source["uid"] for source in sources]
    defaults = [source["uid"] for source in sources if source["isDefault"]]
    if missing := [uid for uid in expected if uid not in uids]:
        yield f"it has no datasource {', '.join(missing)}; it has {', '.join(uids) or 'none'}"
    if len(defaults) != 1:
        yield f"it has {len(defaults)} default datasources ({', '.join(defaults) or 'none'}), it must have exactly one"
    elif expected and defaults != list(expected[:1]):
        yield f"its default datasource is {defaults[0]}, {expected[0]} is expected"


def wait_for(cluster: Cluster, admin: Login, options: Mapping[str, Any], attempts: Iterable[int]) -> dict[str, Any]:
    """Look until nothing is wrong; the module's return values. MetricsError with all findings."""
    if options["via"] == "proxy":
        raise MetricsError("via: proxy does not carry a login to Grafana; take port_forward or url.")
    settings = {**options, "headers": {**(options["headers"] or {}), "Authorization": admin.authorization}}
    report = Report()
    for _attempt in attempts:
        report = Report()
        try:
            with _endpoint.open_endpoint(cluster, settings) as endpoint:
                report.look(Grafana(endpoint), options["datasources"], options["dashboards"], options["min_dashboards"])
        except MetricsError as error:
            hint = HINTS.get(error.code, "") if isinstance(error, EndpointError) else ""
            report.findings.append(error.message + hint)
            # Asked with a wrong password again and again, Grafana would lock the administrator out.
            if not may_pass(error):
                break
        if not report.findings:
            return report.result()
    name = options["url"] if options["via"] == "url" else f"behind Service {options['namespace']}/{options['service']}"
    raise MetricsError(
        f"Grafana {name} is not as it should be:\n{one_by_one(report.findings)}\n"
        "Look at the logs of its pod; for dashboards, at that of the container that collects them.",
        **report.result(),
        findings=report.findings,
    )
