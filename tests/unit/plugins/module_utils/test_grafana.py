# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP API of Grafana, asked over HTTP of a server that answers as Grafana does.

Grafana's image is in no package registry, so no integration test can meet a real one. The answers have the form of Grafana 13:
https://grafana.com/docs/grafana/latest/developer-resources/api-reference/http-api/ and, for statuses, its pkg/api.
"""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _grafana
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._grafana import Login, judge_datasources
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer

ADMIN = Login("root", "correct horse")
SECRET = {"namespace": "metrics", "name": "grafana-admin", "user_key": "admin-user", "password_key": "admin-password"}
UIDS = ["thanos", "prometheus", "alertmanager"]
SEARCH = "/api/search?type=dash-db&limit=5000"


def source(uid: str, kind: str = "prometheus", *, default: bool = False, **fields: Any) -> dict[str, Any]:
    return {
        **{"id": 1, "uid": uid, "orgId": 1, "name": uid.title(), "type": kind, "typeName": kind.title(), "access": "proxy"},
        **{"url": f"http://{uid}", "user": "", "database": "", "basicAuth": False, "isDefault": default, "readOnly": True},
        **{"jsonData": {}, **fields},
    }


def dashboard(uid: str) -> dict[str, Any]:
    place = {"url": f"/d/{uid}/{uid}", "folderUid": "metrics", "folderTitle": "Metrics"}
    return {"id": 1, "orgId": 1, "uid": uid, "title": uid.title(), "type": "dash-db", "tags": [], "isStarred": False, **place}


def refusal(code: int, message: str, message_id: str = "") -> tuple[int, dict[str, Any]]:
    return code, {"message": message, "messageId": message_id, "statusCode": code, "traceID": ""}


class FakeGrafana:
    """`answers` are bodies, or a status and a body, by path; all but the health wants `authorization`. `asked` are the paths."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.authorization = ADMIN.authorization
        self.asked: list[str] = []
        alertmanager = source("alertmanager", "alertmanager", jsonData={"implementation": "prometheus"})
        self.answers: dict[str, Any] = {
            "/api/health": {"database": "ok", "version": "13.2.3", "commit": "1a2b3c"},
            "/api/datasources": [source("thanos", default=True), source("prometheus"), alertmanager],
            "/api/datasources/uid/thanos/health": {"status": "OK", "message": "queried"},
            "/api/datasources/uid/prometheus/health": {"status": "OK", "message": "queried"},
            "/api/datasources/uid/alertmanager/health": refusal(500, "Plugin unavailable", "plugin.unavailable"),
            "/api/datasources/proxy/uid/alertmanager/api/v2/status": {"cluster": {"status": "ready"}},
            SEARCH: [dashboard("nodes"), dashboard("pods")],
        }

    def answer(self, path: str, authorization: str | None) -> tuple[int, Any]:
        self.asked.append(path)
        if not path.endswith("/api/health") and authorization != self.authorization:
            return refusal(401, "Invalid username or password", "password-auth.failed")
        given = self.answers.get(path, refusal(404, "Not found"))
        return given if isinstance(given, tuple) else (200, given)


@pytest.fixture
def grafana() -> Iterator[FakeGrafana]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, body = fake.answer(self.path, self.headers.get("Authorization"))
            self.send_response(code)
            self.send_header("Content-Type", "text/html" if isinstance(body, str) else "application/json; charset=UTF-8")
            self.end_headers()
            self.wfile.write((body if isinstance(body, str) else json.dumps(body)).encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as web:
        fake = FakeGrafana(f"http://127.0.0.1:{web.server_port}")
        threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True).start()
        yield fake
        web.shutdown()


def wait(grafana: FakeGrafana, cluster: Cluster, attempts: Any = (1,), **options: Any) -> dict[str, Any]:
    wanted = {"datasources": UIDS, "dashboards": ["nodes"], "min_dashboards": 2}
    settings = {"via": "url", "url": grafana.url, "headers": None, "timeout": 5, **wanted}
    return _grafana.wait_for(cluster, ADMIN, {**settings, **options}, attempts)


def findings(grafana: FakeGrafana, cluster: Cluster, **options: Any) -> list[str]:
    with pytest.raises(MetricsError) as caught:
        wait(grafana, cluster, **options)
    for finding in caught.value.details["findings"]:
        assert f"- {finding}" in caught.value.message
    assert grafana.url in caught.value.message
    return caught.value.details["findings"]


def test_what_works_is_reported_without_urls_or_settings(grafana: FakeGrafana, cluster: Cluster) -> None:
    seen = wait(grafana, cluster)
    assert (seen["health"], seen["dashboards"]) == ({"database": "ok", "version": "13.2.3", "commit": "1a2b3c"}, 2)
    assert list(seen["datasources"]) == UIDS
    shown = {"name": "Thanos", "type": "prometheus", "isDefault": True, "status": "OK", "message": "queried"}
    assert seen["datasources"]["thanos"] == shown


