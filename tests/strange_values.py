# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Strange values for every variable of every role, by its type and format."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

import yaml
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import judgement

from tests.playbooks import ROOT, Unsafe

ROUNDS = 40

# What people put into an inventory by mistake, and what somebody with bad intentions would.
TEXTS = (
    *(
        "",
        " ",
        "a",
        "A",
        "-",
        "a b",
        "a\nb",
        "a: b",
        "- a",
        "#",
        "'",
        '"',
        "\\",
        "{}",
        "[]",
        "null",
        "true",
        "on",
        "y",
        "~",
        "*a",
        "&a",
    ),
    *(
        "0",
        "1",
        "-1",
        "1e3",
        "0x10",
        "010",
        "1_000",
        "1.10",
        "1:30",
        ".inf",
        "2024-01-01",
        "30s",
        "5m",
        "0d",
        "10Gi",
        "40GB",
        "1m2h",
    ),
    *(
        "https://me:hunter2@example.com/a",
        "http://example.com",
        "https://[::1]:9090/a",
        "example.com:80",
        "10.0.0.0/8",
        "/",
        "/a/../b",
    ),
    *(
        "--web.enable-admin-api",
        "a=~(",
        'a="b"',
        "quay.io/a/b:v1.2.3",
        "v1.2.3",
        "latest",
        64 * "a",
        5000 * "9",
        "1e999999999",
        f"{5000 * '9'}s",
        f"{5000 * '9'}GB",
        f"http://a:{5000 * '9'}",
        "me:hunter2@example.com",
        300 * "a",
        "ä",
        "\u2028",
        "\x00",
    ),
)
OTHERS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    10**9,
    1.5,
    [],
    {},
    [None],
    ["a", "a"],
    {"a": 1},
    {"a": {"b": None}},
    [{"name": "a"}],
)


def defaults() -> dict[str, Any]:
    """What the roles declare, as text where it is a template."""
    files = ROOT.glob("roles/*/defaults/main.yml")
    return {name: value for file in files for name, value in (yaml.safe_load(file.read_text()) or {}).items()}


def without_tags(value: Any) -> Any:
    """As Ansible hands over what is `!unsafe`: plain text, which no template is."""
    if isinstance(value, Unsafe):
        return str(value)
    if isinstance(value, dict):
        return {key: without_tags(inner) for key, inner in value.items()}
    return [without_tags(inner) for inner in value] if isinstance(value, list) else value


def strange(option: dict[str, Any], default: Any) -> Iterator[Any]:
    """Values for an option of an argument spec: strange ones of every type, and its default with one part made strange."""
    yield from map(Unsafe, TEXTS)
    yield from OTHERS
    yield from ([Unsafe(text)] for text in TEXTS)
    yield from ({"a": Unsafe(text)} for text in TEXTS)
    for name, suboption in (option.get("options") or {}).items():
        for value in (*map(Unsafe, TEXTS[:20]), *OTHERS):
            entry = {**example(option), name: value}
            yield [entry] if option.get("type") == "list" else entry
        del suboption
    yield from broken(default)


def example(option: dict[str, Any]) -> dict[str, Any]:
    """An entry with what an option requires."""
    required = {name: sub for name, sub in option["options"].items() if sub.get("required")}
    return {
        name: (
            sub.get("choices")
            or [{"str": "a", "raw": "a", "int": 1, "float": 0.5, "dict": {}, "list": ["a"]}[sub.get("type", "str")]]
        )[0]
        for name, sub in required.items()
    }


def broken(value: Any) -> Iterator[Any]:
    """A value with each of its parts left out, made strange, or under a misspelt key."""
    if isinstance(value, dict):
        for key, inner in value.items():
            rest = {name: deepcopy(other) for name, other in value.items() if name != key}
            yield rest
            yield {**rest, f"{key}x": inner}
            yield from ({**rest, key: strange_inner} for strange_inner in (None, True, "", 5, Unsafe("a\nb"), [], {}))
            yield from ({**rest, key: inner_broken} for inner_broken in broken(inner))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from ([*value[:number], inner_broken, *value[number + 1 :]] for inner_broken in broken(inner))


def cases(count: int, seed: int, defaults: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """That many of (role, variable, value), the same for the same seed, and some of every variable."""
    chance = random.Random(seed)
    every: list[list[tuple[str, str, Any]]] = []
    for role in map(judgement.role, judgement.every_role()):
        for name, option in role.options.items():
            of_one = [(role.name, name, value) for value in strange(dict(option), defaults.get(name))]
            chance.shuffle(of_one)
            every.append(of_one)
    chance.shuffle(every)
    rounds = (of_one[number] for number in range(max(map(len, every))) for of_one in every if number < len(of_one))
    return [case for _number, case in zip(range(count), rounds)]  # noqa: B905


def accepted(
    options: Mapping[str, Any], defaults: Mapping[str, Any], findings: Callable[[dict[str, Any]], str], seed: int
) -> dict[str, Any]:
    """Strange values that are accepted together, for each option of an argument spec that has one within ROUNDS tries.

    `findings` is what the judgement says of some values, with the names of the variables in it.
    """
    chance = random.Random(seed)
    left = {}
    for name, option in options.items():
        values = [*strange(dict(option), defaults.get(name))]
        chance.shuffle(values)
        left[name] = values[:ROUNDS]
    chosen = {name: values.pop() for name, values in left.items() if values}
    while said := findings(chosen):
        refused = [name for name in chosen if re.search(rf"\b{name}\b", said)]
        assert refused, said
        for name in refused:
            if left[name]:
                chosen[name] = left[name].pop()
            else:
                del chosen[name]
    return chosen
