# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every query of every dashboard asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._dashboard_check import Report, check
from ansible_collections.longterm.metrics.plugins.module_utils._dashboards import Dashboard, Query
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

SOURCE = "metrics/board"
# A condition that holds on every server here, and one that holds on none.
HOLDS, HOLDS_NOT = 'up{cluster="$cluster"} == 1', "never"
CLUSTER = {"name": "cluster", "type": "query", "query": "label_values(up, cluster)"}


class Server:
    """Has series for some queries; `answers` are what it says to others, `later` what it has from a time on."""

    name = "Service metrics/thanos-query:http"

    def __init__(self, *known: str, clusters: Iterable[str] = ("one",), **answers: EndpointError) -> None:
        self.known, self.clusters, self.answers = set(known), list(clusters), answers
        self.asked: list[str] = []
        self.nans: set[str] = set()
        self.periods: list[tuple[float, float]] = []
        self._lock = threading.Lock()

    @contextmanager
    def connect(self) -> Iterator[Any]:
        yield self

    def get(self, path: str, **parameters: Any) -> Any:
        if path.startswith("/api/v1/label/"):
            self.periods.append((parameters["start"], parameters["end"]))
            return {"status": "success", "data": self.clusters}
        query = parameters["query"]
        if query == "time()":
            return {"status": "success", "data": {"resultType": "scalar", "result": [5000, "5000"]}}
        if query == HOLDS.replace("$cluster", "one"):
            return {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, "0"]}]}}
        with self._lock:
            self.asked.append(query)
        if query in self.answers:
            raise self.answers[query]
        result = (
            [{"metric": {}, "value": [1, "NaN" if query in self.nans else "1"]}] if query in {*self.known, *self.nans} else []
        )
        return {"status": "success", "data": {"resultType": "vector", "result": result}}


def refused(code: int, kind: str) -> EndpointError:
    return EndpointError("refused", code, json.dumps({"status": "error", "errorType": kind, "error": "parse error"}))


def board(title: str = "Pods", /, **panels: str) -> Dashboard:
    """Each panel with one query."""
    return Dashboard(title, [CLUSTER], [Query(title, panel, expression, SOURCE) for panel, expression in panels.items()])


def run(server: Server, *boards: Dashboard, allowed: Any = (), attempts: Iterable[int] = (1,), **variables: str) -> Report:
    names = ("dashboard", "panel", "reason", "condition", "transient")
    allowed_empty = [dict(zip(names, entry, strict=False)) for entry in allowed]
    return check(server.connect, boards, {"allowed_empty": allowed_empty, "variables": variables}, attempts)


def failure(*arguments: Any, **more: Any) -> MetricsError:
    with pytest.raises(MetricsError) as caught:
        run(*arguments, **more)
    return caught.value


def test_dashboards_whose_queries_all_return_data_are_fine() -> None:
    server = Server('up{cluster="one"}', "1 > 0")
    result = run(server, board(a='up{cluster="$cluster"}'), board("Nodes", b="1 > 0")).result()
    assert result == {"checked": 2, "dashboards": ["Pods", "Nodes"], "empty": [], "failing": [], "notes": []}


def test_the_same_query_is_asked_once() -> None:
    server = Server("up")
    assert run(server, board(a="up", b="up"), board("Nodes", c="up")).result()["checked"] == 3
    assert server.asked == ["up"]


def test_labels_are_those_of_the_last_hour_by_the_server_s_clock_and_asked_for_once() -> None:
    server = Server("up")
    run(server, board(a="up"), board("Nodes", b="up"))
    assert server.periods == [(1400, 5000)]


def test_an_empty_panel_fails_with_dashboard_panel_and_query() -> None:
    error = failure(Server("up"), board(a="up", Restarts='restarts{cluster="$cluster"}'))
    assert "1 of 2 queries" in error.message
    assert "Pods / Restarts (ConfigMap metrics/board): no data for 'restarts{cluster=\"one\"}'" in error.message
    empty = {"dashboard": "Pods", "panel": "Restarts", "config_map": SOURCE, "query": 'restarts{cluster="one"}', "reason": ""}
    assert error.details["empty"] == [empty]


def test_a_panel_of_nothing_but_nan_is_empty() -> None:
    server = Server("up")
    server.nans = {"errors / requests"}
    assert (
        "Pods / b (ConfigMap metrics/board): only NaN for 'errors / requests'"
        in failure(server, board(a="up", b="errors / requests")).message
    )


def test_an_empty_panel_whose_condition_holds_is_fine_and_told_with_its_reason() -> None:
    report = run(Server("up"), board(a="up", Restarts="restarts"), allowed=[("P*", "Restart?", "nothing restarts", HOLDS)])
    assert [entry["reason"] for entry in report.result()["empty"]] == ["nothing restarts"]
    assert report.result()["notes"] == []


