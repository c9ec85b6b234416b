# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""YAML that means the same to every reader."""

from __future__ import annotations

import json
import math
import random
import time
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils import _yaml
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

READERS = {
    "YAML 1.2": lambda text: _yaml.load(text, _yaml.CORE),
    "Kubernetes": lambda text: _yaml.load(text, _yaml.KUBERNETES),
    "Prometheus": lambda text: _yaml.load(text, _yaml.TEXT),
    "PyYAML": yaml.safe_load,
    "PyYAML in C": lambda text: yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)),
}
# What some reader takes for something else.
NUMBERS = "1 12345 -1 +1 1.10 .5 5. 1e3 1E-3 0E_-91 -1.5e+3 0x10 0_x1 0o17 0b11 017 08 0b-0 1_000 -_1 1:30 2024-01-01T10:00:00Z"
FURTHER = "y Y n N yes No on ON off true False null NULL ~ = << .inf -.Inf +.INF .nan inf nan 3.14.15 2024-01-01"
AMBIGUOUS = [*NUMBERS.split(), *FURTHER.split()]
HOSTILE = [
    *[
        "",
        " ",
        " lead",
        "trail ",
        "a\nb",
        "\n",
        "\n\n",
        "\n x",
        "x\n ",
        "a\r\nb",
        "\ta",
        "a\t",
        "a\t#b",
        "\x00\x1b",
        "\x7f",
        "\x85",
        "\u2028",
    ],
    *[
        "\ufeffa",
        "\U0001f600 é",
        "\u00a0",
        "- a",
        "a: b",
        "a:",
        "# c",
        "a #b",
        "'q'",
        '"d"',
        "%x",
        "@a",
        "`b",
        "{a}",
        "[b]",
        "&c",
        "*d",
        "!e",
        "|",
    ],
    *[">", "?", "? h", "---", "...", "--- x", "a, b", "\\", "\\n", "\\ud83d\\ude00", "{{ x }}", "$(x)", "long " * 500],
]


def random_texts(seed: int, count: int) -> list[str]:
    source = random.Random(seed)
    letters = "abyYnNxXoOeE0189.+-_:~=<>'\"\\ \t\n\r\u2028\x85\ufeff\x7f\x00#%@`{}[],&*!|?/$\U0001f600é"
    return ["".join(source.choices(letters, k=source.randint(1, 7))) for _ in range(count)]


@pytest.mark.parametrize("reader", READERS)
def test_every_text_is_read_as_it_was_by_every_reader_as_a_value_and_as_a_key(reader: str) -> None:
    texts = [*AMBIGUOUS, *HOSTILE, *random_texts(seed=12, count=2000)]
    value = {"list": texts, "keys": {text: str(number) for number, text in enumerate(texts) if len(text) < 1000}}
    assert READERS[reader](_yaml.dump(value)) == value


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_what_any_reader_takes_for_something_else_is_quoted(text: str) -> None:
    assert _yaml.dump({"a": text}) == f"a: '{text}'\n"


@pytest.mark.parametrize(
    "text", ["v1.10", "text", "a-1", "None", "nope", "one", "host:80", "für", "2Gi", "100m", "5s", "1h30m", "3d"]
)
def test_other_text_is_not(text: str) -> None:
    assert _yaml.dump({"a": text}) == f"a: {text}\n"


def test_numbers_booleans_and_null_stay_what_they_are() -> None:
    value = {"a": [1, -5, 1.5, 1e300, True, False, None, [], {}], "b": math.inf}
    for reader in ("YAML 1.2", "Kubernetes", "PyYAML"):
        assert READERS[reader](_yaml.dump(value)) == value


def test_keys_keep_their_order_and_nothing_is_an_alias() -> None:
    shared = {"z": 1, "a": 2}
    assert _yaml.dump({"x": shared, "b": shared}) == "x:\n  z: 1\n  a: 2\nb:\n  z: 1\n  a: 2\n"


def test_half_a_character_is_refused() -> None:
    with pytest.raises(MetricsError, match="half of a character"):
        _yaml.dump({"a": "\ud83d"})


@pytest.mark.parametrize(
    ("text", "core", "kubernetes"),
    [
        ("0123", 123, 83),
        ("0o17", 15, 15),
        ("0x1F", 31, 31),
        ("-12", -12, -12),
        ("1_000", "1_000", 1000),
        ("0b11", "0b11", 3),
        ("1:30", "1:30", "1:30"),
        ("2024-01-01", "2024-01-01", "2024-01-01"),
        ("on", "on", True),
        ("n", "n", False),
        ("True", True, True),
        ("~", None, None),
        ("", None, None),
        ("1e3", 1000.0, 1000.0),
        ("1.10", 1.1, 1.1),
        ("-.inf", -math.inf, -math.inf),
        ("=", "=", "="),
        ("<<", "<<", "<<"),
        ("'on'", "on", "on"),
        ("!!str 12", "12", "12"),
    ],
)
def test_a_plain_scalar_is_what_its_reader_takes_it_for(text: str, core: Any, kubernetes: Any) -> None:
    assert _yaml.load(f"a: {text}") == {"a": core}
    assert _yaml.load(f"a: {text}", _yaml.KUBERNETES) == {"a": kubernetes}


@pytest.mark.parametrize("text", ["0123", "1.10", "on", "true", "1e3", "2024-01-01", "1:30", "0x10", "1_000", "y"])
def test_a_reader_that_knows_its_types_gets_text_as_it_stands(text: str) -> None:
    assert _yaml.load(f"{text}: {text}", _yaml.TEXT) == {text: text}


def test_merge_keys_are_merged() -> None:
    assert _yaml.load("a: &a {k: 1, l: 2}\nb: {<<: *a, k: 3}", _yaml.TEXT)["b"] == {"k": "3", "l": "2"}


def test_a_key_that_is_there_twice_is_refused_where_the_reader_refuses_it() -> None:
    twice = "a:\n  k: 1\n  k: 2"
    with pytest.raises(MetricsError, match="the key k is there twice"):
        _yaml.load(twice, _yaml.TEXT)
    assert _yaml.load(twice, _yaml.KUBERNETES) == {"a": {"k": 2}}


def test_an_error_tells_the_place_and_nothing_of_the_text() -> None:
    with pytest.raises(MetricsError) as caught:
        _yaml.load("password: hunter2\nother: [hunter2\n")
    assert "line" in caught.value.message
    assert "hunter2" not in caught.value.message


def test_two_documents_are_not_one() -> None:
    with pytest.raises(MetricsError, match="more than one document"):
        _yaml.load("a: 1\n---\nb: 2\n")
    assert _yaml.load_all("a: 1\n---\nb: 2\n") == [{"a": 1}, {"b": 2}]


def test_json_becomes_yaml_whatever_text_it_holds() -> None:
    texts = [*HOSTILE, *random_texts(seed=13, count=500), "\\" * 3 + "\U0001f600", "\\\\ud83d\\ude00"]
    printed = f"a: {json.dumps(texts)}\n"
    for reader in ("YAML 1.2", "PyYAML in C"):
        assert READERS[reader](_yaml.of_json(printed)) == {"a": texts}


def test_a_large_text_is_written_and_read_at_once() -> None:
    """Dashboards are 1.3 MB: a loop over their characters would take seconds."""
    value = {"data": {"dashboard.json": json.dumps([{"title": f"panel {number}"} for number in range(60000)])}}
    start = time.process_time()
    text = _yaml.dump(value)
    assert _yaml.load(_yaml.of_json(text), _yaml.KUBERNETES) == value
    assert len(text) > 1_300_000
    assert time.process_time() - start < 0.5
