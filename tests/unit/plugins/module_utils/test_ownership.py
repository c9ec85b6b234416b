# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who owns which fields."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._ownership import is_settled, managers, taken_back
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import recorded

BEFORE, AFTER = recorded("managed_fields_before.json"), recorded("managed_fields_after.json")


def test_a_field_taken_back_is_told_with_the_manager_that_lost_it() -> None:
    assert taken_back(BEFORE, AFTER) == {"kubectl-edit": [".data.b"]}


def test_nothing_is_taken_where_nothing_changed() -> None:
    assert taken_back(BEFORE, BEFORE) == {}


def test_managers_are_all_but_us() -> None:
    assert managers(BEFORE) == ["kubectl-edit"]
    assert managers(AFTER) == []


def test_fields_in_lists_are_named_by_their_keys_and_status_does_not_count() -> None:
    owned: dict[str, Any] = {"f:spec": {"f:containers": {'k:{"name":"web"}': {".": {}, "f:image": {}}, 'v:"x"': {}}}}
    entries = [{"manager": "a", "fieldsV1": owned}, {"manager": "b", "subresource": "status", "fieldsV1": {"f:status": {}}}]
    before: dict[str, Any] = {"metadata": {"managedFields": entries}}
    assert taken_back(before, {"metadata": {}}) == {"a": ['.spec.containers["x"]', '.spec.containers[{"name":"web"}].image']}


APPLIED = {entry["declared"]["kind"]: (entry["declared"], entry["live"]) for entry in recorded("applied_objects.json")}


@pytest.mark.parametrize(
    ("kind", "settled"), [("Deployment", True), ("Service", True), ("ServiceAccount", True), ("NetworkPolicy", False)]
)
def test_what_stands_as_declared_is_settled_and_what_the_server_words_otherwise_is_not(kind: str, settled: bool) -> None:
    assert is_settled(*APPLIED[kind]) is settled


def container(item: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = item["spec"]["template"]["spec"]["containers"][0]
    return found


@pytest.mark.parametrize(
    "declare",
    [
        lambda item: item["spec"].update(replicas=7),
        lambda item: item["spec"].update(paused=True),
        lambda item: item["metadata"]["labels"].clear(),
        lambda item: item["metadata"].update(annotations={"a": "1"}),
        lambda item: container(item)["env"].reverse(),
        lambda item: container(item)["env"].pop(),
        lambda item: container(item)["env"].append({"name": "C", "value": "3"}),
        lambda item: container(item)["args"].append("more"),
        lambda item: container(item).pop("image"),
        lambda item: container(item)["ports"][0].update(protocol="UDP"),
        lambda item: item.update(apiVersion="apps/v2"),
    ],
)
def test_a_declaration_that_differs_is_not_settled(declare: Any) -> None:
    declared, live = copy.deepcopy(APPLIED["Deployment"])
    declare(declared)
    assert not is_settled(declared, live)


@pytest.mark.parametrize(
    "change",
    [
        lambda item: item["spec"].update(replicas=7),
        lambda item: item["spec"].pop("replicas"),
        lambda item: container(item)["env"].reverse(),
        lambda item: container(item)["env"].pop(),
        lambda item: item["metadata"].pop("managedFields"),
    ],
)
def test_what_others_changed_is_not_settled(change: Any) -> None:
    declared, live = copy.deepcopy(APPLIED["Deployment"])
    change(live)
    assert not is_settled(declared, live)


def test_what_others_added_beside_it_does_not_unsettle() -> None:
    declared, live = copy.deepcopy(APPLIED["Deployment"])
    live["metadata"]["annotations"] = {"theirs": "1"}
    container(live)["env"].append({"name": "THEIRS", "value": "1"})
    assert is_settled(declared, live)
