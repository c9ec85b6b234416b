# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remote writes without an operator: what Prometheus reads."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._remote_write import Native, Reference

KEY = {"name": "keys", "key": "token"}
URL = "https://example.org/api/v1/write"


def entry(**options: Any) -> list[dict[str, Any]]:
    return [{"name": "archive", "url": URL, **options}]


def test_prometheus_reads_the_same_options_and_keys_from_files() -> None:
    native = Native()
    [made] = native.entries(
        entry(
            messageVersion="V2.0",
            enableHTTP2=False,
            roundRobinDNS=True,
            headers={"X-Scope-OrgID": "team-a"},
            queueConfig={"retryOnRateLimit": True, "batchSendDeadline": "1s"},
            writeRelabelConfigs=[{"sourceLabels": ["__name__"], "regex": "up", "action": "Keep"}],
            basicAuth={"username": KEY, "password": {"name": "keys", "key": "password"}},
            tlsConfig={"ca": {"configMap": {"name": "authority", "key": "ca.crt"}}, "insecureSkipVerify": False},
        )
    )
    assert made == {
        "name": "archive",
        "url": URL,
        "protobuf_message": "io.prometheus.write.v2.Request",
        "enable_http2": False,
        "round_robin_dns": True,
        "headers": {"X-Scope-OrgID": "team-a"},
        "queue_config": {"retry_on_http_429": True, "batch_send_deadline": "1s"},
        "write_relabel_configs": [{"source_labels": ["__name__"], "regex": "up", "action": "keep"}],
        "basic_auth": {
            "username_file": "/etc/prometheus/remote-write/secret/keys/token",
            "password_file": "/etc/prometheus/remote-write/secret/keys/password",
        },
        "tls_config": {"ca_file": "/etc/prometheus/remote-write/configMap/authority/ca.crt", "insecure_skip_verify": False},
    }
    assert native.files == {
        Reference("secret", "keys", "token"),
        Reference("secret", "keys", "password"),
        Reference("configMap", "authority", "ca.crt"),
    }
    assert native.unread == []


@pytest.mark.parametrize("headers", [{"key": "a"}, {"name": "a", "key": "b"}, {"secret": "a"}])
def test_a_header_may_have_any_name(headers: dict[str, str]) -> None:
    native = Native()
    assert native.entries(entry(headers=headers))[0]["headers"] == headers
    assert (native.references, native.unread) == (set(), [])


def test_every_key_that_an_operator_reads_is_known() -> None:
    native = Native()
    native.entries(
        entry(
            sigv4={"accessKey": {"name": "aws", "key": "id"}, "secretKey": {"name": "aws", "key": "secret"}},
            proxyUrl="http://proxy:3128",
            proxyConnectHeader={"X-Key": [KEY]},
            tlsConfig={"ca": {"secret": {"name": "authority", "key": "ca", "optional": True}}},
        )
    )
    assert native.references == {
        Reference("secret", "aws", "id"),
        Reference("secret", "aws", "secret"),
        Reference("secret", "keys", "token"),
        Reference("secret", "authority", "ca", True),
    }
