# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module rollout."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster
from ansible_collections.longterm.metrics.plugins.modules import rollout
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import apply, config_map, workload
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch, cluster: _cluster.Cluster) -> None:
    monkeypatch.setattr(_cluster, "connect", lambda _options: cluster)


def run(capsys: pytest.CaptureFixture[str], *names: str, **arguments: Any) -> dict[str, Any]:
    sets = [{"name": name, "namespace": "metrics"} for name in names]
    with patch_module_args({"sets": sets, **arguments}), pytest.raises(SystemExit):
        rollout.main()
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def leftover(cluster: _cluster.Cluster) -> None:
    apply(cluster, config_map("a"), config_map("old"))
    apply(cluster, config_map("a"))


@pytest.mark.usefixtures("leftover")
def test_the_old_is_removed_once(capsys: pytest.CaptureFixture[str], server: FakeServer) -> None:
    result = run(capsys, "web")
    assert (result["changed"], result["pruned"], result["members"]) == (True, ["ConfigMap metrics/old"], 1)
    assert server.names("ConfigMap") == {"a", "web"}
    assert not run(capsys, "web")["changed"]


@pytest.mark.usefixtures("leftover")
def test_check_mode_tells_it_and_does_not_wait(
    capsys: pytest.CaptureFixture[str], server: FakeServer, cluster: _cluster.Cluster
) -> None:
    apply(cluster, workload("Deployment", "never"), name="never")
    started = server.now
    result = run(capsys, "web", "never", "to-come", _ansible_check_mode=True)
    assert (result["changed"], result["pruned"], server.now) == (True, ["ConfigMap metrics/old"], started)
    assert "old" in server.names("ConfigMap")


@pytest.mark.usefixtures("leftover")
@pytest.mark.parametrize("check", [True, False])
def test_pruning_can_be_left_out(capsys: pytest.CaptureFixture[str], server: FakeServer, check: bool) -> None:
    assert not run(capsys, "web", prune=False, _ansible_check_mode=check)["changed"]
    assert "old" in server.names("ConfigMap")


def test_a_set_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, "web")
    assert result["failed"]
    assert result["msg"] == "On https://fake:6443 there is no set metrics/web; apply it before waiting for it."
