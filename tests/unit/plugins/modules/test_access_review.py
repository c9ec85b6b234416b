# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module access_review."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster
from ansible_collections.longterm.metrics.plugins.modules import access_review


class Reviewer:
    server = "https://one"

    def request(self, _method: str, _path: str, *, body: Any) -> Any:
        if body["kind"] == "SelfSubjectRulesReview":
            return {"status": {"resourceRules": []}}
        return {"status": {"allowed": body["spec"]["resourceAttributes"]["verb"] == "get"}}


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_cluster, "connect", lambda _options: Reviewer())


def run(capsys: pytest.CaptureFixture[str], *verbs: str) -> dict[str, Any]:
    rule = {"apiGroups": [""], "resources": ["pods"], "verbs": list(verbs)}
    with patch_module_args({"cluster": [rule], "namespaces": {"metrics": [rule]}}), pytest.raises(SystemExit):
        access_review.main()
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_login_with_all_rights_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "get")["missing"] == []


def test_all_missing_rights_are_one_error(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, "get", "list", "patch")
    assert result["missing"] == ["list, patch pods in all namespaces", "list, patch pods in metrics"]
    assert result["msg"].startswith("The login on https://one lacks these rights:\n- list, patch pods in all namespaces\n- ")
    assert "playbooks/access.yml" in result["msg"]
