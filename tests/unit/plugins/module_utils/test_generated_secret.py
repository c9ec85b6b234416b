# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets of random values."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._generated_secret import GeneratedSecret, random_value
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import secret
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import Answer, FakeServer, Request

KEYS: dict[str, Any] = {"user": {"length": 20, "alphabet": "0123456789ABCDEF"}, "password": None}


def ensure(cluster: Cluster, keys: dict[str, Any] = KEYS, rotate: tuple[str, ...] = (), **options: Any) -> dict[str, Any]:
    options = {"labels": {}, "check": False, **options}
    return GeneratedSecret(cluster, "s", "metrics").ensure(keys, set(rotate), **options)


def values(server: FakeServer) -> dict[str, str]:
    data = server.at("Secret", "s")["data"]
    return {name: base64.b64decode(value).decode() for name, value in data.items()}


def test_each_key_gets_a_value_after_its_recipe(server: FakeServer, cluster: Cluster) -> None:
    assert ensure(cluster)["generated"] == ["user", "password"]
    assert re.fullmatch("[0-9A-F]{20}", values(server)["user"])
    assert re.fullmatch("[0-9A-Za-z]{32}", values(server)["password"])


def test_two_values_are_never_the_same() -> None:
    assert len({random_value("k", None) for _ in range(50)}) == 50


def test_a_key_that_has_a_value_keeps_it_and_keys_of_others_stay(server: FakeServer, cluster: Cluster) -> None:
    server.put(secret("s", theirs="eA==", user="dXNlcg=="))
    assert ensure(cluster)["generated"] == ["password"]
    assert {**values(server), "password": ""} == {"theirs": "x", "user": "user", "password": ""}
    assert not ensure(cluster)["changed"]


def test_a_key_that_is_to_be_rotated_gets_a_new_value(server: FakeServer, cluster: Cluster) -> None:
    ensure(cluster)
    before = values(server)
    assert ensure(cluster, rotate=("password",))["generated"] == ["password"]
    assert values(server)["password"] != before["password"]
    assert values(server)["user"] == before["user"]


def test_no_value_is_in_a_result(server: FakeServer, cluster: Cluster) -> None:
    results = [ensure(cluster), ensure(cluster, rotate=("user",)), GeneratedSecret(cluster, "s", "metrics").remove(check=True)]
    shown = str(results)
    assert all(value not in shown for value in (*values(server).values(), *server.at("Secret", "s")["data"].values()))
    assert "password: (hidden)" in results[0]["diff"][0]["after"]
    assert "user: (hidden, differs)\n  password: (hidden)" in results[1]["diff"][0]["after"]


def test_labels_are_added_and_others_stay(server: FakeServer, cluster: Cluster) -> None:
    ensure(cluster, labels={"a": "1"})
    assert ensure(cluster, labels={"b": 2})["changed"]
    assert server.at("Secret", "s")["metadata"]["labels"] == {"a": "1", "b": "2"}
    assert not ensure(cluster, labels={"a": "1"})["changed"]


def test_check_mode_tells_and_writes_nothing(server: FakeServer, cluster: Cluster) -> None:
    result = ensure(cluster, check=True)
    assert (result["changed"], result["generated"], server.names("Secret")) == (True, ["user", "password"], set())


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ({"length": 7}, "keys.k is too easy to guess: length at least 8"),
        ({"alphabet": "aaaaaaaaaaab"}, "alphabet at least 10"),
        ({"length": "long"}, "keys.k.length must be a whole number, not 'long'"),
        ({"size": 3}, "keys.k knows length and alphabet, not size"),
        (40, "keys.k must be a dictionary with length and alphabet, not int"),
    ],
)
def test_a_recipe_that_is_off_is_named(recipe: Any, words: str) -> None:
    with pytest.raises(MetricsError, match=re.escape(words)):
        random_value("k", recipe)


def test_only_a_key_can_be_rotated(cluster: Cluster) -> None:
    with pytest.raises(MetricsError, match="rotate names x, which keys does not"):
        ensure(cluster, rotate=("x",))


@pytest.mark.parametrize("live", [False, True], ids=["made", "changed"])
def test_what_another_run_wrote_meanwhile_gets_only_the_values_it_lacks(server: FakeServer, cluster: Cluster, live: bool) -> None:
    if live:
        server.put(secret("s"))

    def overtake(request: Request) -> Answer | None:
        if request.method != "GET":
            server.answers.clear()
            server.put(secret("s", user="dGhlaXJz"))
        return None

    server.answers.append(overtake)
    generated = ensure(cluster)["generated"]
    assert "user" not in generated
    assert values(server)["user"] == "theirs"
    assert set(values(server)) == {"user", *generated}


def test_a_namespace_that_is_missing_is_named(server: FakeServer, cluster: Cluster) -> None:
    server.objects.clear()
    with pytest.raises(MetricsError, match="Namespace metrics does not exist on https://fake:6443; make it first"):
        ensure(cluster)


def test_removing_is_done_once(server: FakeServer, cluster: Cluster) -> None:
    ensure(cluster)
    made = GeneratedSecret(cluster, "s", "metrics")
    assert made.remove(check=True) == {"changed": True}
    assert made.remove(check=False) == {"changed": True}
    assert made.remove(check=False) == {"changed": False}
    assert server.names("Secret") == set()


def test_a_secret_in_which_others_wrote_keys_is_not_deleted(server: FakeServer, cluster: Cluster) -> None:
    server.put(secret("s", user="dXNlcg=="), manager="kubectl")
    ensure(cluster)
    kept = GeneratedSecret(cluster, "s", "metrics").remove(check=False)
    assert kept == {"changed": False, "warnings": ["Secret metrics/s stays: kubectl wrote keys in it. Remove it by hand."]}
    assert set(values(server)) == {"user", "password"}