def test_one_failure_says_all_that_is_wrong(grafana: FakeGrafana, cluster: Cluster) -> None:
    grafana.answers["/api/health"] = 503, {"database": "failing", "version": "13.2.3"}
    grafana.answers["/api/datasources"] = [source("prometheus"), source("thanos")]
    grafana.answers["/api/datasources/uid/thanos/health"] = 400, {"status": "ERROR", "message": "connection refused"}
    grafana.answers[SEARCH] = []
    assert findings(grafana, cluster) == [
        "its database is failing, not ok",
        "it has no datasource alertmanager; it has prometheus, thanos",
        "it has 0 default datasources (none), it must have exactly one",
        "datasource thanos (prometheus) is ERROR: connection refused",
        "it has no dashboard nodes",
        "it has 0 dashboards, at least 2 are expected",
    ]


def test_dashboards_of_others_do_not_stand_for_those_expected(grafana: FakeGrafana, cluster: Cluster) -> None:
    grafana.answers[SEARCH] = [dashboard(f"foreign-{number}") for number in range(24)] + [dashboard("pods")]
    assert findings(grafana, cluster, dashboards=["nodes", "pods", "kubelet"]) == ["it has no dashboard nodes, kubelet"]


def test_any_dashboards_do_where_none_is_named(grafana: FakeGrafana, cluster: Cluster) -> None:
    assert wait(grafana, cluster, dashboards=[])["dashboards"] == 2
    assert findings(grafana, cluster, dashboards=[], min_dashboards=3) == ["it has 2 dashboards, at least 3 are expected"]


def test_what_was_wrong_stands_beside_what_could_not_be_asked(grafana: FakeGrafana, cluster: Cluster) -> None:
    grafana.answers["/api/datasources/uid/thanos/health"] = refusal(500, "Plugin health check failed", "plugin.failedHealthCheck")
    grafana.answers[SEARCH] = refusal(500, "Search failed")
    unhealthy, silent = findings(grafana, cluster)
    assert unhealthy == "datasource thanos (prometheus) is ERROR: Plugin health check failed"
    assert "answered /api/search with 500" in silent


def test_it_is_waited_for(grafana: FakeGrafana, cluster: Cluster) -> None:
    def attempts() -> Iterator[int]:
        grafana.answers["/api/health"], healthy = (503, {"database": "failing"}), grafana.answers["/api/health"]
        yield 1
        grafana.answers["/api/health"] = healthy
        yield 2

    assert wait(grafana, cluster, attempts())["health"]["database"] == "ok"


def test_a_refused_login_is_not_tried_again_and_not_shown(grafana: FakeGrafana, cluster: Cluster) -> None:
    grafana.authorization = "Basic of-another"
    with pytest.raises(MetricsError, match="keeps the password it was made with") as caught:
        wait(grafana, cluster, (1, 2, 3))
    assert grafana.asked == ["/api/health", "/api/datasources"]
    assert caught.value.details["health"]["database"] == "ok"
    shown = f"{caught.value.message} {caught.value.details} {ADMIN}"
    assert not [word for word in (ADMIN.user, ADMIN.password, ADMIN.authorization) if word in shown]


def test_a_path_that_is_not_there_is_told_at_once_with_what_to_check(grafana: FakeGrafana, cluster: Cluster) -> None:
    with pytest.raises(MetricsError, match=r"/api/health with 404: .*path_prefix") as caught:
        wait(grafana, cluster, (1, 2, 3), path_prefix="/grafana")
    assert grafana.asked == ["/grafana/api/health"]
    assert len(caught.value.details["findings"]) == 1


def test_a_login_without_the_right_to_see_datasources_is_refused_too(grafana: FakeGrafana, cluster: Cluster) -> None:
    grafana.answers["/api/datasources"] = refusal(403, "You'll need additional permissions to perform this action.")
    (finding,) = findings(grafana, cluster)
    assert "403" in finding
    assert "credentials_secret" in finding


def test_what_is_no_grafana_is_not_waited_for(grafana: FakeGrafana, cluster: Cluster) -> None:
    grafana.answers["/api/health"] = "<html>"
    attempts = iter((1, 2))
    with pytest.raises(MetricsError, match="something else than the Grafana API gives: '<html>'"):
        wait(grafana, cluster, attempts)
    assert next(attempts) == 2


