# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.needed_secrets import FilterModule, needed_secrets


def test_the_filter_has_its_name() -> None:
    assert FilterModule().filters() == {"needed_secrets": needed_secrets}


def test_a_secret_is_there_once_with_all_its_keys() -> None:
    entries = [{"name": "login", "key": "user"}, {"name": "login", "key": "password"}, {"name": "login", "key": "user"}]
    assert needed_secrets(entries, "metrics") == [
        {"name": "login", "namespace": "metrics", "type": "Opaque", "random": False, "keys": ["password", "user"]}
    ]


def test_a_secret_that_is_mounted_as_a_whole_has_no_keys() -> None:
    (secret,) = needed_secrets([{"name": "tls", "key": "ca"}, {"name": "tls", "type": "kubernetes.io/tls"}], "metrics")
    assert (secret["keys"], secret["type"]) == ([], "Opaque")


def test_several_secrets_alike_are_one_entry() -> None:
    found = needed_secrets([{"names": ["b", "a"], "type": "kubernetes.io/dockerconfigjson"}], "metrics")
    assert [(secret["name"], secret["type"]) for secret in found] == [
        ("a", "kubernetes.io/dockerconfigjson"),
        ("b", "kubernetes.io/dockerconfigjson"),
    ]


def test_secrets_of_the_same_name_in_two_namespaces_are_two() -> None:
    found = needed_secrets([{"name": "pull"}, {"name": "pull", "namespace": "nodes"}], "metrics")
    assert [(secret["namespace"], secret["name"]) for secret in found] == [("metrics", "pull"), ("nodes", "pull")]


def test_any_value_will_do_where_it_will_for_each_key() -> None:
    keys = [{"name": "a", "key": "x", "random": True}, {"name": "a", "key": "y"}, {"name": "b", "key": "z", "random": True}]
    assert [secret["random"] for secret in needed_secrets(keys, "metrics")] == [False, True]
