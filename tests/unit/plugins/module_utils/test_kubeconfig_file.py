# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kubeconfig of one resolved connection."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils._kubeconfig import Access, resolve
from ansible_collections.longterm.metrics.plugins.module_utils._kubeconfig_file import document, write


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


EVERYTHING = Access(
    server="https://one.example",
    context="one",
    authority="AUTHORITY",
    server_name="kubernetes",
    proxy="http://proxy:3128",
    certificate="CERTIFICATE",
    key="KEY",
    token="token",
)


@pytest.mark.parametrize(
    "access",
    [
        EVERYTHING,
        Access("https://one.example", context="cluster", insecure=True, username="u", password="p"),
        Access("https://one.example", context="cluster", token_file="/nowhere/token"),
    ],
    ids=["certificate and token", "password", "token of a pod"],
)
def test_what_is_written_means_the_same_connection(tmp_path: Path, access: Access) -> None:
    file = tmp_path / "written"
    file.write_text(yaml.safe_dump(document(access)))
    assert resolve({"kubeconfig": str(file)}, {}) == access


def test_of_a_kubeconfig_one_context_is_written_and_nothing_of_the_others(tmp_path: Path) -> None:
    contexts = [{"name": name, "context": {"cluster": "c", "user": name}} for name in ("one", "two")]
    users: list[dict[str, Any]] = [{"name": name, "user": {"token": f"token-{name}"}} for name in ("one", "two")]
    clusters = [{"name": "c", "cluster": {"server": "https://c"}}]
    source = tmp_path / "source"
    source.write_text(yaml.safe_dump({"contexts": contexts, "users": users, "clusters": clusters}))
    path, context = write({"kubeconfig": str(source), "context": "two"}, {})
    assert context == "two"
    assert resolve({"kubeconfig": path}, {}).token == "token-two"
    assert "token-one" not in Path(path).read_text()


def test_a_credential_plugin_is_written_and_not_what_it_gave(tmp_path: Path) -> None:
    script = tmp_path / "plugin.py"
    script.write_text("""print('{"status": {"token": "gave"}}')""")
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": sys.executable, "args": [str(script)]}
    source = tmp_path / "source"
    source.write_text(yaml.safe_dump(document(Access("https://one", plugin=plugin))))
    path, _context = write({"kubeconfig": str(source)}, {})
    assert yaml.safe_load(Path(path).read_text())["users"][0]["user"] == {"exec": plugin}
    assert resolve({"kubeconfig": path}, {}).token == "gave"


def test_no_authority_stands_beside_an_unverified_server() -> None:
    cluster = document(Access("https://one", authority="AUTHORITY", insecure=True))["clusters"][0]["cluster"]
    assert cluster == {"server": "https://one", "insecure-skip-tls-verify": True}


def test_the_file_and_its_folder_are_their_owner_s_alone() -> None:
    before = os.umask(0)
    try:
        path, _context = write({"host": "https://one", "api_key": "token"}, {})
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(os.stat(name).st_mode) for name in (path, os.path.dirname(path))]
    assert modes == [0o600, 0o700]
    assert os.listdir(os.path.dirname(path)) == [os.path.basename(path)]
