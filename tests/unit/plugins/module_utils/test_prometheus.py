# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP API of Prometheus and Thanos Query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import (
    Answer,
    Prometheus,
    PrometheusError,
    describe,
)

Handler = Callable[[httpx2.Request], httpx2.Response]
VECTOR = {"resultType": "vector", "result": [{"metric": {"__name__": "up", "job": "a"}, "value": [1795176560.1, "1"]}]}


def asking(handler: Handler, prefix: str = "") -> Prometheus:
    return Prometheus(Endpoint("Prometheus x", "http://x", httpx2.Client(transport=httpx2.MockTransport(handler)), prefix=prefix))


def answering(data: Any, **more: Any) -> tuple[Prometheus, list[httpx2.Request]]:
    requests: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return httpx2.Response(200, json={"status": "success", "data": data, **more})

    return asking(handler), requests


def refusing(status: int, **body: Any) -> Prometheus:
    return asking(lambda _request: httpx2.Response(status, **body))


def test_an_instant_query_gives_type_result_and_warnings() -> None:
    prometheus, requests = answering(VECTOR, warnings=["store away"])
    assert prometheus.query("up") == Answer("vector", VECTOR["result"], ["store away"])
    assert (requests[0].url.path, requests[0].url.params.multi_items()) == ("/api/v1/query", [("query", "up")])


def test_what_is_set_is_sent_in_the_words_of_thanos_and_what_is_not_is_left_to_the_server() -> None:
    prometheus, requests = answering(VECTOR)
    options = {"dedup": False, "replica_labels": ["a", "b"], "store_matches": ['{x="y"}'], "partial_response": True, "time": None}
    prometheus.query("up", {**options, "max_source_resolution": "5m", "engine": "thanos", "namespace": "monitoring"})
    assert sorted(requests[0].url.params.multi_items()) == [
        ("dedup", "false"),
        ("engine", "thanos"),
        ("max_source_resolution", "5m"),
        ("partial_response", "true"),
        ("query", "up"),
        ("replicaLabels[]", "a"),
        ("replicaLabels[]", "b"),
        ("storeMatch[]", '{x="y"}'),
    ]


def test_a_start_makes_it_a_range_query() -> None:
    prometheus, requests = answering({"resultType": "matrix", "result": []})
    prometheus.query("up", {"start": "1", "end": "2", "step": "30s"})
    assert requests[0].url.path == "/api/v1/query_range"
    assert requests[0].url.params["step"] == "30s"


def test_only_vectors_and_matrices_have_series() -> None:
    assert Answer("vector", VECTOR["result"], []).series == 1
    assert Answer("scalar", [1, "5"], []).series == 0


def test_the_clock_of_the_server_is_asked_for() -> None:
    prometheus, _requests = answering({"resultType": "scalar", "result": [1795176548.004, "1795176548.004"]})
    assert prometheus.now() == 1795176548.004


def test_a_refused_query_fails_in_the_words_of_the_api_with_query_and_endpoint() -> None:
    body = {"status": "error", "errorType": "bad_data", "error": "1:4: parse error: unexpected end of input inside braces"}
    with pytest.raises(PrometheusError) as caught:
        refusing(400, json=body).query("up{")
    for part in ("Prometheus x", "'up{'", "bad_data", "1:4: parse error"):
        assert part in caught.value.message
    assert caught.value.error_type == "bad_data"


def test_a_missing_path_points_to_the_route_prefix() -> None:
    with pytest.raises(PrometheusError, match="path_prefix"):
        refusing(404, text="404 page not found\n").query("up")


def test_another_server_is_told_from_prometheus() -> None:
    with pytest.raises(EndpointError, match=r"something else than the Prometheus API gives.*<html>Log in"):
        refusing(200, html="<html>Log in</html>").query("up")


def test_an_answer_is_described_in_short() -> None:
    result = [{"metric": {"__name__": "up", "job": str(number)}, "value": [1, "0"]} for number in range(5)]
    assert describe(Answer("vector", result, [])) == '5 series: up{job="0"} 0, up{job="1"} 0, up{job="2"} 0, and 2 more'
    assert describe(Answer("vector", [], [])) == "0 series"
    assert describe(Answer("scalar", [1, "7"], [])) == "the scalar 7"
    assert describe(Answer("matrix", [{"metric": {}, "values": [[1, "2"], [2, "3"]]}], [])) == "1 series: {} 3 (2 samples)"


@pytest.mark.parametrize(
    ("kind", "result", "is_nan"),
    [
        ("vector", [{"value": [1, "NaN"]}, {"value": [1, "NaN"]}], True),
        ("vector", [{"value": [1, "NaN"]}, {"value": [1, "0"]}], False),
        ("vector", [], False),
        ("vector", [{"histogram": [1, {}]}], False),
        ("matrix", [{"values": [[1, "NaN"], [2, "NaN"]]}], True),
        ("matrix", [{"values": [[1, "NaN"], [2, "1"]]}], False),
        ("scalar", [1, "NaN"], True),
        ("scalar", [1, "1"], False),
        ("string", [1, "NaN"], False),
    ],
)
def test_an_answer_is_nan_when_every_sample_is(kind: str, result: Any, is_nan: bool) -> None:
    assert Answer(kind, result, []).is_nan is is_nan
