# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module rules_ready: how its outcome becomes a result."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _rules
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.modules import rules_ready


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(look: Any, **options: Any) -> dict[str, Any]:
        monkeypatch.setattr(_cluster, "connect", lambda _options: None)
        monkeypatch.setattr(_rules, "wait_for", look)
        with patch_module_args(options), pytest.raises(SystemExit):
            rules_ready.main()
        return json.loads(capsys.readouterr().out)

    return run


def test_what_was_seen_is_returned(run: Any) -> None:
    seen = {"objects": {"metrics/nodes": 2}, "rules": 2, "asked": ["x"]}
    result = run(lambda *_arguments: seen, via="url", url="http://prometheus.example")
    assert (result["changed"], result["objects"], result["rules"]) == (False, {"metrics/nodes": 2}, 2)


def test_a_failure_returns_every_finding(run: Any) -> None:
    def look(*_arguments: Any) -> Any:
        raise MetricsError("Not all rules are loaded", findings=["a", "b"])

    result = run(look, namespace="metrics", service="prometheus", port="http")
    assert (result["failed"], result["findings"]) == (True, ["a", "b"])


def test_the_service_must_be_said(run: Any) -> None:
    assert "service" in run(None, namespace="metrics")["msg"]
