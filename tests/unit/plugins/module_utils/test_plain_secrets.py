# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in settings that are written down as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _plain_secrets
from ansible_collections.longterm.metrics.plugins.module_utils._probe_modules import PROBERS
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, MapOf, Nested, Schema
from ansible_collections.longterm.metrics.plugins.module_utils._scrape_configs import JOB_SCHEMA

SECRETS: dict[str, Any] = {
    "grafana.adminPassword": {"grafana": {"adminPassword": "hunter2"}},
    "grafana.env.GF_SMTP_PASSWORD": {"grafana": {"env": {"GF_SMTP_PASSWORD": 5}}},
    "containers[0].env[1].value": {"containers": [{"env": [{"name": "A", "value": "b"}, {"name": "API_TOKEN", "value": "x"}]}]},
    "grafana.grafana.ini.security.secret_key": {"grafana": {"grafana.ini": {"security": {"secret_key": "x"}}}},
    "auth.generic_oauth.client_secret": {"auth.generic_oauth": {"client_secret": "x"}},
    "datasources[0].secureJsonData.httpHeaderValue1": {"datasources": [{"secureJsonData": {"httpHeaderValue1": "x"}}]},
    "objectStorageConfig.secret.config.secret_key": {"objectStorageConfig": {"secret": {"config": {"secret_key": "x"}}}},
    "receivers[0].slack_configs[0].api_key": {"receivers": [{"slack_configs": [{"api_key": "x"}]}]},
    "extraManifests[0].stringData.login": {"extraManifests": [{"kind": "Secret", "stringData": {"login": "x"}}]},
    "[0].tls_config.key": [{"tls_config": {"key": "x"}}],
    "[0].http_headers.X-Key.secrets[0]": [{"http_headers": {"X-Key": {"secrets": ["x"]}}}],
    "[0].proxy_connect_header.Login[0]": [{"proxy_connect_header": {"Login": ["x"]}}],
    "[0].authorization.credentials": [{"authorization": {"credentials": "x"}}],
    "[0].consul_sd_configs[0].token": [{"consul_sd_configs": [{"token": "x"}]}],
    "[0].sigv4.secret_key": [{"sigv4": {"secret_key": "x"}}],
    "[0].oauth2.client_secret": [{"oauth2": {"client_secret": "x"}}],
    "[0].bearer_token": [{"bearer_token": "x"}],
    "a.headers.Authorization": {"a": {"headers": {"Authorization": "x"}}},
    "env[0].value": {"env": [{"name": "AWS_SECRET_ACCESS_KEY", "value": "x"}]},
    "exporter.env.DATA_SOURCE_NAME": {"exporter": {"env": {"DATA_SOURCE_NAME": "me:x@(db:3306)/"}}},
    "config.secretAccessKey": {"config": {"secretAccessKey": "x"}},
    "proxy.cookieSecret": {"proxy": {"cookieSecret": "x"}},
    "[0].openstack_sd_configs[0].application_credential_secret": [
        {"openstack_sd_configs": [{"application_credential_secret": "x"}]}
    ],
    "webConfig.basic_auth_users.admin": {"webConfig": {"basic_auth_users": {"admin": "$2b$12$x"}}},
    "receivers[0].slack_configs[0].api_url": {"receivers": [{"slack_configs": [{"api_url": "https://hooks.example.org/x"}]}]},
    "receivers[0].pushover_configs[0].user_key": {"receivers": [{"pushover_configs": [{"user_key": "x"}]}]},
    "users[0].user.client-key-data": {"users": [{"user": {"client-key-data": "eA=="}}]},
    "tls.pem": {"tls": {"pem": "-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----"}},
    "headers.X-Login": {"headers": {"X-Login": "Bearer abcdefghijklmnopq"}},
    "extraArgs[0]": {"extraArgs": ["--web.login-token=x"]},
    "extraArgs[1]": {"extraArgs": ["--v=4", "--objstore.config=type: S3\nconfig:\n  secret_key: x\n"]},
    "args[1]": {"args": ["--v=2", "--prometheus-header=Authorization: Basic aHVudGVyMg=="]},
    "additionalScrapeConfigs": {"additionalScrapeConfigs": "- job_name: a\n  basic_auth:\n    password: hunter2\n"},
    "config": {"config": '{\n  "url": "https://a",\n  "apiKey": "hunter2",\n}\n'},
    "ini": {"ini": "[security]\nadmin_password = hunter2\n"},
    "[0].relabel_configs[0].replacement": [{"relabel_configs": [{"target_label": "__param_api_key", "replacement": "x"}]}],
    "[0].params.token[0]": [{"params": {"token": ["x"]}}],
    "grpc.metadata.authorization[0]": {"grpc": {"metadata": {"authorization": ["x"]}}},
    "remote_cache.connstr": {"remote_cache": {"connstr": "addr=redis,password=x"}},
}
NONE: list[Any] = [
    {"adminPassword": ""},
    {"adminPassword": None},
    {"admin": {"existingSecret": "grafana", "userKey": "user", "passwordKey": "password"}},
    {"extraSecretMounts": [{"secretName": "smtp"}], "imagePullSecrets": ["mirror"], "secrets": ["etcd"], "configSecret": "a"},
    {"basicAuth": {"password": {"name": "login", "key": "password"}}, "bearerTokenSecret": {"name": "a", "key": "token"}},
    {"envValueFrom": {"GF_SMTP_PASSWORD": {"secretKeyRef": {"name": "smtp", "key": "password"}}}},
    {"grafana.ini": {"smtp": {"password": "$__file{/etc/grafana/secrets/smtp/password}", "token": "$__env{TOKEN}"}}},
    {"env": {"GF_SMTP_PASSWORD__FILE": "/etc/grafana/smtp", "TOKEN": "$(TOKEN)"}, "automountServiceAccountToken": False},
    {"tolerations": [{"key": "token", "value": "a"}], "podLabels": {"password": "no"}, "nodeSelector": {"token": "no"}},
    [{"tls_config": {"key_file": "a", "cert": "a"}, "basic_auth": {"password_file": "a"}, "authorization": {"type": "Bearer"}}],
    [
        {
            "static_configs": [{"targets": ["a"], "labels": {"password": "no"}}],
            "oauth2": {"token_url": "https://a", "scopes": ["b"]},
        }
    ],
    [{"relabel_configs": [{"source_labels": ["token"], "target_label": "password", "regex": "secret", "action": "replace"}]}],
    [{"http_headers": {"X-Key": {"files": ["a"], "values": ["b"]}}, "params": {"module": ["http"]}}],
    "token",
    {"tls": {"existingSecret": "a", "configSecret": "b", "tlsSecret": "c"}, "externalUrl": "https://a", "api_url": "https://a"},
    {"args": ["--web.config.file=/etc/web.yml", "--token-file=/run/token", "--v=4", "--metric-labels-allowlist=pods=[a]"]},
    {"config": "password: {{ .Values.password }}\npassword_file: /a\ntoken: ''\npassword:\n# password: hunter2\n"},
    {"config": "grafana:\n  admin_password = $__file{/etc/a}\n  token: null\n"},
    {"description": "Basic authentication by token: see the page", "title": "Bearer of news", "expr": "sum by (token) (up)"},
    [
        {
            "relabel_configs": [
                {"target_label": "__param_target", "replacement": "$1"},
                {"target_label": "token", "replacement": "a"},
            ]
        }
    ],
]


