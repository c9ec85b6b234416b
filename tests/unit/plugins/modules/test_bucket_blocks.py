# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _block, _blocks
from ansible_collections.longterm.metrics.plugins.modules import bucket_blocks


def run(capsys: pytest.CaptureFixture[str], config: dict[str, Any], **arguments: Any) -> dict[str, Any]:
    with patch_module_args({"objstore_config": config, **arguments}), pytest.raises(SystemExit):
        bucket_blocks.main()
    return json.loads(capsys.readouterr().out)


def test_the_options_are_what_is_looked_for(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def await_blocks(_connect: Any, bucket: Any, wanted: Any, least: int, attempts: Any, each: Any) -> _blocks.Listing:
        asked.append((bucket.name, wanted, least, list(attempts), each))
        return _blocks.Listing([], 3, ["01ARZ3NDEKTSV4RRFFQ69G5FAV"])

    monkeypatch.setattr(_blocks, "await_blocks", await_blocks)
    config = {"type": "S3", "config": {"bucket": "b", "endpoint": "s3.example.com"}}
    wanted = {"labels": {"shard": 1}, "min_time": 5, "resolution": "1h", "min_blocks": 2, "wait_timeout": 0}
    wanted |= {"created_after": 7, "each": [{"labels": {"replica": 0}, "min_time": 9}]}
    result = run(capsys, config, **wanted)
    assert asked == [("b", _blocks.Filter({"shard": "1"}, 5, None, "1h", 7), 2, [1], [_blocks.Filter({"replica": "0"}, 9)])]
    assert (result["changed"], result["blocks"], result["count"]) == (False, [], 0)
    assert result["partial"] == ["01ARZ3NDEKTSV4RRFFQ69G5FAV"]


@pytest.mark.parametrize("wrong", [{"resolution": "2h"}, {"access_key": "a", "secret_key": "b", "profile": "c"}, {"to": 1}])
def test_a_key_in_the_configuration_of_a_refused_task_is_not_shown(
    capsys: pytest.CaptureFixture[str], wrong: dict[str, Any]
) -> None:
    keys = {"access_key": "AKIDEXAMPLE", "secret_key": "hunter2"}
    result = run(capsys, {"type": "S3", "config": {"bucket": "b", "endpoint": "s3.example.com", **keys}}, **wrong)
    assert result["failed"]
    assert "hunter2" not in json.dumps(result)


def test_a_bucket_of_another_provider_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, {"type": "GCS", "config": {"bucket": "b"}})
    assert result["failed"]
    assert "only buckets of type S3" in result["msg"]


def compacted(ulid: str) -> _block.Block:
    return _block.Block(ulid, 0, 1, {}, "raw", 2, "compactor", 1, 1, 1, False, False, False, ("A", "B"), ("A", "B"))


@pytest.mark.parametrize("judged", [True, False])
def test_the_work_of_two_compactors_is_a_failure_where_that_is_asked(
    judged: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _blocks.Listing([compacted("01ARZ3NDEKTSV4RRFFQ69G5FAV"), compacted("01ARZ3NDEKTSV4RRFFQ69G5FAW")], 2, [])
    monkeypatch.setattr(_blocks, "await_blocks", lambda *_arguments: found)
    result = run(capsys, {"type": "S3", "config": {"bucket": "b", "endpoint": "s3.example.com"}}, single_compactor=judged)
    assert result.get("failed", False) is judged
    assert ("two compactors work on it" in result.get("msg", "")) is judged
