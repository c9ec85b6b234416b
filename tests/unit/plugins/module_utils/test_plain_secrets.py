# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in settings that are written down as they are."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _plain_secrets

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
]


@pytest.mark.parametrize("path", SECRETS)
def test_a_secret_is_told_by_its_path_alone(path: str) -> None:
    assert _plain_secrets.paths(SECRETS[path]) == [path]


@pytest.mark.parametrize("settings", NONE, ids=str)
def test_names_files_and_labels_are_no_secrets(settings: Any) -> None:
    assert _plain_secrets.paths(settings) == []
