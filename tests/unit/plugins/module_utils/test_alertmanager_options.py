# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of Alertmanager that are not of receivers."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_options import (
    CHILD_ROUTE,
    GLOBAL,
    HTTP,
    OAUTH2,
    ROUTE,
    TLS,
)
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_receivers import RECEIVERS
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_section import Judge, Section

KEY = {"name": "keys", "key": "a"}


def problems(section: Section, given: dict[str, Any]) -> list[str]:
    judge = Judge()
    judge.mapping(section, given, "top")
    return judge.problems


def test_the_root_route_takes_all_alerts_at_all_times() -> None:
    below = {"matchers", "continue", "routes", "mute_time_intervals", "active_time_intervals"}
    assert CHILD_ROUTE.names() - ROUTE.names() == below


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [("smtp", "email"), *((kind, kind) for kind in RECEIVERS if any(n.startswith(f"{kind}_") for n in GLOBAL.names()))],
)
def test_a_global_option_is_one_of_the_receivers_it_is_for(prefix: str, kind: str) -> None:
    names = {name.removeprefix(f"{prefix}_") for name in GLOBAL.names() if name.startswith(f"{prefix}_")} - {"url", "api_corp_id"}
    assert names <= RECEIVERS[kind].names()


@pytest.mark.parametrize(
    ("section", "given", "told"),
    [
        (
            HTTP,
            {"basic_auth": {"username": "a", "password_secret": KEY}, "authorization": {"credentials_secret": KEY}},
            "top has basic_auth and authorization; one of them is allowed.",
        ),
        (
            HTTP,
            {"basic_auth": {"username": "a", "username_secret": KEY}},
            "top.basic_auth has username and username_secret; one of them is allowed.",
        ),
        (
            HTTP,
            {"authorization": {"type": "Basic", "credentials_secret": KEY}},
            "top.authorization has the type basic, which takes a user name and a password; use basic_auth.",
        ),
        (
            HTTP,
            {"proxy_url": "http://a", "proxy_from_environment": True},
            "top has proxy_url and proxy_from_environment; one of them is allowed.",
        ),
        (HTTP, {"no_proxy": "a"}, "top has no_proxy without proxy_url."),
        (
            HTTP,
            {"proxy_url": "http://me:hunter2@a"},
            "top.proxy_url holds a user name or password; put the URL, or the password, into a Secret.",
        ),
        (
            HTTP,
            {"http_headers": {"Authorization": {"secrets": [KEY]}}},
            "top.http_headers has Authorization, which the client sets itself.",
        ),
        (HTTP, {"http_headers": {"X-Key": {"values": "a"}}}, "top.http_headers.X-Key.values is a; must be a list."),
        (HTTP, {"tls_config": {"cert_secret": KEY}}, "top.tls_config has no key_secret."),
        (TLS, {"min_version": "1.2"}, "top.min_version is 1.2; must be one of TLS10, TLS11, TLS12, TLS13."),
        (TLS, {"min_version": "TLS13", "max_version": "TLS12"}, "top has min_version TLS13 above max_version TLS12."),
        (OAUTH2, {"client_id": "a"}, "top needs token_url."),
        (
            OAUTH2,
            {"client_id": "a", "token_url": "a"},
            "top.token_url must be a URL that begins with http:// or https:// and a host.",
        ),
        (OAUTH2, {"client_id": "a", "token_url": "https://a", "scopes": "b"}, "top.scopes is b; must be a list."),
        (
            GLOBAL,
            {"slack_api_url_secret": KEY, "slack_app_token_secret": KEY},
            "top has slack_api_url_secret and slack_app_token_secret; one of them is allowed.",
        ),
    ],
)
def test_what_contradicts_itself_is_told(section: Section, given: dict[str, Any], told: str) -> None:
    assert problems(section, given) == [told]


def test_a_header_may_come_from_a_secret() -> None:
    judge = Judge()
    made = judge.mapping(HTTP, {"http_headers": {"X-Key": {"values": ["a"], "secrets": [KEY]}}}, "top")
    assert (made, judge.problems) == (
        {"http_headers": {"X-Key": {"values": ["a"], "files": ["/etc/alertmanager/secrets/keys/a"]}}},
        [],
    )
