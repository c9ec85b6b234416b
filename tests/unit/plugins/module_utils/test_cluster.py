# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One connection to one API server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import Answer, FakeServer, Refused, Request

OK = Answer(200, {"kind": "Status"})
DOWN = Answer(503, "the server is starting")


def script(server: FakeServer, *answers: Answer | Exception) -> None:
    """Let the server give these answers, the last one for ever."""
    left = list(answers)

    def answer(_request: Request) -> Answer:
        given = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(given, Exception):
            raise given
        return given

    server.answers.append(answer)


@pytest.mark.parametrize("outage", [DOWN, ConnectionError("refused"), Answer(429, "too many")])
def test_a_server_that_has_answered_before_is_tried_again(
    server: FakeServer, cluster: Cluster, outage: Answer | Exception
) -> None:
    script(server, OK, outage, outage, OK)
    cluster.get("/version")
    assert cluster.get("/version") == {"kind": "Status"}
    assert len(server.requests) == 4


@pytest.mark.parametrize("outage", [DOWN, ConnectionError("refused")], ids=["503", "no connection"])
def test_a_server_that_has_never_answered_is_given_up_soon(
    server: FakeServer, cluster: Cluster, outage: Answer | Exception
) -> None:
    script(server, outage)
    with pytest.raises(MetricsError, match="No answer from the API server"):
        cluster.get("/version")
    assert server.now - 1000.0 <= _cluster.FIRST_RETRY_SECONDS


def test_the_time_of_trying_again_is_bounded_by_the_clock(server: FakeServer, cluster: Cluster) -> None:
    script(server, OK, ConnectionError("refused"))
    cluster.get("/version")
    with pytest.raises(MetricsError) as caught:
        cluster.get("/api")
    assert 50 < server.now - 1000.0 <= _cluster.RETRY_SECONDS
    assert "No answer from the API server https://fake:6443 (GET /api): ConnectionError: refused" in caught.value.message


def test_a_status_that_may_be_somebody_elses_is_not_tried_again(server: FakeServer, cluster: Cluster) -> None:
    script(server, OK, DOWN)
    cluster.get("/version")
    with pytest.raises(ApiError):
        cluster.request("GET", "/proxy", retried=())
    assert len(server.requests) == 2


def test_a_refusal_names_server_request_and_reason_and_carries_its_causes(server: FakeServer, cluster: Cluster) -> None:
    causes = [{"reason": "FieldManagerConflict", "field": ".spec.replicas"}]
    script(server, Refused(409, "Conflict", "Apply failed", causes=causes).answer)
    with pytest.raises(ApiError) as caught:
        cluster.request("PATCH", "/api/v1/x", body={})
    assert caught.value.message == "https://fake:6443: PATCH /api/v1/x: 409 Conflict: Apply failed"
    assert (caught.value.code, caught.value.reason, caught.value.causes) == (409, "Conflict", causes)
    assert caught.value.details == {"status_code": 409, "reason": "Conflict"}


@pytest.mark.parametrize("body", ["<html>gateway</html>", ["a list"]])
def test_a_refusal_that_is_no_status_is_quoted(server: FakeServer, cluster: Cluster, body: Any) -> None:
    script(server, Answer(500, body))
    with pytest.raises(ApiError, match=r"500 : .*(gateway|a list)"):
        cluster.get("/version")


def test_find_gives_none_for_404_only(server: FakeServer, cluster: Cluster) -> None:
    assert cluster.find("/api/v1/namespaces/metrics/secrets/none") is None
    server.fail("GET", ".*", 403, "Forbidden", "no")
    with pytest.raises(ApiError, match="Forbidden"):
        cluster.find("/api/v1/namespaces/metrics/secrets/none")


def test_a_list_is_read_page_by_page(server: FakeServer, cluster: Cluster) -> None:
    pages = {None: ({"kind": "a"}, "next"), "next": ({"kind": "b"}, "")}

    def page(request: Request) -> Answer:
        item, token = pages[request.params.get("continue")]
        return Answer(200, {"metadata": {"continue": token}, "items": [item]})

    server.answers.append(page)
    assert list(cluster.list("/api/v1/pods", labelSelector="a=b")) == [{"kind": "a"}, {"kind": "b"}]
    assert all(request.params["labelSelector"] == "a=b" for request in server.requests)


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Callable[[str], str]:
    def write(user: str) -> str:
        file = tmp_path / "kubeconfig"
        clusters = "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]"
        contexts = "current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]"
        file.write_text(f"{clusters}\n{contexts}\nusers: [{{name: u, user: {{{user}}}}}]")
        return str(file)

    return write


def test_connecting_asks_the_server_nothing_and_a_server_that_is_not_there_is_named(kubeconfig: Callable[[str], str]) -> None:
    cluster = _cluster.connect({"kubeconfig": kubeconfig("token: secret")}, {})
    with pytest.raises(MetricsError, match=r"No answer from the API server https://127.0.0.1:1 .*ConnectError") as caught:
        cluster.get("/version")
    assert "secret" not in caught.value.message
