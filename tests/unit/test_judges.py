# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges of nested settings, held against thousands of values: none crashes, and every finding names its variable and no key."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import (
    _adapter_rules,
    _allowlists,
    _arguments,
    _node_collectors,
    _plain_secrets,
    _probe_modules,
    _rule_files,
    _scrape_configs,
)
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

Judge = Callable[[Any], list[str]]

SECRET = "hunter2"
STRANGE: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        7,
        1.5,
        float("nan"),
        10**30,
        "",
        " ",
        "yes",
        "1e3",
        "0x10",
        "null",
        "a\nb: c",
        "é",
        "\0",
        "'\"`",
    ),
    *(
        "(",
        "[",
        "(?=a)",
        "a**",
        "{{",
        "}}",
        "{{ x }}",
        "<<",
        ">>",
        "<<.Series>>",
        "$1_a",
        "\\",
        "http://",
        "https://[::1",
        "5m",
        "-5m",
    ),
    *([], {}, [[]], [{}], {"": {}}, {"a": None}, [None], "x" * 5000, {"k": SECRET}, {1: 2}, {None: 1}, ["a", "a"], b"\xff"),
]
JOB = {
    "job_name": "a",
    "scrape_interval": "1m",
    "scrape_timeout": "10s",
    "params": {"module": ["b"]},
    "basic_auth": {"username": "c", "password": SECRET},
    "tls_config": {"ca_file": "/ca", "insecure_skip_verify": True},
    "static_configs": [{"targets": ["d:9100"], "labels": {"e": "f"}}],
    "kubernetes_sd_configs": [{"role": "pod", "namespaces": {"names": ["g"]}, "selectors": [{"role": "pod", "label": "h"}]}],
    "dns_sd_configs": [{"names": ["i"], "type": "A", "port": 1}],
    "relabel_configs": [{"source_labels": ["j"], "regex": "(.*)", "target_label": "k", "replacement": "$1"}],
}
MODULES = {
    "web": {"prober": "http", "timeout": "5s", "http": {"valid_status_codes": [200], "fail_if_body_matches_regexp": ["a"]}},
    "dns": {"prober": "dns", "dns": {"query_name": "a", "validate_answer_rrs": {"fail_if_matches_regexp": ["b"]}}},
    "tcp": {"prober": "tcp", "tcp": {"query_response": [{"expect": "a", "labels": [{"name": "b", "value": "c"}]}]}},
}
RULES = [
    {
        "seriesQuery": 'a{b!=""}',
        "seriesFilters": [{"is": "c"}],
        "name": {"matches": "^(.*)_total$", "as": "${1}"},
        "resources": {"template": "<<.Resource>>", "overrides": {"d": {"group": "e", "resource": "f"}}},
        "metricsQuery": "sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)",
    }
]
FILE = {
    "groups": [
        {
            "name": "a",
            "interval": "1m",
            "limit": 1,
            "rules": [
                {"alert": "A", "expr": "up == 0", "for": "1m", "labels": {"b": "c"}, "annotations": {"d": "{{ $value }}"}},
                {"record": "e:f", "expr": "sum(up)"},
            ],
        }
    ]
}


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
    "rules_extra_files": (rule_file, FILE),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def mutated(value: Any, chance: random.Random) -> Any:
    """The value with one place replaced, left out, or with a key more."""
    made = copy.deepcopy(value)
    path = chance.choice([*places(made)])
    if not path:
        return copy.deepcopy(chance.choice(STRANGE))
    above = made
    for step in path[:-1]:
        above = above[step]
    action = chance.choice(["replace", "replace", "remove", "add"])
    if action == "replace":
        above[path[-1]] = copy.deepcopy(chance.choice(STRANGE))
    elif action == "remove":
        del above[path[-1]]
    elif isinstance(above, dict):
        above[f"{path[-1]}s"] = SECRET
    else:
        above.append(copy.deepcopy(chance.choice(STRANGE)))
    return made


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
