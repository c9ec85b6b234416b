# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run over a set did, as the module returns it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._apply import Outcome
from ansible_collections.longterm.metrics.plugins.module_utils._changes import Changes
from ansible_collections.longterm.metrics.plugins.module_utils._objects import key_of
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import config_map, secret


def outcome(before: dict[str, Any] | None, after: dict[str, Any], **told: Any) -> Outcome:
    return Outcome(key_of(after), before, after, **told)


MADE = outcome(None, config_map("made"))
SAME = outcome(config_map("same"), config_map("same"))
EDITED = outcome(config_map("edited", x="1"), config_map("edited", x="2"))
REMADE = outcome(config_map("remade"), config_map("remade"), recreated=True)


def test_an_object_is_told_by_what_happened_to_it() -> None:
    result = Changes([MADE, SAME, EDITED, REMADE]).result()
    assert result["created"] == ["ConfigMap metrics/made"]
    assert result["changed_objects"] == ["ConfigMap metrics/edited", "ConfigMap metrics/remade"]
    assert result["recreated"] == ["ConfigMap metrics/remade"]


@pytest.mark.parametrize(("outcomes", "changed"), [([], False), ([SAME], False), ([SAME, MADE], True), ([REMADE], True)])
def test_a_run_has_changed_something_when_one_object_was(outcomes: list[Outcome], changed: bool) -> None:
    assert Changes(outcomes).changed is changed


def test_what_only_the_server_writes_is_no_change() -> None:
    after = config_map("same")
    after["metadata"]["resourceVersion"] = "2"
    changes = Changes([outcome(config_map("same"), {**after, "status": {"seen": True}})])
    assert (changes.changed, changes.diff()) == (False, [])


def test_each_manager_that_lost_fields_is_told_with_them() -> None:
    lost = {"kubectl": [".data.x"], "helm": [".data.y", ".data.z"]}
    assert Changes([SAME, outcome(config_map("a"), config_map("a"), lost=lost)]).result()["taken_back"] == [
        {"object": "ConfigMap metrics/a", "manager": "kubectl", "fields": [".data.x"]},
        {"object": "ConfigMap metrics/a", "manager": "helm", "fields": [".data.y", ".data.z"]},
    ]


def test_a_diff_shows_what_changed_alone_and_no_secret() -> None:
    keys = outcome(secret("keys", password="old"), secret("keys", password="new"))
    diff = Changes([SAME, MADE, keys]).diff()
    assert [entry["before_header"] for entry in diff] == ["ConfigMap metrics/made (absent)", "Secret metrics/keys"]
    assert "hidden, differs" in diff[1]["after"]
    assert [word for word in ("old", "new") if word in diff[1]["before"] + diff[1]["after"]] == []


def adopted(*entries: dict[str, Any]) -> list[str]:
    return Changes([MADE, SAME, EDITED], adopted=[{"object": "ConfigMap metrics/a", **entry} for entry in entries]).taken_over()


def test_what_stood_there_before_is_told_in_one_sentence_with_each_writer_once() -> None:
    entries = [{"managers": ["kubectl", "helm"]}, {"managers": ["helm"]}]
    assert adopted(*entries) == ["Adopted 2 of 3 objects that helm, kubectl wrote; see adopted."]
    assert adopted({"managers": []}) == ["Adopted 1 of 3 objects; see adopted."]


def test_objects_that_move_between_sets_of_ours_are_no_surprise() -> None:
    assert adopted() == []
    assert adopted({"managers": ["longterm-metrics"], "set": "another"}) == []
    assert adopted({"managers": ["longterm-metrics"], "set": "another"}, {"managers": ["helm"]}) == [
        "Adopted 1 of 3 objects that helm wrote; see adopted."
    ]
