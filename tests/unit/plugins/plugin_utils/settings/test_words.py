# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import words


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (5, "5"),
        ("", "empty"),
        ("a\n  b", "a b"),
        (100 * "a", 80 * "a" + "..."),
        ({"a": 1}, "a dictionary"),
        ([1], "a list"),
        ([], "an empty list"),
        ({}, "empty"),
        ("https://me:hunter2@example.com/a", "https://***@example.com/a"),
        ("redis://hunter2@cache", "redis://***@cache"),
        ("https://me:hunt er2@example.com", "https://***@example.com"),
        ("https://me:hunt/er2@example.com", "https://***@example.com"),
        ("me:hunter2@example.com:9090", "***@example.com:9090"),
        ("me:hunt@er2@example.com", "***@example.com"),
        ("quay.io/a/b:v1@sha256:0", "quay.io/a/b:v1@sha256:0"),
        ("me@example.com", "me@example.com"),
    ],
)
def test_a_value_is_shown_in_short_and_without_a_password(value: Any, expected: str) -> None:
    assert words.shown(value) == expected


def test_a_finding_names_variable_value_and_what_is_allowed() -> None:
    assert words.stated("a.b", 0, "must be 1.") == "a.b is 0; must be 1."
    assert words.stated("a", "b", "must be c.", "has") == "a has b; must be c."


@pytest.mark.parametrize("value", [{"a": "hunter2"}, ["hunter2"]])
def test_what_may_hold_anything_is_not_shown(value: Any) -> None:
    assert words.stated("a", value, "must be b.") == "a must be b."


@pytest.mark.parametrize(
    "path",
    [
        "a.password",
        "a[0].tls_config.key",
        "a.secureJsonData.user",
        "a.api_key",
        "receivers[0].http.token",
        "grafana_admin_secret",
        "a_secrets[0]",
        "e[0].auth.key",
        "e[0].tls_secret",
    ],
)
def test_a_secret_is_not_shown(path: str) -> None:
    assert words.stated(path, "hunter2", "must be b.") == f"{path} must be b."


def test_the_nearest_known_name_is_asked_for() -> None:
    assert words.nearest("prometheus_replica", ["prometheus_replicas", "a"]) == "; did you mean prometheus_replicas?"
    assert words.nearest("x", ["prometheus_replicas"]) == ""


def test_where_no_name_is_near_all_known_ones_are_listed() -> None:
    assert words.unknown("a", "x", ["name", "key"]) == "a has x; must be one of key, name."
    assert words.unknown("a", "nmae", ["name", "key"]) == "a has nmae; did you mean name?"
