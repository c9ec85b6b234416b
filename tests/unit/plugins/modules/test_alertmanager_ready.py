# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module alertmanager_ready: what its options become, and how its outcome becomes a result."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager, _cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.modules import alertmanager_ready


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(look: Any, **options: Any) -> dict[str, Any]:
        monkeypatch.setattr(_cluster, "connect", lambda _options: None)
        monkeypatch.setattr(_alertmanager, "wait_for", look)
        with patch_module_args({"namespace": "metrics", **options}), pytest.raises(SystemExit):
            alertmanager_ready.main()
        return json.loads(capsys.readouterr().out)

    return run


def test_the_service_is_the_one_the_role_makes(run: Any) -> None:
    seen = []

    def look(_cluster: Any, options: dict[str, Any], _attempts: Any) -> dict[str, Any]:
        seen.append(options)
        return {"alertmanagers": {"alertmanager-main-0": {}}}

    result = run(look, replicas="3")
    assert (result["changed"], list(result["alertmanagers"])) == (False, ["alertmanager-main-0"])
    assert (seen[0]["service"], seen[0]["port"], seen[0]["replicas"]) == ("alertmanager", "http", 3)


def test_a_failure_returns_every_finding(run: Any) -> None:
    def look(*_arguments: Any) -> Any:
        raise MetricsError("Alertmanager is not ready", findings=["a", "b"])

    result = run(look, replicas=3)
    assert (result["failed"], result["findings"]) == (True, ["a", "b"])


def test_the_number_of_replicas_must_be_said(run: Any) -> None:
    assert "replicas" in run(None)["msg"]