@pytest.mark.parametrize("path", SECRETS)
def test_a_secret_is_told_by_its_path_alone(path: str) -> None:
    assert _plain_secrets.paths(SECRETS[path]) == [path]


@pytest.mark.parametrize("settings", NONE, ids=str)
def test_names_files_and_labels_are_no_secrets(settings: Any) -> None:
    assert _plain_secrets.paths(settings) == []


def secret_leaves(schema: Schema, above: tuple[int, ...] = ()) -> Iterator[tuple[Any, str]]:
    """A value for each secret of a schema, and its path."""
    if isinstance(schema, Leaf) and schema.secret:
        yield "hunter2", ""
    elif isinstance(schema, ListOf):
        yield from (([value], f"[0]{path}") for value, path in secret_leaves(schema.item, above))
    elif isinstance(schema, MapOf):
        yield from (({"X-Any": value}, f".X-Any{path}") for value, path in secret_leaves(schema.value, above))
    elif isinstance(schema, Nested) and id(schema) not in above:
        for name, inner in schema.fields.items():
            yield from (({name: value}, f".{name}{path}") for value, path in secret_leaves(inner, (*above, id(schema))))


@pytest.mark.parametrize("schema", [JOB_SCHEMA, Nested(PROBERS)], ids=["scrape configurations", "probe modules"])
def test_whatever_a_schema_calls_secret_is_found(schema: Schema) -> None:
    leaves = [*secret_leaves(schema)]
    assert len(leaves) > 5
    assert {path: _plain_secrets.paths(value) for value, path in leaves} == {path: [path.removeprefix(".")] for _, path in leaves}
