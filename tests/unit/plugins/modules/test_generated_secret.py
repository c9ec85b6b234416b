# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module generated_secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster
from ansible_collections.longterm.metrics.plugins.modules import generated_secret
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch, cluster: _cluster.Cluster) -> None:
    monkeypatch.setattr(_cluster, "connect", lambda _options: cluster)


def run(capsys: pytest.CaptureFixture[str], **arguments: Any) -> dict[str, Any]:
    with patch_module_args({"name": "s", "namespace": "metrics", **arguments}), pytest.raises(SystemExit):
        generated_secret.main()
    return json.loads(capsys.readouterr().out)


def test_a_secret_is_made_kept_rotated_and_removed(capsys: pytest.CaptureFixture[str], server: FakeServer) -> None:
    keys = {"user": {"length": 20}, "password": {}}
    assert run(capsys, keys=keys, _ansible_check_mode=True)["generated"] == ["user", "password"]
    assert server.names("Secret") == set()
    assert run(capsys, keys=keys)["changed"]
    assert not run(capsys, keys=keys)["changed"]
    assert run(capsys, keys=keys, rotate=["user"])["generated"] == ["user"]
    assert run(capsys, state="absent")["changed"]
    assert not run(capsys, state="absent")["changed"]


def test_the_names_of_keys_are_shown_and_their_values_are_not(capsys: pytest.CaptureFixture[str], server: FakeServer) -> None:
    result = run(capsys, keys={"password": {"length": 40}})
    (value,) = server.at("Secret", "s")["data"].values()
    assert result["generated"] == ["password"]
    assert value not in json.dumps(result)


def test_a_recipe_that_is_off_fails_with_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, keys={"password": {"length": 3}})
    assert result["failed"]
    assert result["msg"].startswith("keys.password is too easy to guess")
