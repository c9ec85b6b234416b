# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module query_cache_ready: what its options become, and how its outcome becomes a result."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _query_cache
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.modules import query_cache_ready


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(wait_for: Any, **options: Any) -> dict[str, Any]:
        monkeypatch.setattr(_cluster, "connect", lambda _options: None)
        monkeypatch.setattr(_query_cache, "wait_for", wait_for)
        with patch_module_args({"namespace": "monitoring", **options}), pytest.raises(SystemExit):
            query_cache_ready.main()
        return json.loads(capsys.readouterr().out)

    return run


def test_what_is_not_said_is_as_the_roles_have_it(run: Any) -> None:
    seen = []

    def wait_for(watch: _query_cache.Watch, _attempts: Any) -> _query_cache.Seen:
        seen.append(watch.options)
        return _query_cache.Seen(pods={"frontend-1": {"first": 1, "again": 0}})

    result = run(wait_for, query={"port": "10902"})
    assert (result["changed"], result["pods"]) == (False, {"frontend-1": {"first": 1, "again": 0}})
    assert seen[0]["frontend"] == {"service": "thanos-query-frontend", "port": "http"}
    assert seen[0]["query"] == {"service": "thanos-query", "port": "10902"}


def test_a_failure_returns_every_finding(run: Any) -> None:
    def wait_for(*_arguments: Any) -> Any:
        raise MetricsError("The cache does not answer", findings=["a", "b"])

    result = run(wait_for)
    assert (result["failed"], result["findings"]) == (True, ["a", "b"])
