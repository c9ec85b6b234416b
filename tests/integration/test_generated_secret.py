# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""generated_secret against a real API server: values are made once, and seen nowhere but in the cluster."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.integration.api import Api
from tests.integration.manifests import secret

Generate = Callable[..., dict[str, Any]]

KEYS = {"user": {"length": 20, "alphabet": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"}, "password": {"length": 40}, "token": None}


@pytest.fixture
def generate(run_module: Any, namespace: str) -> Generate:
    """generated_secret for Secret `keys` of the test's namespace, with all that it would show."""
    return partial(run_module, "generated_secret", namespace=namespace, diff=True, **{"name": "keys"})


def ok(result: dict[str, Any]) -> dict[str, Any]:
    assert not result["failed"], result["msg"]
    return result


def values_of(api: Api, namespace: str) -> dict[str, str]:
    found = api.find("Secret", "keys", namespace) or {}
    return {name: base64.b64decode(value).decode() for name, value in found.get("data", {}).items()}


def shows(result: dict[str, Any], values: dict[str, str]) -> list[str]:
    """Which values a result gives away, plain or as base64."""
    text = json.dumps(result)
    return [value for value in values.values() if value in text or base64.b64encode(value.encode()).decode() in text]


def test_values_are_made_once_after_their_recipes_and_never_shown(generate: Generate, api: Api, namespace: str) -> None:
    planned = ok(generate(keys=KEYS, labels={"app": "store"}, check=True))
    assert (planned["changed"], sorted(planned["generated"])) == (True, sorted(KEYS))
    assert api.find("Secret", "keys", namespace) is None

    made = ok(generate(keys=KEYS, labels={"app": "store"}))
    assert (made["changed"], sorted(made["generated"])) == (True, sorted(KEYS))
    values = values_of(api, namespace)
    assert {name: len(value) for name, value in values.items()} == {"user": 20, "password": 40, "token": 32}
    assert set(values["user"]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert api.get("Secret", "keys", namespace)["metadata"]["labels"] == {"app": "store"}

    again = ok(generate(keys=KEYS, labels={"app": "store"}))
    assert (again["changed"], again["generated"], again["diff"]) == (False, [], [])
    assert values_of(api, namespace) == values
    assert [shows(result, values) for result in (planned, made, again)] == [[], [], []]


def test_rotation_changes_only_the_keys_it_names(generate: Generate, api: Api, namespace: str) -> None:
    ok(generate(keys=KEYS))
    before = values_of(api, namespace)
    planned = ok(generate(keys=KEYS, rotate=["password"], check=True))
    assert planned["generated"] == ["password"]
    assert values_of(api, namespace) == before
    rotated = ok(generate(keys=KEYS, rotate=["password"]))
    after = values_of(api, namespace)
    assert rotated["generated"] == ["password"]
    assert "(hidden, differs)" in rotated["diff"][0]["after"]
    assert after["password"] != before["password"]
    assert {**after, "password": before["password"]} == before
    assert shows(rotated, before) + shows(rotated, after) == []


def test_a_secret_of_others_keeps_its_keys_and_gets_those_it_lacks(generate: Generate, api: Api, namespace: str) -> None:
    theirs = {"user": "chosen-by-hand", "other": "not-ours-at-all"}
    found = secret("keys", **theirs)
    found["metadata"]["labels"] = {"team": "theirs"}
    api.create(found, namespace)
    result = ok(generate(keys=KEYS, labels={"app": "store"}))
    assert sorted(result["generated"]) == ["password", "token"]
    values = values_of(api, namespace)
    assert {name: values[name] for name in theirs} == theirs
    assert set(values) == {*KEYS, "other"}
    assert api.get("Secret", "keys", namespace)["metadata"]["labels"] == {"team": "theirs", "app": "store"}
    assert shows(result, values) == []


@pytest.mark.parametrize(
    "recipe",
    [{"length": 7}, {"alphabet": "0123"}, {"length": "many"}, {"size": 40}],
    ids=["short", "few", "no number", "unknown"],
)
def test_a_recipe_that_is_weak_or_wrong_is_refused_by_name(
    generate: Generate, api: Api, namespace: str, recipe: dict[str, Any]
) -> None:
    result = generate(keys={"fine": None, "password": recipe})
    assert result["failed"]
    assert "keys.password" in result["msg"]
    assert api.find("Secret", "keys", namespace) is None


def test_rotation_of_a_key_without_recipe_is_refused(generate: Generate) -> None:
    result = generate(keys=KEYS, rotate=["passwort"])
    assert result["failed"]
    assert "passwort" in result["msg"]


def test_two_runs_at_once_end_with_one_set_of_values(start_module: Any, generate: Generate, api: Api, namespace: str) -> None:
    options = {"name": "keys", "namespace": namespace, "keys": KEYS}
    started = [start_module("generated_secret", **options) for _ in range(3)]
    results = [ok(run.result()) for run in started]
    assert [sorted(result["generated"]) for result in results if result["changed"]] == [sorted(KEYS)]
    assert set(values_of(api, namespace)) == set(KEYS)


def test_absent_removes_the_secret(generate: Generate, api: Api, namespace: str) -> None:
    ok(generate(keys=KEYS))
    assert ok(generate(state="absent", check=True))["changed"]
    assert values_of(api, namespace)
    assert ok(generate(state="absent"))["changed"]
    assert api.find("Secret", "keys", namespace) is None
    assert ok(generate(state="absent"))["changed"] is False


def test_a_missing_namespace_is_named(run_module: Any) -> None:
    result = run_module("generated_secret", **{"name": "keys", "namespace": "it-nowhere", "keys": KEYS})
    assert result["failed"]
    assert "it-nowhere does not exist" in result["msg"]
