# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module scrape_targets: how its outcome becomes a result."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _scrape_targets
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.modules import scrape_targets

UP = {"kubelet": {"up": 2, "down": 0, "unknown": 0}}


def run(capsys: pytest.CaptureFixture[str], **options: Any) -> dict[str, Any]:
    with patch_module_args({"via": "url", "url": "http://prometheus.example", **options}), pytest.raises(SystemExit):
        scrape_targets.main()
    return json.loads(capsys.readouterr().out)


def test_what_was_seen_is_returned(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    seen = {"jobs": UP, "down": [], "asked": {"x": UP}, "notes": ["a is down"]}
    monkeypatch.setattr(_scrape_targets, "wait_for", lambda *_arguments: seen)
    result = run(capsys, jobs=["kubelet"])
    assert (result["changed"], result["jobs"], result["down"]) == (False, UP, [])
    assert "a is down" in str(result["warnings"])


def test_a_failure_returns_what_was_seen_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_arguments: Any) -> Any:
        raise MetricsError("job kubelet has no target", jobs=UP)

    monkeypatch.setattr(_scrape_targets, "wait_for", fail)
    result = run(capsys, jobs=["kubelet"])
    assert (result["failed"], result["msg"], result["jobs"]) == (True, "job kubelet has no target", UP)


def test_a_mapping_without_a_job_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "not {'min_up': 2}" in run(capsys, jobs=[{"min_up": 2}])["msg"]
