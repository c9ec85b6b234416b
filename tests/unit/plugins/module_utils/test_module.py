# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module tells of its arguments."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils._module import HIDDEN, DiscreetModule

SPEC = {"config": {"type": "raw"}, "style": {"type": "str", "choices": ["path"]}, "file": {"type": "path"}}
SECRET = {"key": "hunter2"}


def start() -> DiscreetModule:
    return DiscreetModule(argument_spec=SPEC, mutually_exclusive=[("config", "file")])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"config": SECRET, "file": "a"}, "mutually exclusive: config|file"),
        ({"config": SECRET, "style": "nonsense"}, "value of style must be one of: path, got: nonsense"),
        ({"config": SECRET, "other": 1}, "Unsupported parameters"),
        ({"confg": SECRET}, "Unsupported parameters"),
    ],
    ids=["exclusive", "choice", "unsupported", "mistyped"],
)
def test_arguments_that_are_refused_are_named_without_their_values(
    arguments: dict[str, Any], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with patch_module_args(arguments), pytest.raises(SystemExit) as ended:
        start()
    result = json.loads(capsys.readouterr().out)
    assert (ended.value.code, result["failed"], words in result["msg"]) == (1, True, True)
    shown = result["invocation"]["module_args"]
    assert {name: shown[name] for name in arguments} == dict.fromkeys(arguments, HIDDEN)
    assert "hunter2" not in str(result)


def test_a_failure_after_that_shows_the_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    with patch_module_args({"style": "path"}), pytest.raises(SystemExit):
        start().fail_json(msg="No answer.", status_code=503)
    result = json.loads(capsys.readouterr().out)
    assert result["invocation"] == {"module_args": {"config": None, "style": "path", "file": None}}
    assert (result["msg"], result["status_code"]) == ("No answer.", 503)


def test_arguments_are_not_written_to_the_systems_log(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(DiscreetModule, "log", lambda _module, *words, **_more: written.append(str(words)))
    with patch_module_args({"config": SECRET}):
        start()
    assert written == ["('Invoked',)"]
