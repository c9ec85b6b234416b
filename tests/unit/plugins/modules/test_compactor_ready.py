# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module compactor_ready: what its options become, and how its outcome becomes a result."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _block, _cluster, _compactor
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.modules import compactor_ready

CONFIG = {"type": "S3", "config": {"bucket": "b", "endpoint": "s3.example.com", "secret_key": "hunter2"}}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(wait_for: Any, **options: Any) -> dict[str, Any]:
        monkeypatch.setattr(_cluster, "connect", lambda _options: None)
        monkeypatch.setattr(_compactor, "wait_for", wait_for)
        with patch_module_args({"namespace": "monitoring", "objstore_config": CONFIG, **options}), pytest.raises(SystemExit):
            compactor_ready.main()
        return json.loads(capsys.readouterr().out)

    return run


def test_what_is_not_said_is_as_the_roles_have_it(run: Any) -> None:
    seen = []

    def wait_for(_cluster: Any, options: dict[str, Any], _attempts: Any) -> _compactor.Seen:
        seen.append(options)
        return _compactor.Seen(pod="thanos-compact-0", cycle=7.5, searched="all namespaces")

    result = run(wait_for, prometheus={"path_prefix": "/p"})
    assert seen[0]["prometheus"] == {"service": "prometheus", "port": "http", "path_prefix": "/p"}
    assert (seen[0]["selector"], seen[0]["max_cycle_age"]) == ("app.kubernetes.io/name=thanos-compact", 3600)
    assert (result["changed"], result["pod"], result["cycle"], result["due"]) == (False, "thanos-compact-0", 7.5, 0)
    assert run(wait_for)["searched"] == "all namespaces"
    assert seen[1]["prometheus"]["port"] == "http"


def test_blocks_are_returned_where_they_are_asked_for(run: Any) -> None:
    block = _block.Block("A", 0, 1, {}, "raw", 1, "sidecar", 1, 1, 0, False, False, False)

    def wait_for(*_arguments: Any) -> _compactor.Seen:
        return _compactor.Seen(blocks=[block])

    assert run(wait_for, blocks_with={"cluster": "one"})["blocks"][0]["ulid"] == "A"
    assert "blocks" not in run(wait_for)


def test_a_failure_returns_every_finding_and_no_key_of_the_configuration(run: Any) -> None:
    def wait_for(*_arguments: Any) -> Any:
        raise MetricsError("It is not as it should be: hunter2", findings=["a", "b"])

    result = run(wait_for)
    assert (result["failed"], result["findings"]) == (True, ["a", "b"])
    assert "hunter2" not in json.dumps(result)
