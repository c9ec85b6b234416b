# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _s3_client
from ansible_collections.longterm.metrics.plugins.modules import s3_bucket

CONFIG = {"type": "S3", "config": {"bucket": "b", "endpoint": "s3.storage.svc", "insecure": True, "secret_key": "hunter2"}}


def run(capsys: pytest.CaptureFixture[str], **arguments: Any) -> dict[str, Any]:
    with patch_module_args(arguments), pytest.raises(SystemExit):
        s3_bucket.main()
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def nothing_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_s3(*_arguments: Any, **_options: Any) -> None:
        raise _s3_client.NotThereYet("There is no Service s3 in namespace storage.")

    monkeypatch.setattr(_s3_client, "open_s3", open_s3)


@pytest.mark.usefixtures("nothing_there")
def test_a_store_that_the_play_is_yet_to_make_fails_a_run_but_not_check_mode(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, objstore_config=CONFIG)["failed"]
    planned = run(capsys, objstore_config=CONFIG, versioning=True, _ansible_check_mode=True)
    assert (planned["changed"], planned["created"], planned["probed"]) == (True, True, False)
    assert planned["diff"] == {"before": {}, "after": {"bucket": "b", "region": "us-east-1", "versioning": True}}


@pytest.mark.usefixtures("nothing_there")
@pytest.mark.parametrize("config", [CONFIG, json.dumps(CONFIG)], ids=["mapping", "text"])
def test_a_key_in_the_configuration_is_not_shown(capsys: pytest.CaptureFixture[str], config: Any) -> None:
    assert "hunter2" not in json.dumps(run(capsys, objstore_config=config))


@pytest.mark.parametrize(
    "wrong", [{"addressing_style": "nonsense"}, {"access_key": "a", "secret_key": "b", "profile": "c"}, {"to": 1}]
)
@pytest.mark.parametrize("config", [CONFIG, json.dumps(CONFIG)], ids=["mapping", "text"])
def test_a_key_in_the_configuration_of_a_refused_task_is_not_shown(
    capsys: pytest.CaptureFixture[str], config: Any, wrong: dict[str, Any]
) -> None:
    result = run(capsys, objstore_config=config, **wrong)
    assert result["failed"]
    assert "hunter2" not in json.dumps(result)


def test_other_providers_are_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, objstore_config={"type": "AZURE", "config": {"container": "c"}})
    assert (result["changed"], result["skipped"]) == (False, True)
    assert "AZURE" in result["msg"]
