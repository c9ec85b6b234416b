# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module dashboard_check: how its options hang together."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _dashboard_check, _dashboards
from ansible_collections.longterm.metrics.plugins.module_utils._allowances import Allowance
from ansible_collections.longterm.metrics.plugins.module_utils._dashboard_check import Outcome, Report
from ansible_collections.longterm.metrics.plugins.module_utils._dashboards import Query
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.modules import dashboard_check

ENTRY = {"dashboard": "Pods", "panel": "CPU", "reason": "x", "condition": "up == 1"}
AT = {"namespace": "metrics", "service": "thanos-query", "port": "http"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the module with what the check gives, or raises, and returns its result."""

    def run(options: dict[str, Any], outcome: Report | Exception) -> dict[str, Any]:
        def check(*_arguments: Any) -> Report:
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(_cluster, "connect", lambda _options: None)
        monkeypatch.setattr(_dashboards, "read", lambda *_arguments: [])
        monkeypatch.setattr(_dashboard_check, "check", check)
        with patch_module_args(options), pytest.raises(SystemExit):
            dashboard_check.main()
        return json.loads(capsys.readouterr().out)

    return run


def test_what_was_checked_is_returned_and_changes_nothing(run: Any) -> None:
    report = Report([Allowance("Pods", "CPU", "young", "up == 1")], {Query("Pods", "CPU", "up"): Outcome("up")})
    result = run(AT, report)
    assert (result["changed"], result["checked"], result["dashboards"]) == (False, 1, ["Pods"])
    assert "Pods / CPU is not needed" in str(result["warnings"])


def test_a_failure_carries_what_was_found(run: Any) -> None:
    result = run(AT, MetricsError("not fine", failing=[{"panel": "CPU"}]))
    assert (result["failed"], result["msg"], result["failing"]) == (True, "not fine", [{"panel": "CPU"}])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"namespace": "metrics", "service": "thanos-query"}, "all of the following are missing: port"),
        ({**AT, "allowed_empty": [{"dashboard": "Pods", "panel": "CPU"}]}, "missing required arguments: condition, reason"),
        ({**AT, "allowed_empty": [{**ENTRY, "why": "y"}]}, "why"),
        ({**AT, "variables": "cluster"}, "unable to convert to dict"),
    ],
)
def test_options_that_do_not_fit_are_refused(run: Any, options: dict[str, Any], message: str) -> None:
    assert message in run(options, Report([]))["msg"]
