# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module promql: how its options hang together."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _promql
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Answer, PrometheusError
from ansible_collections.longterm.metrics.plugins.modules import promql

AT = {"via": "url", "url": "http://prometheus.example", "query": "up"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the module with what asking gives, or raises, and returns its result."""

    def run(options: dict[str, Any], outcome: Answer | Exception) -> dict[str, Any]:
        def ask(*_arguments: Any) -> Answer:
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(_promql, "ask", ask)
        with patch_module_args(options), pytest.raises(SystemExit):
            promql.main()
        return json.loads(capsys.readouterr().out)

    return run


def test_an_answer_is_returned_and_changes_nothing(run: Any) -> None:
    result = run(AT, Answer("vector", [{"metric": {}, "value": [1, "1"]}], ["a store is away"]))
    assert (result["changed"], result["result_type"], result["series"]) == (False, "vector", 1)
    assert "a store is away" in str(result["warnings"])


def test_a_refusal_fails_with_the_type_of_the_error(run: Any) -> None:
    result = run(AT, PrometheusError("parse error", 400, "bad_data"))
    assert (result["failed"], result["msg"], result["error_type"]) == (True, "parse error", "bad_data")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({**AT, "start": "1"}, "parameters are required together: start, end, step"),
        ({**AT, "time": "1", "start": "1", "end": "2", "step": "1"}, "parameters are mutually exclusive: time|start"),
        ({"via": "url", "query": "up"}, "via is url but all of the following are missing: url"),
        ({"query": "up", "namespace": "m", "service": "s"}, "via is port_forward but all of the following are missing: port"),
    ],
)
def test_options_that_do_not_fit_are_refused(run: Any, options: dict[str, Any], message: str) -> None:
    assert message in run(options, Answer("vector", [], []))["msg"]
