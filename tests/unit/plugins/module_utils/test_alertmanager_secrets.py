# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Secrets that Alertmanager's configuration names."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_secrets import Secrets


def test_a_key_of_a_secret_is_a_file_and_its_secret_is_mounted() -> None:
    secrets = Secrets()
    assert secrets.path({"name": "my.slack", "key": "API_url-1.txt"}) == ("/etc/alertmanager/secrets/my.slack/API_url-1.txt", "")
    assert secrets.names == {"my.slack"}


@pytest.mark.parametrize(
    "given",
    [
        "hunter2",
        ["hunter2"],
        None,
        {"name": "hunter2"},
        {"name": "a", "key": "b", "hunter2": "c"},
        {"name": "hunter2/..", "key": "a"},
        {"name": "Hunter2", "key": "a"},
        {"name": "a", "key": "../hunter2"},
        {"name": "a", "key": ".."},
        {"name": "a" * 254, "key": "a"},
        {"name": "a", "key": "hunter2\n"},
        {"name": 5, "key": "a"},
    ],
)
def test_anything_else_is_told_without_repeating_it(given: Any) -> None:
    secrets = Secrets()
    assert secrets.path(given)[1] == " must name a key of a Secret of the namespace: {name: ..., key: ...}"
    assert secrets.names == set()
