# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins in URLs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._url_logins import (
    findings,
    hidden,
    passwords,
    redacted,
    redacted_values,
)

PASSWORDS = {
    "https://me:s3cret@one.example/path": "https://***@one.example",
    "HTTPS://me:s3cret@one.example": "HTTPS://***@one.example",
    "socks5h://me:s3cret@proxy:1080": "socks5h://***@proxy:1080",
    "//me:s3cret@one.example": "//***@one.example",
    "https://:s3cret@one.example": "https://***@one.example",
    "https://me:s3cret@[fd00::1]:9090/": "https://***@[fd00::1]:9090",
    "https://me:a/s3cret?#@one.example": "https://***@one.example",
    "https://me:a@s3cret@one.example": "https://***@one.example",
    "https://me%40corp:s3cret%2F@one.example": "https://***@one.example",
    "see <https://me:s3cret@one.example> for more": "https://***@one.example",
    "url: 'https://me:s3cret@one.example'\nother: 1": "https://***@one.example",
    "jdbc:postgresql://me:s3cret@db/grafana": "postgresql://***@db",
}
NONE = [
    "https://one.example:9090/path@home",
    "https://one.example/path:a@home",
    "https://one.example/?to=me:you@other.example",
    "http://[::1]:9090/@",
    "https://one.example",
    "mail to me:you@one.example",
    "oci://ghcr.io/charts/stack:1.0@sha256:abc",
    "me@one.example",
    "",
]


@pytest.mark.parametrize("text", ["me:s3cret@one.example", "me:s3cret@one.example:9115/a", "me:a/s3cret@one.example/"])
def test_a_login_without_a_scheme_is_found(text: str) -> None:
    (finding,) = findings("blackbox_exporter_targets", [{"targets": [text]}])
    assert finding.startswith("blackbox_exporter_targets[0].targets[0] has a password in the URL ***@one.example")
    assert "s3cret" not in finding


@pytest.mark.parametrize(
    "text", ["quay.io/a/b:v1@sha256:0123", "mailto:me@one.example", "a b:c@d", "one.example:80", "me@one.example"]
)
def test_what_has_no_scheme_and_no_login_is_none(text: str) -> None:
    assert findings("name", text) == []


@pytest.mark.parametrize("text", PASSWORDS)
def test_a_password_is_found_and_told_without_user_and_password(text: str) -> None:
    (finding,) = findings("grafana_thanos_url", text)
    assert finding == (f"grafana_thanos_url has a password in the URL {PASSWORDS[text]}; take it out, and give it by a Secret.")


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_login_is_neither_found_nor_changed(text: str) -> None:
    assert findings("name", text) == []
    assert redacted(text) == text


@pytest.mark.parametrize(
    "password", ["$__file{/etc/grafana/secrets/db/password}", "${DB_PASSWORD}", "$(DB_PASSWORD)", "{{.Password}}", ""]
)
def test_a_reference_is_no_password_nor_is_none(password: str) -> None:
    assert findings("grafana_config", f"postgres://grafana:{password}@db:5432/grafana") == []


@pytest.mark.parametrize("password", ["$hunter2", "{{x", "a${B}"])
def test_a_password_may_look_like_the_beginning_of_a_reference(password: str) -> None:
    assert len(findings("grafana_config", f"mysql://u:{password}@db:3306/g")) == 1


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("GET https://discord.com/api/webhooks/1/s3cret: 404", "GET https://discord.com/*** 404"),
        ("https://hooks.slack-gov.com/services/T/B/s3cret failed", "https://hooks.slack-gov.com/*** failed"),
        ("GET https://x.example/a?sig=s3cret failed", "GET https://x.example/a?*** failed"),
        ("dial bob:s3cret@h:9090 failed", "dial ***@h:9090 failed"),
        ("GET https://me:s3cret@h failed", "GET https://***@h failed"),
        ("pod a:9090 pulls quay.io/a/b:v1@sha256:abc", "pod a:9090 pulls quay.io/a/b:v1@sha256:abc"),
    ],
)
def test_a_hidden_text_has_none_of_what_settings_may_not_hold(text: str, rest: str) -> None:
    assert hidden(text) == rest


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("bob:hunter2@alerts.example.com", {"hunter2"}),
        ({"a": ["https://bob:hun ter2@h.example/x"]}, {"hun ter2"}),
        ("quay.io/a/b:v1@sha256:0", set()),
        (["me@example.org", 5], set()),
    ],
)
def test_passwords_are_found_to_be_hidden_elsewhere(value: Any, found: set[str]) -> None:
    assert passwords(value) == found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://x.example/?client_secret=s3cret", "https://x.example/?***"),
        ("https://x.example/hook?room=a&access_token=s3cret#b", "https://x.example/hook?***"),
        ("/metrics?token=s3cret", "/metrics?***"),
        ("url: 'https://s3.example/b.yaml?X-Amz-Signature=s3cret'", "https://s3.example/b.yaml?***"),
        ("https://hooks.slack.com/services/T0/B0/s3cret", "https://hooks.slack.com/***"),
        ("https://discord.com/api/webhooks/1/s3cret", "https://discord.com/***"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/s3cret", "https://open.feishu.cn/***"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=s3cret", "https://qyapi.weixin.qq.com/***"),
        ("postgres://grafana@db.example/grafana?password=s3cret", "postgres://***@db.example/grafana?***"),
        ("db:5432/grafana?password=s3cret", "db:5432/grafana?***"),
        ("https://x.example/#access_token=s3cret", "https://x.example/?***"),
    ],
)
def test_a_secret_parameter_and_the_address_of_a_webhook_are_passwords(text: str, shown: str) -> None:
    (finding,) = findings("name", [text])
    assert finding == f"name[0] has a password in the URL {shown}; take it out, and give it by a Secret."


@pytest.mark.parametrize(
    "text",
    [
        "https://x.example/?team=a&verbose=1",
        "https://x.example/?token=${TOKEN}",
        "https://x.example/?token=",
        "what is the password=s3cret?",
        "See /login?token={{ .Token }}",
        "https://hooks.slack.com/",
        "/probe?module=http_2xx",
    ],
)
def test_other_parameters_are_none(text: str) -> None:
    assert findings("name", text) == []


def test_a_user_alone_is_no_password_but_no_error_shows_it() -> None:
    assert findings("name", "https://s3cret@one.example") == []
    assert redacted("GET https://s3cret@one.example/x failed") == "GET https://***@one.example/x failed"


@pytest.mark.parametrize("text", PASSWORDS)
def test_a_redacted_text_has_no_password_and_keeps_the_rest(text: str) -> None:
    before, after = f"before {text}", redacted(f"before {text}")
    assert "s3cret" not in after
    assert "***@" in after
    assert len(after.splitlines()) == len(before.splitlines())


def test_every_depth_is_searched_and_the_path_says_where() -> None:
    url = "http://me:s3cret@h"
    value: Any = {"a": [{"b": url}, "fine", (url,)], f"{url}/k": 1, "n": None, "t": True, "text": f"one {url} two {url}/x"}
    places = [finding.partition(" has ")[0] for finding in findings("v", value)]
    assert places == ["v.a[0].b", "v.a[2][0]", "v", "v.text", "v.text"]
    assert "s3cret" not in str(findings("v", value))
    assert "s3cret" not in str(redacted_values(value))
    assert redacted_values({"a": (1, None)}) == {"a": [1, None]}
