# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What options say about each other; by rule what is let pass and what is told."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager_rules as rules

AUTHORIZED = {"http_config": {"authorization": {"credentials_file": "/a"}}}
UNKNOWN = object()


@pytest.mark.parametrize(
    ("rule", "good", "bad", "told"),
    [
        (rules.need("a b"), {"b": 1}, {"c": 1}, " needs a or b"),
        (rules.need("a_secret"), {"a": "file"}, {}, " needs a_secret"),
        (rules.need("a", "x_a"), {"global.x_a": 1}, {}, " needs a, or x_a in alertmanager_global"),
        (rules.only_one("a b c"), {"a": 1, "b": False}, {"a": 1, "c": 1}, " has a and c; one of them is allowed"),
        (rules.together("a b_secret"), {"a": 1, "b": "file"}, {"a": 1}, " has no b_secret"),
        (rules.requires("a", "b"), {"a": 1, "b": 1}, {"a": 1}, " has a without b"),
        (rules.authorization_type, {"type": "Bearer"}, {"type": " BASIC "}, " has the type basic, "),
        (
            rules.tls_versions,
            {"min_version": "TLS12", "max_version": "TLS12"},
            {"min_version": "TLS13", "max_version": "TLS12"},
            " has min_version TLS13 above",
        ),
        (
            rules.times,
            {"start_time": "00:00", "end_time": "24:00"},
            {"start_time": "09:00", "end_time": "09:00"},
            " starts at 09:00 and ends at 09:00; ",
        ),
        (
            rules.headers,
            {"http_headers": {"X-Scope": {}}},
            {"http_headers": {"content-Type": {}}},
            ".http_headers has content-Type, ",
        ),
        (
            rules.mail_headers,
            {"headers": {"Subject": "a"}},
            {"headers": {"subject": "a", "Subject": "b"}},
            ".headers has subject more than once",
        ),
        (
            rules.mail_headers,
            {"headers": {"References": "a"}},
            {"headers": {"References": "a"}, "threading": {"enabled": True}},
            ".headers has references, ",
        ),
        (
            rules.headers,
            {"http_headers": {"X-Scope": {}}},
            {"http_headers": {"X Scope:": {}}},
            ".http_headers has X Scope:; must be",
        ),
        (rules.mail_headers, {"headers": {"X-Team": "a"}}, {"headers": {"": "a"}}, ".headers has an empty name; must be"),
        (
            rules.mail_login,
            {"auth_username": "a", "global.smtp_auth_password": "file"},
            {"global.smtp_auth_username": "a"},
            " has auth_username and no auth_password_secret or auth_secret_secret, ",
        ),
        (rules.mail_login, {}, {"auth_secret": "file"}, " has auth_secret_secret and no auth_username, "),
        (
            rules.incidentio_key,
            {"alert_source_token": "file"},
            {},
            " needs alert_source_token_secret or http_config.authorization",
        ),
        (
            rules.incidentio_key,
            AUTHORIZED,
            {**AUTHORIZED, "alert_source_token": "file"},
            " needs alert_source_token_secret or http_config.authorization, not both",
        ),
        (rules.webex_key, AUTHORIZED, {"http_config": {}}, " needs http_config.authorization"),
        (
            rules.slack_app,
            {"app_token": "file"},
            {"app_token": "file", **AUTHORIZED},
            " has app_token_secret and http_config.authorization",
        ),
        (
            rules.slack_app,
            {"app_token": "file"},
            {"app_token": "file", "global.http_config": AUTHORIZED["http_config"]},
            " has app_token_secret and ",
        ),
        (
            rules.slack_app,
            {"api_url": "file"},
            {"api_url": "file", "global.slack_app_token": "file"},
            " has api_url_secret, but slack_app_token_secret",
        ),
        (
            rules.slack_app,
            {"api_url": rules.SLACK_API, "update_message": True, **AUTHORIZED},
            {"api_url": "file", "update_message": True},
            " needs api_url: https://slack.com/",
        ),
        (
            rules.slack_app,
            {"api_url": rules.SLACK_API, **AUTHORIZED},
            {"api_url": rules.SLACK_API},
            " needs api_url: https://slack.com/",
        ),
        (rules.jira_texts, {"summary": "nil"}, {"summary": "null"}, ".summary is null, "),
        (rules.slack_action, {"url": "a"}, {"text": "a"}, " needs url or name"),
        (
            rules.receiver_labels,
            {"name": "a", "labels": {"name": "a"}},
            {"name": "a", "labels": {"name": "b"}},
            ".labels.name is b; ",
        ),
        (
            rules.victorops_fields,
            {"custom_fields": {"a": "b"}},
            {"custom_fields": {"entity_id": "b"}},
            ".custom_fields has entity_id, ",
        ),
        (rules.responder_type, {"type": "Team"}, {"type": "group"}, ".type is group; must be one of team, "),
        (rules.responder_type, {"type": "{{ .x }}"}, {}, ".type is empty; must be one of team, "),
    ],
)
def test_a_rule_lets_pass_what_goes_together_and_tells_what_does_not(
    rule: rules.Rule, good: dict[str, Any], bad: dict[str, Any], told: str
) -> None:
    assert rule(good) == ""
    assert rule(bad).startswith(told)


@pytest.mark.parametrize(
    "rule",
    [
        rules.authorization_type,
        rules.tls_versions,
        rules.times,
        rules.headers,
        rules.mail_headers,
        rules.slack_app,
        rules.receiver_labels,
        rules.victorops_fields,
        rules.responder_type,
    ],
)
def test_a_value_that_is_told_already_is_not_told_again(rule: rules.Rule) -> None:
    names = (
        "type min_version max_version start_time end_time http_headers headers threading thread_by_date labels name "
        "custom_fields http_config api_url"
    )
    assert rule(dict.fromkeys(names.split(), UNKNOWN)) == ""
