# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module receive_ready: what its options become, and how its outcome becomes a result."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _receive
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.modules import receive_ready


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(wait_for: Any, **options: Any) -> dict[str, Any]:
        monkeypatch.setattr(_cluster, "connect", lambda _options: None)
        monkeypatch.setattr(_receive, "wait_for", wait_for)
        with patch_module_args({"namespace": "monitoring", "config_hash": 7, **options}), pytest.raises(SystemExit):
            receive_ready.main()
        return json.loads(capsys.readouterr().out)

    return run


def test_what_is_not_said_is_as_the_roles_have_it(run: Any) -> None:
    seen = []

    def wait_for(_cluster: Any, options: dict[str, Any], _attempts: Any) -> _receive.Seen:
        seen.append(options)
        return _receive.Seen(routers={"router-1": 7})

    result = run(wait_for)
    assert (result["changed"], result["routers"]) == (False, {"router-1": 7})
    assert (seen[0]["selector"], seen[0]["port"]) == ("app.kubernetes.io/name=thanos-receive-router", 10902)


def test_a_failure_returns_every_finding(run: Any) -> None:
    def wait_for(*_arguments: Any) -> Any:
        raise MetricsError("Not every router has the hashrings", findings=["a", "b"])

    result = run(wait_for)
    assert (result["failed"], result["findings"]) == (True, ["a", "b"])
