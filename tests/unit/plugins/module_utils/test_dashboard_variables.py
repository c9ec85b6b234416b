# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of dashboards, filled with the labels that are there."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._dashboard_variables import Filled, VariableError, fill, resolve

PODS = {"default": ["web-0"], "metrics": ["query-0", "store-0"]}


def labels(label: str, selector: str) -> list[str]:
    """What a server with two namespaces answers."""
    if label == "namespace":
        return sorted(PODS)
    return [pod for namespace, pods in PODS.items() for pod in pods if f'"{namespace}"' in selector or not selector]


def query(name: str, text: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "query", "query": text, **more}


def filled(expression: str, *variables: dict[str, Any], **chosen: str) -> str:
    return fill(expression, resolve(list(variables), labels, chosen))


NAMESPACE = query("namespace", {"query": "label_values(up, namespace)", "refId": "A"})
POD = query("pod", 'label_values(up{namespace="$namespace"}, pod)', multi=True, includeAll=True)


@pytest.mark.parametrize("use", ["$pod", "${pod}", "${pod:regex}", "[[pod]]", "[[pod:regex]]"])
def test_a_variable_is_replaced_however_it_is_written(use: str) -> None:
    assert fill(f'up{{pod=~"{use}"}}', {"pod": Filled(["a", "b"], several=True)}) == 'up{pod=~"(a|b)"}'


@pytest.mark.parametrize(("style", "text"), [("csv", "a.1,b"), ("pipe", "a.1|b"), ("raw", "a.1,b"), ("", r"(a\\.1|b)")])
def test_a_variable_is_written_in_the_format_asked_for(style: str, text: str) -> None:
    assert fill(f"${{pod:{style}}}" if style else "$pod", {"pod": Filled(["a.1", "b"], several=True)}) == text


def test_a_single_value_stays_as_it_is_but_for_quotes() -> None:
    assert fill('up{path="$path"}', {"path": Filled(['C:\\a"b.c'])}) == r'up{path="C:\\a\"b.c"}'


@pytest.mark.parametrize(
    ("use", "text"),
    [("$__rate_interval", "5m"), ("${__interval}", "1m"), ("$__range", "1h"), ("$__range_s", "3600"), ('"$__all"', '".*"')],
)
def test_what_grafana_computes_has_a_value(use: str, text: str) -> None:
    assert fill(use, {}) == text


def test_what_is_no_variable_stays() -> None:
    text = 'label_replace(up, "a", "$1-$unknown", "b", "(.*)")'
    assert fill(text, {}) == text


def test_the_first_live_value_is_taken_and_later_variables_use_it() -> None:
    assert filled("$namespace: $pod", NAMESPACE, POD) == "default: web-0"


def test_all_values_are_taken_where_the_variable_offers_that() -> None:
    assert filled("$pod", NAMESPACE, POD, namespace="metrics") == "(query-0|store-0)"
    assert filled("$pod", query("pod", "label_values(pod)", includeAll=True, allValue=".+")) == ".+"


@pytest.mark.parametrize(
    ("saved", "text"),
    [("store-0", "store-0"), (["store-0"], "store-0"), ("gone-0", "(query-0|store-0)"), ("$__all", "(query-0|store-0)")],
)
def test_a_value_saved_in_the_dashboard_is_taken_while_it_is_there(saved: Any, text: str) -> None:
    assert filled("$pod", NAMESPACE, {**POD, "current": {"value": saved}}, namespace="metrics") == text


def test_a_chosen_value_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    with pytest.raises(VariableError, match="the variable namespace has no value 'other'; its values are: default, metrics"):
        filled("", NAMESPACE, namespace="other")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("/^q/", "query-0"), ("/(.*)-0/", "(query|store)"), ("/(?<text>s)(?<value>.*)/", "tore-0"), ("/^STORE/i", "store-0")],
)
def test_the_pattern_of_a_variable_says_what_is_taken_of_its_values(pattern: str, text: str) -> None:
    assert filled("$pod", NAMESPACE, {**POD, "regex": pattern}, namespace="metrics") == text


def test_a_variable_without_values_is_empty() -> None:
    assert filled('"$pod"', query("pod", 'label_values(up{namespace="none"}, pod)')) == '""'


@pytest.mark.parametrize("text", ["query_result(up)", "label_names()", "", "label_values(up, )"])
def test_a_variable_that_asks_something_else_is_an_error(text: str) -> None:
    with pytest.raises(VariableError, match="the variable x asks"):
        filled("$x", query("x", text))


def test_a_broken_pattern_is_an_error() -> None:
    with pytest.raises(VariableError, match="cannot be used"):
        filled("$pod", query("pod", "label_values(pod)", regex="/(/"))


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ({"type": "custom", "query": "first : 0.9, 0.99"}, "0.9"),
        ({"type": "custom", "options": [{"value": "$__all"}, {"value": "a"}, {"value": "b"}], "includeAll": True}, "(a|b)"),
        ({"type": "constant", "query": "5"}, "5"),
        ({"type": "textbox", "query": ""}, ""),
        ({"type": "interval", "query": "10m,1h"}, "10m"),
        ({"type": "interval", "options": [{"value": "$__auto_interval_x"}]}, "1m"),
    ],
)
def test_other_kinds_of_variables_hold_their_values(variable: dict[str, Any], text: str) -> None:
    assert filled("$x", {"name": "x", **variable}) == text


def test_variables_that_stand_in_no_query_are_passed_over() -> None:
    assert resolve([{"name": "datasource", "type": "datasource", "query": "prometheus"}], labels, {}) == {}
