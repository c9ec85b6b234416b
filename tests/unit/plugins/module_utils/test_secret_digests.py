# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Digests of Secrets, and the objects whose pods are restarted by them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._secret_digests import (
    BASELINE,
    DIGEST,
    RESTARTED_BY,
    digest,
    read,
    stamp,
    without_restart,
)
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import secret, workload
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer


def reader(names: str, kind: str = "Deployment") -> dict[str, Any]:
    item = workload(kind, "web")
    item["spec"]["template"]["metadata"]["annotations"] = {RESTARTED_BY: names, "other": "kept"}
    return item


def prometheus(names: str) -> dict[str, Any]:
    """A custom resource: the annotations of its pods are in a place of its own."""
    metadata = {"name": "main"}
    return {"kind": "Prometheus", "metadata": metadata, "spec": {"podMetadata": {"annotations": {RESTARTED_BY: names}}}}


def digest_of(cluster: Cluster, names: str = "keys", **options: bool) -> str:
    (item,) = stamp(cluster, "metrics", [reader(names)], **{"check": False, **options})
    return str(item["spec"]["template"]["metadata"]["annotations"][DIGEST])


def test_the_digest_changes_with_the_data_and_with_nothing_else(server: FakeServer, cluster: Cluster) -> None:
    server.put(secret("keys", password="b25l"))
    before = digest_of(cluster)
    server.put({**secret("keys", password="b25l"), "metadata": {"name": "keys", "namespace": "metrics", "labels": {"a": "b"}}})
    assert digest_of(cluster) == before
    server.put(secret("keys", password="dHdv"))
    assert digest_of(cluster) != before


def test_a_value_cannot_be_tried_against_the_digest_of_another_secret() -> None:
    secrets = [{"metadata": {"uid": uid}, "data": {"password": "b25l"}} for uid in ("first", "second")]
    assert digest(secrets[0]) != digest(secrets[1])


def test_a_digest_is_text_to_every_reader_of_yaml() -> None:
    assert digest({"metadata": {"uid": "any"}}).startswith("hmac-")


def test_no_value_is_in_the_stamped_object(server: FakeServer, cluster: Cluster) -> None:
    server.put(secret("keys", password="b25l"))
    assert "b25l" not in json.dumps(stamp(cluster, "metrics", [reader("keys")], check=False))


def test_each_secret_counts_and_is_asked_for_once(server: FakeServer, cluster: Cluster) -> None:
    server.put(secret("a", x="1"))
    server.put(secret("b", x="1"))
    first, second = digest_of(cluster, "a, b, a").split(",")
    server.put(secret("b", x="2"))
    assert digest_of(cluster, "a,b").split(",")[0] == first
    assert digest_of(cluster, "a,b").split(",")[1] != second
    assert [request.path for request in server.requests[:2]] == [f"/api/v1/namespaces/metrics/secrets/{name}" for name in "ab"]


def test_annotations_are_found_wherever_a_kind_keeps_those_of_its_pods(server: FakeServer, cluster: Cluster) -> None:
    server.put(secret("keys", x="1"))
    (item,) = stamp(cluster, "metrics", [{"apiVersion": "monitoring.coreos.com/v1", **prometheus("keys")}], check=False)
    assert DIGEST in item["spec"]["podMetadata"]["annotations"]


def test_what_lists_no_secret_asks_for_none_and_stays_the_same(server: FakeServer, cluster: Cluster) -> None:
    items = [workload("Deployment", "web"), secret("keys", x="1")]
    assert stamp(cluster, "metrics", items, check=False) == items
    assert server.requests == []


def test_the_objects_given_stay_as_they_are(server: FakeServer, cluster: Cluster) -> None:
    server.put(secret("keys", x="1"))
    item = reader("keys")
    before = copy.deepcopy(item)
    stamp(cluster, "metrics", [item], check=False)
    assert item == before


def test_a_secret_that_does_not_exist_is_an_error_that_names_it_and_its_reader(cluster: Cluster) -> None:
    with pytest.raises(MetricsError) as caught:
        stamp(cluster, "metrics", [reader("lost", "StatefulSet")], check=False)
    assert caught.value.message == (
        "Secret metrics/lost does not exist on https://fake:6443, but StatefulSet metrics/web reads it at startup. "
        "Create it, then run this again."
    )


def test_check_mode_leaves_out_a_secret_that_may_be_about_to_be_created(cluster: Cluster) -> None:
    assert digest_of(cluster, "lost", check=True) == ""
    assert read(cluster, "metrics", ["lost"], "a pod", check=True) == {}


def stamped(server: FakeServer, cluster: Cluster, value: str) -> dict[str, Any]:
    server.put(secret("keys", x=value))
    (item,) = stamp(cluster, "metrics", [reader("keys")], check=False)
    return item


def annotations(item: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = item["spec"]["template"]["metadata"]["annotations"]
    return found


def test_adoption_restarts_nothing_until_a_secret_changes(server: FakeServer, cluster: Cluster) -> None:
    adopted = without_restart(stamped(server, cluster, "1"), reader("keys"), adopted=True)
    assert DIGEST not in annotations(adopted)
    assert adopted["metadata"]["annotations"][BASELINE].startswith("hmac-")
    assert without_restart(stamped(server, cluster, "1"), adopted, adopted=False) == adopted
    changed = without_restart(stamped(server, cluster, "2"), adopted, adopted=False)
    assert annotations(changed)[DIGEST] != adopted["metadata"]["annotations"][BASELINE]
    assert BASELINE not in changed["metadata"].get("annotations", {})
    # What was stamped stays stamped.
    assert without_restart(stamped(server, cluster, "1"), changed, adopted=False) == stamped(server, cluster, "1")


def test_what_was_stamped_before_it_was_adopted_is_restarted_when_a_secret_changed(server: FakeServer, cluster: Cluster) -> None:
    before, after = stamped(server, cluster, "1"), stamped(server, cluster, "2")
    assert without_restart(after, before, adopted=True) == after


def test_a_workload_of_ours_without_a_digest_gets_one(server: FakeServer, cluster: Cluster) -> None:
    item = stamped(server, cluster, "1")
    assert without_restart(item, reader("keys"), adopted=False) == item


def test_what_lists_no_secret_is_adopted_as_it_is() -> None:
    item = workload("Deployment", "web")
    assert without_restart(item, workload("Deployment", "web"), adopted=True) is item
