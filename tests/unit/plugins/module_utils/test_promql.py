# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A PromQL query asked until its answer is as wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._promql import Condition, ask

UP = [{"metric": {"job": "a"}, "value": [1, "1"]}]


class Server:
    """Answers with one result after the other; an exception among them is raised."""

    name = "Service monitoring/query:http"

    def __init__(self, *results: Any) -> None:
        self.results = list(results)

    @contextmanager
    def connect(self) -> Iterator[Any]:
        yield self

    def get(self, path: str, **_parameters: Any) -> Any:
        if path == "/api/v1/stores":
            raise EndpointError("no Thanos", 404)
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return {"status": "success", "data": {"resultType": "vector", "result": result}}

    def ask(self, expect: str | None) -> Any:
        return ask(self.connect, {"query": "up", "expect": expect, "wait_timeout": 9}, range(len(self.results))).result


def test_without_until_it_is_asked_once() -> None:
    server = Server([], UP)
    assert server.ask(None) == []
    assert server.results == [UP]


def test_it_is_asked_again_until_the_answer_is_as_wanted() -> None:
    assert Server([], EndpointError("not ready", 503), UP, []).ask("length(@) == `1`") == UP


def test_the_failure_says_query_condition_place_and_what_was_seen() -> None:
    with pytest.raises(MetricsError) as caught:
        Server([], UP).ask("length(@) == `2`")
    for part in ("'up'", "length(@) == `2`", "9 s", Server.name, '1 series: {job="a"} 1'):
        assert part in caught.value.message


def test_the_failure_says_why_nothing_answered() -> None:
    with pytest.raises(MetricsError, match="connection refused"):
        Server(EndpointError("connection refused")).ask("@")


def test_a_refusal_is_not_waited_out() -> None:
    server = Server(EndpointError("forbidden", 403), UP)
    with pytest.raises(MetricsError, match="forbidden"):
        server.ask("@")
    assert server.results == [UP]


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("@", True),
        ("[?value[1] == '1']", True),
        ("[?value[1] == '0']", False),
        ("to_number([0].value[1]) > `0`", True),
        ("[0].metric.absent", False),
        ("length([0].absent) > `0`", False),
        ("length(@) == `2`", False),
    ],
)
def test_a_condition_has_the_truth_of_jmespath(expression: str, holds: bool) -> None:
    assert Condition(expression).holds(UP) is holds


def test_a_number_is_refused_as_a_condition() -> None:
    with pytest.raises(MetricsError, match="gives the number 0"):
        Condition("length(@)").holds([])


def test_a_broken_condition_is_named_before_anything_is_asked() -> None:
    server = Server(UP)
    with pytest.raises(MetricsError, match="expect is no JMESPath expression"):
        server.ask("length(")
    assert server.results == [UP]
