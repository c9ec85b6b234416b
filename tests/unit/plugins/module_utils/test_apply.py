# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One object made as declared."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._apply import declare, refusal
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._discovery import Resource
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import config_map
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer

CONFIG_MAPS = Resource("", "v1", "ConfigMap", "configmaps", True)


def test_what_is_declared_is_applied_strictly_and_as_ours(server: FakeServer, cluster: Cluster) -> None:
    outcome = declare(cluster, CONFIG_MAPS, config_map("a", x="1"), None, force=True, dry_run=False)
    assert (outcome.created, outcome.changed, server.at("ConfigMap", "a")["data"]) == (True, True, {"x": "1"})
    assert server.requests[-1].params == {"fieldManager": "longterm-metrics", "fieldValidation": "Strict", "force": "true"}


@pytest.mark.parametrize(("data", "changed"), [({"x": "1"}, False), ({"x": "2"}, True)])
def test_changed_is_told_by_content(server: FakeServer, cluster: Cluster, data: dict[str, str], changed: bool) -> None:
    before = declare(cluster, CONFIG_MAPS, config_map("a", x="1"), None, force=True, dry_run=False).after
    server.at("ConfigMap", "a")["metadata"]["resourceVersion"] = "99"
    assert declare(cluster, CONFIG_MAPS, config_map("a", **data), before, force=True, dry_run=False).changed is changed


def test_a_field_that_another_took_is_taken_back_and_told(server: FakeServer, cluster: Cluster) -> None:
    declare(cluster, CONFIG_MAPS, config_map("a", x="1"), None, force=True, dry_run=False)
    before = server.put(config_map("a", x="2"), manager="kubectl-edit")
    outcome = declare(cluster, CONFIG_MAPS, config_map("a", x="1"), before, force=True, dry_run=False)
    assert outcome.lost == {"kubectl-edit": [".data.x"]}
    assert server.at("ConfigMap", "a")["data"] == {"x": "1"}


def test_without_force_it_is_an_error_that_names_field_and_manager(server: FakeServer, cluster: Cluster) -> None:
    before = server.put(config_map("a", x="2"), manager="kubectl-edit")
    with pytest.raises(
        MetricsError, match=r'ConfigMap metrics/a on .*: \.data\.x \(conflict with "kubectl-edit"\).*force_conflicts'
    ):
        declare(cluster, CONFIG_MAPS, config_map("a", x="1"), before, force=False, dry_run=False)


def test_a_dry_run_in_a_namespace_that_is_yet_to_come_would_create(server: FakeServer, cluster: Cluster) -> None:
    item = {**config_map("a"), "metadata": {"name": "a", "namespace": "to-come"}}
    assert declare(cluster, CONFIG_MAPS, item, None, force=True, dry_run=True).created
    with pytest.raises(
        MetricsError, match=r'ConfigMap to-come/a on https://fake:6443: 404 NotFound: namespaces "to-come" not found'
    ):
        declare(cluster, CONFIG_MAPS, item, None, force=True, dry_run=False)


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        (
            500,
            "failed to create typed patch object (h-core/cc; /v1, Kind=ConfigMap): .datum: field not declared in schema",
            "Correct",
        ),
        (422, 'The Deployment "web" is invalid: spec.selector: Invalid value: {}: field is immutable', "another name"),
        (403, 'configmaps "a" is forbidden', "403 Forbidden"),
    ],
)
def test_a_refusal_is_quoted_with_the_way_on(cluster: Cluster, code: int, message: str, words: str) -> None:
    error = ApiError("x", code, {"message": message, "reason": "Forbidden"})
    said = refusal(cluster, Key("", "ConfigMap", "metrics", "a"), error).message
    assert said.startswith("ConfigMap metrics/a on https://fake:6443: ")
    assert message in said
    assert words in said