def test_an_empty_panel_whose_condition_does_not_hold_fails_and_names_the_condition() -> None:
    error = failure(Server("up"), board(a="up", b="restarts"), allowed=[("Pods", "b", "nothing restarts", HOLDS_NOT)])
    assert (
        "no data for 'restarts'; it may be empty when 'never' returns series, which it does not (nothing restarts)"
        in error.message
    )
    assert error.details["empty"][0]["reason"] == ""


def test_a_condition_that_comes_to_hold_in_time_excuses() -> None:
    server = Server("up")

    def attempts() -> Iterator[int]:
        yield 1
        server.known.add(HOLDS_NOT)
        yield 2

    allowed = [("Pods", "b", "later", HOLDS_NOT)]
    assert run(server, board(a="up", b="restarts"), allowed=allowed, attempts=attempts()).findings() == []


def test_a_condition_is_asked_only_where_the_panel_is_empty() -> None:
    server = Server("up")
    run(server, board(a="up"), allowed=[("Pods", "a", "at times", HOLDS_NOT, True)])
    assert HOLDS_NOT not in server.asked


@pytest.mark.parametrize("condition", ["time()", "up{"])
def test_a_condition_that_cannot_be_one_fails_at_once(condition: str) -> None:
    server = Server("up", **{"up{": refused(400, "bad_data")})
    error = failure(server, board(a="up", b="restarts"), allowed=[("Pods", "b", "x", condition)], attempts=range(9))
    assert error.details["failing"][0]["panel"] == "b"
    assert server.asked.count("restarts") == 1


def test_an_allowance_for_a_panel_with_data_is_not_needed() -> None:
    (note,) = run(Server("up"), board(a="up"), allowed=[("Pods", "a", "young", HOLDS)]).result()["notes"]
    assert "Pods / a is not needed" in note


def test_an_allowance_that_can_never_be_needed_fails_before_anything_is_asked() -> None:
    server = Server("up")
    error = failure(server, board(a="up"), allowed=[("Pods", "A", "a slip", HOLDS)])
    assert "allowed_empty has entries that no panel can ever need" in error.message
    assert "Pods / A: the panels are a" in error.message
    assert server.asked == []


@pytest.mark.parametrize("allowance", [("Hubble", "*", "no Cilium", HOLDS, True), ("Pods", "a", "at times", HOLDS, True)])
def test_an_allowance_for_some_times_is_left_alone(allowance: tuple[Any, ...]) -> None:
    assert run(Server("up"), board(a="up"), allowed=[allowance]).result()["notes"] == []


def test_a_query_that_is_refused_fails_at_once_even_where_the_panel_may_be_empty() -> None:
    server = Server("up", **{"up{": refused(400, "bad_data")})
    error = failure(server, board(a="up", b="up{"), allowed=[("*", "*", "any", HOLDS)], attempts=range(9))
    assert "Pods / b (ConfigMap metrics/board): " in error.message
    assert "parse error" in error.message
    assert error.details["failing"][0]["query"] == "up{"
    assert server.asked.count("up{") == 1


def test_only_what_was_not_fine_is_asked_again() -> None:
    server = Server("up")

    def attempts() -> Iterator[int]:
        yield 1
        server.known.add("late")
        yield 2

    report = run(
        server, board(a="up", b="late", c="never"), allowed=[("Pods", "c", "it never comes", HOLDS)], attempts=attempts()
    )
    assert report.result()["checked"] == 3
    assert sorted(server.asked) == ["late", "late", "never", "up"]


def test_a_failure_that_may_pass_is_waited_out() -> None:
    server = Server("up", up=refused(503, "unavailable"))

    def attempts() -> Iterator[int]:
        yield 1
        server.answers.clear()
        yield 2

    assert run(server, board(a="up"), attempts=attempts()).result()["failing"] == []


def test_a_variable_that_gets_its_value_late_is_waited_for() -> None:
    server = Server('up{cluster="one"}', clusters=[])

    def attempts() -> Iterator[int]:
        yield 1
        server.clusters.append("one")
        yield 2

    run(server, board(a='up{cluster="$cluster"}'), attempts=attempts(), cluster="one")


def test_a_variable_without_the_chosen_value_is_told_once_for_its_dashboard() -> None:
    error = failure(Server("up"), board(a="up", b="down"), cluster="two")
    assert (
        error.message.count("Pods (ConfigMap metrics/board): the variable cluster has no value 'two'; its values are: one") == 1
    )
    assert [entry["panel"] for entry in error.details["failing"]] == ["a", "b"]


def test_a_choice_is_only_for_dashboards_with_that_variable() -> None:
    run(Server("up"), Dashboard("Plain", [], [Query("Plain", "a", "up")]), cluster="two")


def test_a_server_that_does_not_answer_is_named() -> None:
    class Away(Server):
        def get(self, path: str, **parameters: Any) -> Any:
            raise EndpointError("connection refused")

    assert "could not be checked: connection refused" in failure(Away(), board(a="up")).message
