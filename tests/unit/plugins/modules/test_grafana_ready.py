# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module grafana_ready: what its options become, and how its outcome becomes a result.

There is no integration test: Grafana's image is in no package registry. test_grafana.py asks a server that answers as it does.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _grafana
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.modules import grafana_ready

ADMIN = _grafana.Login("root", "correct horse")
AT = {"namespace": "metrics", "service": "grafana", "port": "http"}
SECRET = {"credentials_secret": {"namespace": "metrics", "name": "grafana-admin"}}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(look: Any, **options: Any) -> dict[str, Any]:
        monkeypatch.setattr(_cluster, "connect", lambda _options: None)
        monkeypatch.setattr(_grafana, "login", lambda _cluster, reference: seen.append(reference) or ADMIN)
        monkeypatch.setattr(_grafana, "wait_for", look)
        with patch_module_args({**AT, **options}), pytest.raises(SystemExit):
            grafana_ready.main()
        return json.loads(capsys.readouterr().out)

    seen: list[dict[str, Any]] = []
    run.seen = seen  # type: ignore[attr-defined]
    return run


def test_the_keys_of_the_secret_are_those_the_role_makes(run: Any) -> None:
    result = run(lambda *_arguments: {"dashboards": 3}, **SECRET, min_dashboards="3")
    assert (result["changed"], result["dashboards"]) == (False, 3)
    assert run.seen == [{**SECRET["credentials_secret"], "user_key": "admin-user", "password_key": "admin-password"}]


def test_one_dashboard_is_the_least_and_any_may_be_it(run: Any) -> None:
    seen = []

    def look(_cluster: Any, _admin: Any, options: dict[str, Any], _attempts: Any) -> dict[str, Any]:
        seen.append((options["dashboards"], options["min_dashboards"]))
        return {}

    run(look, **SECRET)
    run(look, **SECRET, dashboards=["nodes", "pods"], min_dashboards=0)
    assert seen == [([], 1), (["nodes", "pods"], 0)]


def test_a_failure_returns_every_finding(run: Any) -> None:
    def look(*_arguments: Any) -> Any:
        raise MetricsError("Grafana is not as it should be", findings=["a", "b"])

    result = run(look, **SECRET)
    assert (result["failed"], result["findings"]) == (True, ["a", "b"])


def test_a_password_that_a_server_repeats_is_not_shown(run: Any) -> None:
    def look(_cluster: Any, admin: _grafana.Login, *_arguments: Any) -> Any:
        raise MetricsError(f"It said {admin.password}, {admin.authorization}", findings=[admin.authorization])

    result = json.dumps(run(look, **SECRET))
    assert ADMIN.password not in result
    assert ADMIN.authorization not in result
    assert "It said" in result


def test_the_secret_must_be_named(run: Any) -> None:
    assert "credentials_secret" in run(None)["msg"]