@pytest.mark.parametrize(("implementation", "prefix"), [("prometheus", ""), ("mimir", "/alertmanager")])
def test_alertmanager_itself_is_asked_since_its_datasource_has_no_health(
    grafana: FakeGrafana, cluster: Cluster, implementation: str, prefix: str
) -> None:
    kept = source("alertmanager", "alertmanager", default=True, jsonData={"implementation": implementation})
    path = f"/api/datasources/proxy/uid/alertmanager{prefix}/api/v2/status"
    grafana.answers |= {"/api/datasources": [kept], path: {"cluster": {}}}
    assert wait(grafana, cluster, datasources=[])["datasources"]["alertmanager"]["status"] == "OK"
    grafana.answers[path] = 502, "no route to host"
    (finding,) = findings(grafana, cluster, datasources=[])
    assert finding.startswith("datasource alertmanager (alertmanager) is ERROR:")
    assert "502: no route to host" in finding


@pytest.mark.parametrize(("code", "why"), [(500, "plugin.unavailable"), (404, "plugin.notImplemented")])
def test_a_datasource_whose_type_has_no_health_fails_nothing(grafana: FakeGrafana, cluster: Cluster, code: int, why: str) -> None:
    grafana.answers["/api/datasources"] = [source("thanos", default=True), source("github", "browser")]
    grafana.answers["/api/datasources/uid/github/health"] = refusal(code, "no", why)
    assert wait(grafana, cluster, datasources=["thanos", "github"])["datasources"]["github"]["status"] == "UNKNOWN"


def test_a_datasource_whose_plugin_is_not_there_is_not_healthy(grafana: FakeGrafana, cluster: Cluster) -> None:
    grafana.answers["/api/datasources/uid/thanos/health"] = refusal(404, "Plugin not registered", "plugin.notRegistered")
    assert findings(grafana, cluster) == ["datasource thanos (prometheus) is ERROR: Plugin not registered"]


def test_a_datasource_that_could_not_be_asked_is_not_healthy(grafana: FakeGrafana, cluster: Cluster) -> None:
    grafana.answers["/api/datasources/uid/thanos/health"] = 502, "<html>Bad Gateway"
    (finding,) = findings(grafana, cluster)
    assert finding.startswith("datasource thanos (prometheus) is ERROR:")
    assert "502: <html>Bad Gateway" in finding


def test_datasources_that_are_not_expected_may_be_ill_unless_none_is_named(grafana: FakeGrafana, cluster: Cluster) -> None:
    grafana.answers["/api/datasources/uid/prometheus/health"] = 400, {"status": "ERROR", "message": "gone"}
    assert list(wait(grafana, cluster, datasources=["thanos"])["datasources"]) == ["thanos"]
    assert findings(grafana, cluster, datasources=[]) == ["datasource prometheus (prometheus) is ERROR: gone"]


def test_the_first_expected_datasource_is_the_one_default() -> None:
    both = [source("thanos", default=True), source("prometheus")]
    assert list(judge_datasources(both, ["thanos", "prometheus"])) == []
    assert list(judge_datasources(both, [])) == []
    assert list(judge_datasources(both, ["prometheus"])) == ["its default datasource is thanos, prometheus is expected"]
    twice = [source("thanos", default=True), source("prometheus", default=True)]
    assert list(judge_datasources(twice, [])) == ["it has 2 default datasources (thanos, prometheus), it must have exactly one"]


@pytest.mark.parametrize(
    ("defaults", "finding"),
    [
        ([], "it has 0 default datasources (none), it must have exactly one"),
        (["prometheus"], "its default datasource is prometheus, thanos is expected"),
        (["thanos", "prometheus"], "it has 2 default datasources (thanos, prometheus), it must have exactly one"),
    ],
)
def test_another_default_than_the_one_expected_is_a_finding(
    defaults: list[str], finding: str, grafana: FakeGrafana, cluster: Cluster
) -> None:
    grafana.answers["/api/datasources"] = [source(uid, default=uid in defaults) for uid in ("thanos", "prometheus")]
    assert findings(grafana, cluster, datasources=["thanos", "prometheus"]) == [finding]


def test_headers_are_sent_along_and_do_not_replace_the_login(grafana: FakeGrafana, cluster: Cluster) -> None:
    wait(grafana, cluster, headers={"X-Grafana-Org-Id": "1", "Authorization": "Basic of-another"})


def test_a_way_that_carries_no_login_is_refused(grafana: FakeGrafana, cluster: Cluster) -> None:
    with pytest.raises(MetricsError, match="via: proxy does not carry a login"):
        wait(grafana, cluster, via="proxy")
    assert grafana.asked == []


def put_secret(server: FakeServer, **data: str) -> None:
    encoded = {name.replace("_", "-"): b64encode(value.encode()).decode() for name, value in data.items()}
    metadata = {"name": "grafana-admin", "namespace": "metrics"}
    server.put({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": encoded})


def test_the_login_is_read_in_the_cluster(server: FakeServer, cluster: Cluster) -> None:
    put_secret(server, admin_user="root", admin_password="correct horse\n")
    assert _grafana.login(cluster, SECRET) == ADMIN
