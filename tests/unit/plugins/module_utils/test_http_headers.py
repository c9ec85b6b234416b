# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _http_headers as headers


@pytest.mark.parametrize("name", ["X-Scope-OrgID", "x_team", "A!", "1"])
def test_a_token_is_the_name_of_a_header(name: str) -> None:
    assert headers.is_name(name)


@pytest.mark.parametrize("name", ["", "X Team", "X-Team:", "X-Tëam", "X-Team\n"])
def test_anything_else_is_not(name: str) -> None:
    assert not headers.is_name(name)


def test_a_header_that_a_client_sets_itself_is_reserved_in_any_case() -> None:
    assert headers.is_reserved("AUTHORIZATION")
    assert headers.is_reserved("X-Prometheus-Remote-Write-Version")
    assert not headers.is_reserved("X-Authorization")


@pytest.mark.parametrize(("value", "allowed"), [("a\tb é", True), ("", True), ("a\r\nHost: b", False), ("a\x00", False)])
def test_a_value_has_one_line(value: str, allowed: bool) -> None:
    assert bool(re.fullmatch(headers.VALUE, value)) is allowed
