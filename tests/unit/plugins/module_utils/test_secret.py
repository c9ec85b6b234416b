# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials in a Secret of the cluster."""

from __future__ import annotations

from base64 import b64encode

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._secret import credentials
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import secret
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer

REFERENCE = {"namespace": "metrics", "name": "keys", "user_key": "user", "password_key": "pass.word"}


class NotThereYet(MetricsError):
    pass


def put(server: FakeServer, **data: str) -> None:
    encoded = {name.replace("_", "."): b64encode(value.encode()).decode() for name, value in data.items()}
    server.put(secret("keys", **encoded))


def test_values_come_in_the_order_asked_for_without_white_space_around_them(server: FakeServer, cluster: Cluster) -> None:
    put(server, user=" root\n", pass_word="correct horse\n")
    assert credentials(cluster, REFERENCE, "password_key", "user_key") == ("correct horse", "root")


def test_white_space_that_pods_would_take_as_part_of_a_value_is_an_error_that_names_the_key(
    server: FakeServer, cluster: Cluster
) -> None:
    put(server, user="root", pass_word="correct horse\n")
    with pytest.raises(MetricsError, match=r"pass\.word begins or ends with white space") as caught:
        credentials(cluster, REFERENCE, "user_key", "password_key", exact=True)
    assert "horse" not in caught.value.message
    assert credentials(cluster, REFERENCE, "user_key", exact=True) == ("root",)


def test_a_secret_that_is_not_there_is_named_by_the_error_asked_for(cluster: Cluster) -> None:
    with pytest.raises(NotThereYet, match=r"no Secret metrics/keys .* Create it with the keys user\."):
        credentials(cluster, REFERENCE, "user_key", absent=NotThereYet)


def test_a_secret_without_the_keys_is_an_error_that_names_those_it_has_and_no_value(server: FakeServer, cluster: Cluster) -> None:
    put(server, user="root", token="hidden")
    with pytest.raises(MetricsError, match=r"has no pass\.word; it has token, user\. Name its keys with user_key") as caught:
        credentials(cluster, REFERENCE, "user_key", "password_key", absent=NotThereYet)
    assert not isinstance(caught.value, NotThereYet)
    assert "hidden" not in caught.value.message


def test_a_key_without_a_value_is_missing(server: FakeServer, cluster: Cluster) -> None:
    put(server, user="", pass_word="")
    with pytest.raises(MetricsError, match=r"has no user and no pass\.word; it has pass\.word, user"):
        credentials(cluster, REFERENCE, "user_key", "password_key")


def test_a_secret_that_holds_nothing_says_so(server: FakeServer, cluster: Cluster) -> None:
    server.put({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "keys", "namespace": "metrics"}})
    with pytest.raises(MetricsError, match="has no user; it has nothing"):
        credentials(cluster, REFERENCE, "user_key")


def test_a_value_that_is_no_text_is_an_error_that_names_its_key(server: FakeServer, cluster: Cluster) -> None:
    data = {"user": b64encode(b"\xff\xfe").decode()}
    server.put({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "keys", "namespace": "metrics"}, "data": data})
    with pytest.raises(MetricsError, match="user is no UTF-8 text"):
        credentials(cluster, REFERENCE, "user_key")
