# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module secret_digest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster
from ansible_collections.longterm.metrics.plugins.modules import secret_digest
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import secret
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch, cluster: _cluster.Cluster) -> None:
    monkeypatch.setattr(_cluster, "connect", lambda _options: cluster)


def run(capsys: pytest.CaptureFixture[str], *names: str, **arguments: Any) -> dict[str, Any]:
    with patch_module_args({"namespace": "metrics", "names": list(names), **arguments}), pytest.raises(SystemExit):
        secret_digest.main()
    return json.loads(capsys.readouterr().out)


def test_digests_are_returned_by_name_without_a_value(capsys: pytest.CaptureFixture[str], server: FakeServer) -> None:
    server.put(secret("keys", password="aHVudGVyMg=="))
    result = run(capsys, "keys")
    assert (result["changed"], list(result["digests"])) == (False, ["keys"])
    assert "aHVudGVyMg" not in json.dumps(result)
    assert run(capsys, "keys")["digests"] == result["digests"]


def test_a_secret_that_does_not_exist_fails_but_in_check_mode(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Secret metrics/lost does not exist" in run(capsys, "lost")["msg"]
    assert run(capsys, "lost", _ansible_check_mode=True)["digests"] == {}
