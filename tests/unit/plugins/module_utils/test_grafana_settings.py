# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of Grafana that let in people without a login."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._grafana_settings import (
    GUARDED,
    environment_findings,
    findings,
    unlocked_findings,
)

# As Grafana reads them, each the same.
ON: list[Any] = [
    True,
    "true",
    "True",
    '"true"',
    "'true'",
    '"""true"""',
    "`true`",
    "on",
    "YES",
    "1",
    1,
    "t",
    " true ",
    "true ; so",
    "true # so",
]
UNKNOWN: list[Any] = ["${OPEN}", "$__env{OPEN}", "$__file{/x}", "%(other)s", "", None]
OFF: list[Any] = [False, "false", '"False"', "off", "no", 0, "0", "f", "false # never"]


@pytest.mark.parametrize("value", ON + UNKNOWN, ids=repr)
@pytest.mark.parametrize("section", ["auth.anonymous", "Auth.Anonymous", " auth.anonymous "])
@pytest.mark.parametrize("key", ["enabled", "Enabled"])
def test_anonymous_access_is_found_however_it_is_written(section: str, key: str, value: Any) -> None:
    (finding,) = findings("grafana_config", {section: {key: value}})
    assert finding.startswith("grafana_config sets auth.anonymous.enabled to ")
    assert "lets everybody in without a login" in finding
    assert finding.endswith("name it in grafana_unlocked_settings.")


@pytest.mark.parametrize("value", OFF, ids=repr)
def test_what_is_off_is_no_finding(value: Any) -> None:
    assert findings("grafana_config", {"auth.anonymous": {"enabled": value}, "users": {"allow_sign_up": value}}) == []


@pytest.mark.parametrize(
    ("names", "count"),
    [
        ({"GF_AUTH_GITHUB_ENABLED": "true"}, 1),
        ({"GF_AUTH_GITHUB_ENABLED": "true", "GF_AUTH_GITHUB_ALLOWED_ORGANIZATIONS": "one"}, 0),
        ({"GF_AUTH_GITHUB_ENABLED__FILE": "/etc/true"}, 1),
        ({"GF_AUTH_GITHUB_ENABLED": "false"}, 0),
        ({"GF_AUTH_GENERIC_OAUTH_ALLOW_ASSIGN_GRAFANA_ADMIN": "true"}, 1),
    ],
)
def test_a_provider_of_everybody_s_accounts_is_bounded_in_the_environment_too(names: dict[str, str], count: int) -> None:
    assert len(environment_findings("env", names)) == count


@pytest.mark.parametrize("name", GUARDED)
def test_every_guarded_setting_is_found_and_unlocked_by_its_name(name: str) -> None:
    section, key = name.rsplit(".", 1)
    settings = {section: {key: "Admin" if key.endswith("role") else "on"}}
    assert len(findings("grafana_config", settings)) == 1
    assert findings("grafana_config", settings, [name]) == []
    others = [other for other in GUARDED if other != name]
    assert len(findings("grafana_config", settings, others)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GF_AUTH_ANONYMOUS_ENABLED", "true"),
        ("gf_auth_anonymous_enabled", True),
        ("GF_AUTH_ANONYMOUS_ENABLED__FILE", "/etc/false"),
        ("GF_AUTH_ANONYMOUS_ENABLED", '"True"'),
    ],
)
def test_an_environment_variable_is_the_setting_that_it_names(name: str, value: Any) -> None:
    (finding,) = environment_findings("env", {name: value, "GF_SERVER_ROOT_URL": "x", "OTHER": "true"})
    assert finding.startswith("env sets auth.anonymous.enabled to ")
    assert environment_findings("env", {name: value}, ["auth.anonymous.enabled"]) == []


def test_a_role_is_harmless_when_it_only_looks() -> None:
    assert findings("c", {"users": {"auto_assign_org_role": "Viewer"}, "auth.anonymous": {"org_role": '"Viewer"'}}) == []
    assert len(findings("c", {"users": {"auto_assign_org_role": "Editor"}, "auth.anonymous": {"org_role": "Admin"}})) == 2


def test_a_public_provider_is_bounded() -> None:
    unbounded = {"auth.google": {"enabled": True, "client_id": "x", "allowed_domains": ""}}
    (finding,) = findings("c", unbounded)
    assert "auth.google.enabled" in finding
    assert findings("c", unbounded, ["auth.google.enabled"]) == []
    assert findings("c", {"auth.google": {"enabled": "yes", "allowed_domains": "example.com"}}) == []
    assert findings("c", {"auth.google": {"enabled": False}}) == []


@pytest.mark.parametrize(
    "settings",
    [
        {"users": {"default_theme": "light\n[auth.anonymous]\nenabled = true"}},
        {"users": {"x = 1\n[auth.anonymous]\nenabled": True}},
        {"users]\n[auth.anonymous": {"a": True}},
    ],
)
def test_nothing_begins_another_setting(settings: Any) -> None:
    (finding,) = findings("grafana_config", settings)
    assert "would begin another setting" in finding


@pytest.mark.parametrize("settings", [[], "x", {"root_url": "x"}, {"server": None}])
def test_what_has_no_sections_is_a_finding(settings: Any) -> None:
    assert len(findings("grafana_config", settings)) == 1


def test_ordinary_settings_are_no_finding() -> None:
    settings = {
        "server": {"root_url": "https://grafana.example.com"},
        "users": {"default_theme": "light"},
        "auth.generic_oauth": {"enabled": True, "allow_sign_up": True},
        "auth": {"disable_login_form": True},
        "DEFAULT": {"instance_name": "one"},
    }
    assert findings("grafana_config", settings) == []


def test_only_guarded_settings_are_unlocked() -> None:
    assert unlocked_findings("u", ["auth.anonymous.enabled", "auth.google.enabled"]) == []
    (finding,) = unlocked_findings("u", ["auth.anonymus.enabled"])
    assert finding.startswith("u has auth.anonymus.enabled; it takes auth.anonymous.enabled,")
