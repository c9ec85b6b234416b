# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges of nested settings, held against thousands of values: none crashes, and every finding names its variable and no key."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import (
    _adapter_rules,
    _alertmanager_endpoint_schema,
    _allowlists,
    _arguments,
    _cache_schema,
    _grafana_datasource_schema,
    _hashrings,
    _monitor_endpoint_schema,
    _node_collectors,
    _plain_secrets,
    _probe_modules,
    _receive_limits,
    _remote_write_schema,
    _rule_files,
    _scrape_configs,
)
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

from tests.mutations import FILE, JOB, MODULES, RULES, SECRET, mutated

Judge = Callable[[Any], list[str]]
REFERENCE = {"name": "keys", "key": "scraper"}
RELABELING = {"sourceLabels": ["j"], "regex": "(.*)", "targetLabel": "k", "replacement": "$1"}


def rule_file(document: Any) -> list[str]:
    try:
        # As a program writes it, whose text may be no YAML.
        text = document if isinstance(document, str) else json.dumps(document, default=str)
    except TypeError:
        return []
    try:
        _rule_files.load({}, {"mine.yml": text})
    except MetricsError as error:
        return error.message.splitlines()
    return []


JUDGES: dict[str, tuple[Judge, Any]] = {
    "prometheus_scrape_configs": (lambda value: _scrape_configs.problems(value, "30s", ["b"]), [JOB]),
    "blackbox_exporter_modules": (_probe_modules.problems, MODULES),
    "prometheus_remote_write": (
        lambda value: _remote_write_schema.problems(value, "standalone", "v3.15.0"),
        [
            {
                "name": "a",
                "url": "https://a/",
                "headers": {"X-Scope-OrgID": "b"},
                "queueConfig": {"minBackoff": "1s", "maxShards": 5},
                "writeRelabelConfigs": [RELABELING],
                "basicAuth": {"username": REFERENCE, "password": REFERENCE},
                "tlsConfig": {"ca": {"secret": REFERENCE}},
            }
        ],
    ),
    "thanos_receive_limits": (
        lambda value: _receive_limits.problems(value, {}, [], "metrics", "THANOS-TENANT", "default-tenant"),
        {"default": {"request": {"samples_limit": 5000}}, "tenants": {"a": {"head_series_limit": 10}}},
    ),
    "thanos_receive_hashrings": (
        lambda value: _hashrings.problems(value, 3, "thanos_receive_hashrings"),
        [
            {"name": "a", "replicas": 3, "tenants": ["b"], "shuffle_sharding_config": {"shard_size": 3}},
            {"name": "c", "replicas": 3},
        ],
    ),
    "prometheus_adapter_rules": (_adapter_rules.problems, RULES),
    "prometheus_adapter_external_rules": (
        lambda value: _adapter_rules.problems(value, "prometheus_adapter_external_rules", external=True),
        RULES,
    ),
    "kube_state_metrics_labels": (
        lambda value: _allowlists.problems(value, "kube_state_metrics_labels", ["pods"]),
        {"pods": ["team"]},
    ),
    "node_exporter_collectors": (lambda value: _node_collectors.problems(value, "node_exporter_collectors"), ["systemd"]),
    "thanos_store_extra_args": (lambda value: _arguments.problems(value, "thanos_store_extra_args"), ["--log.level=debug"]),
    "thanos_query_frontend_cache": (
        lambda value: _cache_schema.problems(value, "thanos_query_frontend_cache", "responses"),
        {"type": "MEMCACHED", "config": {"addresses": ["dnssrvnoa+_client._tcp.memcached.caches.svc"], "max_item_size": "1MiB"}},
    ),
    "system_monitors_overrides": (
        lambda value: _monitor_endpoint_schema.problems(value, "30s"),
        {
            "etcd": {
                "port": 2379,
                "selector": {"a": "b"},
                "endpoint": {
                    "interval": "1m",
                    "scrapeTimeout": "10s",
                    "params": {"c": ["d"]},
                    "basicAuth": {"username": REFERENCE, "password": REFERENCE},
                    "tlsConfig": {"ca": {"secret": REFERENCE}, "minVersion": "TLS12", "maxVersion": "TLS13"},
                    "relabelings": [RELABELING],
                },
            }
        },
    ),
    "prometheus_alertmanagers": (
        _alertmanager_endpoint_schema.problems,
        [
            {
                "name": "a",
                "port": "web",
                "timeout": "10s",
                "pathPrefix": "/b",
                "sigv4": {"accessKey": REFERENCE, "secretKey": REFERENCE, "roleArn": "c", "externalId": "d"},
                "proxyUrl": "http://proxy:3128",
                "proxyConnectHeader": {"X-E": [REFERENCE]},
                "alertRelabelings": [RELABELING],
            }
        ],
    ),
    "grafana_datasources": (
        _grafana_datasource_schema.problems,
        [
            {
                "name": "Loki",
                "uid": "loki",
                "type": "loki",
                "url": "http://loki:3100",
                "jsonData": {"tlsAuth": True, "timeout": 30, "httpHeaderName1": "X-Key", "derivedFields": [{"name": "a"}]},
                "secureJsonData": {"httpHeaderValue1": "$__file{/etc/grafana/secrets/loki/key}"},
                "correlations": [{"targetUID": "b"}],
            }
        ],
    ),
    "rules_extra_files": (rule_file, FILE),
}


@pytest.mark.parametrize("variable", JUDGES)
def test_what_the_mutations_start_from_is_right(variable: str) -> None:
    judge, value = JUDGES[variable]
    assert judge(value) == []


@pytest.mark.parametrize("variable", JUDGES)
def test_no_value_is_too_strange_and_no_finding_shows_a_key_or_another_name(variable: str) -> None:
    judge, start = JUDGES[variable]
    chance, found = random.Random(variable), 0
    for _ in range(2000):
        value = mutated(start, chance)
        if chance.random() < 0.3:
            value = mutated(value, chance)
        findings = judge(value)
        found += bool(findings)
        for finding in findings:
            assert finding.startswith(variable), (value, finding)
            assert finding.endswith((".", "?")), (value, finding)
            assert SECRET not in finding, (value, finding)
            assert len(finding) < 2000, finding
        assert all(isinstance(path, str) for path in _plain_secrets.paths(value))
    assert found > 1000
