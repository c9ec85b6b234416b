# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module test_alert: what its options become, and how its outcome becomes a result."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _test_alert
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.modules import test_alert as module

STEPS = [{"step": "prepared", "seconds": 0.2}]


class Trial:
    """Stands for a run; `made` are the options and the id of each."""

    made: ClassVar[list[tuple[dict[str, Any], str]]] = []
    outcome: ClassVar[Any] = {"run": "x", "steps": STEPS, "receivers": {}}

    def __init__(self, _cluster: Any, options: dict[str, Any], run: str) -> None:
        self.made.append((options, run))

    def prove(self) -> dict[str, Any]:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(**options: Any) -> dict[str, Any]:
        with patch_module_args({"namespace": "metrics", **options}), pytest.raises(SystemExit):
            module.main()
        return json.loads(capsys.readouterr().out)

    monkeypatch.setattr(_cluster, "connect", lambda _options: None)
    monkeypatch.setattr(_test_alert, "Trial", Trial)
    monkeypatch.setattr(Trial, "made", [])
    return run


def test_services_and_receiver_are_those_the_roles_make(run: Any) -> None:
    result = run(webhook={"service": "webhook"})
    ((options, _id),) = Trial.made
    assert (result["changed"], result["steps"]) == (False, STEPS)
    assert (options["prometheus"]["service"], options["prometheus"]["port"]) == ("prometheus", "http")
    assert (options["alertmanager"]["service"], options["alertmanager"]["port"]) == ("alertmanager", "http")
    assert (options["webhook"]["port"], options["webhook"]["path"]) == ("http", "/")
    assert options["receiver"] == "longterm-metrics-test"


def test_no_two_runs_share_an_id(run: Any) -> None:
    run()
    run()
    assert len({made for _options, made in Trial.made}) == 2


def test_check_mode_says_what_it_would_do_and_touches_nothing(run: Any) -> None:
    result = run(_ansible_check_mode=True)
    assert "Would put PrometheusRule metrics/longterm-metrics-test-alert there" in result["msg"]
    assert (result["changed"], Trial.made) == (False, [])


def test_a_failure_returns_how_far_it_came(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trial, "outcome", MetricsError("not loaded", steps=STEPS, failed_step="loaded"))
    result = run()
    assert (result["failed"], result["failed_step"], result["steps"]) == (True, "loaded", STEPS)
