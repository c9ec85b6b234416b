# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nested settings that are right, and what becomes of them when one place is replaced, left out, or gets a key more."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

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
