# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How objects of the operator name Secrets, TLS, proxies and relabelling."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _plain_secrets
from ansible_collections.longterm.metrics.plugins.module_utils._operator_client_schema import (
    AUTHORIZATION,
    BASIC_AUTH,
    OAUTH2,
    RELABEL,
    TLS,
    TLS_WITH_FILES,
    without_references,
)
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Schema

KEY = {"name": "keys", "key": "token"}
LOGIN = {"clientId": {"configMap": KEY}, "clientSecret": KEY, "tokenUrl": "https://sso.example.com/token"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (TLS, {"ca": {"configMap": KEY}, "cert": {"secret": KEY}, "keySecret": KEY, "minVersion": "TLS12"}),
        (TLS_WITH_FILES, {"caFile": "/ca", "certFile": "/cert", "keyFile": "/key"}),
        (AUTHORIZATION, {"type": "Bearer", "credentials": {**KEY, "optional": True}}),
        (OAUTH2, {**LOGIN, "scopes": ["a"], "endpointParams": {"b": "c"}, "proxyUrl": "socks5://proxy:1080", "noProxy": "d"}),
        (RELABEL, {"sourceLabels": ["a"], "targetLabel": "b", "action": "HashMod", "modulus": 2}),
        (RELABEL, {"regex": "a", "action": "LabelDrop"}),
    ],
)
def test_what_the_operator_reads_is_right(schema: Schema, value: dict[str, Any]) -> None:
    assert [*schema.judge(value, "here")] == []


@pytest.mark.parametrize(
    ("schema", "value", "finding"),
    [
        (TLS, {"serverNam": "a"}, " has the unknown key serverNam; did you mean serverName?"),
        (TLS, {"ca": KEY}, ".ca has no secret or configMap; it is required."),
        (TLS, {"cert": {"secret": KEY}}, " has a certificate and no keySecret; one needs the other."),
        (TLS, {"keySecret": KEY}, " has a key and no cert; one needs the other."),
        (
            TLS,
            {"minVersion": "TLS13", "maxVersion": "TLS12"},
            ".maxVersion is TLS12; must not be lower than minVersion, TLS13.",
        ),
        (
            TLS_WITH_FILES,
            {"ca": {"secret": KEY}, "caFile": "/ca"},
            " has ca and caFile; only one of ca, caFile is allowed.",
        ),
        (AUTHORIZATION, {"type": "Bearer"}, " has no credentials; it is required."),
        (AUTHORIZATION, {"type": "basic", "credentials": KEY}, ".type is basic; use basicAuth for that."),
        (AUTHORIZATION, {"credentials": {"name": "keys"}}, ".credentials has no key; it is required."),
        (
            BASIC_AUTH,
            {"username": KEY, "password": "hunter2"},
            ".password must name a key of a Secret, as {name: NAME, key: KEY}.",
        ),
        (BASIC_AUTH, {"username": KEY}, " has no password; it is required."),
        (
            OAUTH2,
            {**LOGIN, "proxyFromEnvironment": True, "noProxy": "a"},
            " has noProxy and proxyFromEnvironment; only one of the two is allowed.",
        ),
        (OAUTH2, {**LOGIN, "proxyConnectHeader": {"a": [KEY]}}, " has proxyConnectHeader and no proxyUrl; it needs one."),
        (RELABEL, {"sourceLabels": ["a"]}, " has no targetLabel; the action replace needs it."),
        (
            RELABEL,
            {"sourceLabels": ["a"], "action": "LABELDROP"},
            ".action is LABELDROP; must be one of replace, keep, drop, hashmod, labelmap, labeldrop, labelkeep, lowercase, "
            "uppercase, keepequal, dropequal.",
        ),
        (
            RELABEL,
            {"regex": "a", "action": "labeldrop", "sourceLabels": ["a"]},
            " has sourceLabels, which the action labeldrop does not take.",
        ),
        (
            RELABEL,
            {"targetLabel": "__param_token", "replacement": "hunter2"},
            ".replacement holds a secret in plain text; take it out, for everybody can read it here.",
        ),
    ],
)
def test_what_the_operator_would_refuse_is_named(schema: Schema, value: dict[str, Any], finding: str) -> None:
    said = [*schema.judge(value, "here")]
    assert f"here{finding}" in said
    assert "hunter2" not in str(said)


def test_a_secret_where_its_key_belongs_is_not_shown() -> None:
    said = [*AUTHORIZATION.judge({"credentials": {"name": "keys", "key": "hunter2!"}}, "here")]
    assert said == ["here.credentials.key must be a key of letters, digits, dots, - and _."]


def test_references_are_no_secrets_and_all_else_stays() -> None:
    settings = {"proxyConnectHeader": {"a": [KEY]}, "authorization": {"credentials": "hunter2"}}
    assert _plain_secrets.paths(without_references(settings)) == ["authorization.credentials"]
