# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module kubeconfig_file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.modules import kubeconfig_file


def run(capsys: pytest.CaptureFixture[str], **arguments: Any) -> str:
    with patch_module_args(arguments), pytest.raises(SystemExit):
        kubeconfig_file.main()
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_the_token_is_written_in_check_mode_too_and_not_returned(capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, host="https://one", api_key="a-long-token", _ansible_check_mode=True)
    result = json.loads(said)
    assert (result["context"], result["changed"]) == ("cluster", False)
    assert "a-long-token" in Path(result["path"]).read_text()
    assert "a-long-token" not in said


def test_a_connection_that_cannot_be_resolved_is_one_error(capsys: pytest.CaptureFixture[str]) -> None:
    result = json.loads(run(capsys, kubeconfig="/nowhere"))
    assert result["failed"]
    assert result["msg"].startswith("No kubeconfig at /nowhere")


def test_the_login_of_a_proxy_is_shown_nowhere_not_even_among_the_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    proxy = "http://me:s3cret@proxy.example:3128"
    said = [run(capsys, proxy=proxy, **options) for options in ({"host": "https://one"}, {"kubeconfig": "/nowhere"})]
    assert [json.loads(text).get("failed", False) for text in said] == [False, True]
    assert "proxy-url" in Path(json.loads(said[0])["path"]).read_text()
    assert not [text for text in said if "s3cret" in text]
