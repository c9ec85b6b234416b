# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._http_client_schema import http_client

CLIENT = http_client({})
JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
OAUTH2 = {"client_id": "a", "token_url": "https://login.example.org/token"}


@pytest.mark.parametrize(
    "client",
    [
        {"basic_auth": {"username": "a", "password_file": "/etc/prometheus/secrets/a/password"}},
        {"authorization": {"type": "Token", "credentials_file": "/run/token"}},
        {"oauth2": {**OAUTH2, "client_secret_file": "/a", "claims": {"admin": True}, "endpoint_params": {"scope": "read"}}},
        {"tls_config": {"ca_file": "/ca", "min_version": "TLS12"}, "enable_http2": False},
        {"http_headers": {"X-Tenant": {"values": ["a"], "files": ["/run/tenant"]}}},
        {"proxy_url": "socks5://proxy:1080", "no_proxy": "10.0.0.0/8", "proxy_from_environment": False},
        {"proxy_from_environment": True, "proxy_connect_header": {"X-Team": ["shop"]}},
        {"tls_config": {"cert_file": "/cert", "key_file": "/key", "min_version": "TLS12", "max_version": "TLS12"}},
        {"oauth2": {**OAUTH2, "grant_type": JWT, "client_certificate_key_file": "/key"}},
    ],
)
def test_a_client_that_prometheus_takes_has_no_findings(client: dict[str, Any]) -> None:
    assert [*CLIENT.judge(client, "job")] == []


@pytest.mark.parametrize(
    ("client", "finding"),
    [
        ({"basic_auth": {"username": "a", "user": "a"}}, "job.basic_auth has the unknown key user; did you mean username?"),
        ({"basic_auth": "a:hunter2"}, "job.basic_auth is text; must be a dictionary."),
        (
            {"basic_auth": {"username": "a", "password": "a", "password_file": "b"}},
            "job.basic_auth has password and password_file; only one of password, password_file is allowed.",
        ),
        ({"authorization": {"type": "Basic"}}, "job.authorization.type is Basic; use basic_auth for that."),
        (
            {"basic_auth": {"username": "a"}, "authorization": {"credentials_file": "/run/token"}},
            "job has basic_auth and authorization; "
            "only one of basic_auth, authorization, oauth2, bearer_token, bearer_token_file is allowed.",
        ),
        ({"basic_auth": {"password_file": "/run/a"}}, "job.basic_auth has no username or username_file; it is required."),
        ({"authorization": {"type": "Bearer"}}, "job.authorization has no credentials_file; it is required."),
        ({"oauth2": {"client_id": "a"}}, "job.oauth2 has no token_url; it is required."),
        ({"oauth2": {**OAUTH2, "scopes": "read"}}, "job.oauth2.scopes is text; must be a list."),
        ({"tls_config": {"min_version": "1.2"}}, "job.tls_config.min_version is 1.2; must be TLS10, TLS11, TLS12 or TLS13."),
        (
            {"tls_config": {"insecure_skip_verify": "false"}},
            "job.tls_config.insecure_skip_verify is the text false; must be true or false, without quotes.",
        ),
        (
            {"http_headers": {"host": {"values": ["a"]}}},
            "job.http_headers has the key host; must be another header than this one, which the client sets itself.",
        ),
        ({"http_headers": {"X-A": {"value": "a"}}}, "job.http_headers.X-A has the unknown key value; did you mean values?"),
        (
            {"http_headers": {"X Tenant": {}}},
            "job.http_headers has the key X Tenant; must be the name of a header such as X-Scope-OrgID.",
        ),
        (
            {"http_headers": {"X-A": {"values": ["a\nHost: b"]}}},
            "job.http_headers.X-A.values[0] is a Host: b; must be text in one line.",
        ),
        ({"tls_config": {"cert_file": "/a"}}, "job.tls_config has a certificate and no key_file; one needs the other."),
        ({"tls_config": {"key": "secret"}}, "job.tls_config has a key and no cert_file; one needs the other."),
        (
            {"tls_config": {"min_version": "TLS13", "max_version": "TLS12"}},
            "job.tls_config.max_version is TLS12; must not be lower than min_version, TLS13.",
        ),
        (
            {"oauth2": {**OAUTH2, "grant_type": JWT, "client_secret_file": "/a"}},
            f"job.oauth2 has no client_certificate_key_file; the grant type {JWT} needs it.",
        ),
        (
            {"oauth2": {**OAUTH2, "client_certificate_key_file": "/a"}},
            f"job.oauth2 has a client_certificate_key, which only the grant type {JWT} reads.",
        ),
        (
            {"oauth2": {**OAUTH2, "proxy_from_environment": True, "no_proxy": "10.0.0.0/8"}},
            "job.oauth2 has no_proxy and proxy_from_environment; only one of the two is allowed.",
        ),
        (
            {"proxy_url": "http://proxy:3128", "proxy_from_environment": True},
            "job has proxy_url and proxy_from_environment; only one of the two is allowed.",
        ),
        ({"no_proxy": "10.0.0.0/8"}, "job has no_proxy and no proxy_url; it needs one."),
        ({"proxy_connect_header": {"X-Team": ["shop"]}}, "job has proxy_connect_header and no proxy_url; it needs one."),
        (
            {"proxy_url": "http://me:hunter2@proxy:3128"},
            "job.proxy_url is a URL with a password; must be a URL such as http://proxy.example.org:3128, without a password.",
        ),
    ],
)
def test_a_client_that_prometheus_refuses_is_named(client: dict[str, Any], finding: str) -> None:
    assert [*CLIENT.judge(client, "job")] == [finding]
