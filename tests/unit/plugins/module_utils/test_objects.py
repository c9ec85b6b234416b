# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kubernetes objects as data."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import (
    Key,
    check_objects,
    diff_entry,
    file_name,
    key_of,
    normalize,
    read_documents,
    wave,
)
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import config_map, secret
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import recorded


def test_a_stream_gives_its_objects_with_lists_unpacked_and_empty_documents_dropped() -> None:
    text = "---\n# nothing\n---\n{kind: A}\n---\nkind: List\nitems: [{kind: B}, {kind: C}]\n---\n"
    assert [item["kind"] for item in read_documents(text, "x")] == ["A", "B", "C"]


def test_dates_and_a_lone_equals_sign_are_strings_as_they_are_to_kubernetes() -> None:
    text = "{since: 2026-01-01, at: 2026-01-01T00:00:00Z, enum: [=, !=]}".replace("!=", "'!='")
    (item,) = read_documents(text, "x")
    assert item == {"since": "2026-01-01", "at": "2026-01-01T00:00:00Z", "enum": ["=", "!="]}


def test_broken_yaml_is_named_by_source_and_line() -> None:
    with pytest.raises(MetricsError, match=r"Template a.j2 is not valid YAML: .*line 2"):
        list(read_documents("a: 1\nb: [}", "Template a.j2"))


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("text", "Object 2 is no mapping but str: 'text'"),
        ({"kind": "ConfigMap", "metadata": {"name": "b"}}, r"Object 2 \(ConfigMap b\) has no apiVersion"),
        ({"apiVersion": "v1", "metadata": {"name": "b"}}, r"Object 2 \(no kind b\) has no kind"),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "b"}}, "has no metadata.name"),
        ({"apiVersion": "v1", "kind": "Pod"}, "has no metadata.name"),
        (config_map("a"), r"Object 2 \(ConfigMap a\) stands twice"),
    ],
)
def test_what_cannot_be_applied_is_named(item: Any, words: str) -> None:
    with pytest.raises(MetricsError, match=words):
        check_objects([config_map("a"), item])


def test_the_version_of_an_api_is_no_part_of_an_objects_identity() -> None:
    keys = {
        key_of({"apiVersion": f"autoscaling/{v}", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "a"}})
        for v in ("v1", "v2")
    }
    assert keys == {Key("autoscaling", "HorizontalPodAutoscaler", "", "a")}


def test_what_others_need_comes_first() -> None:
    order = [
        Key("", "Namespace", "", "a"),
        Key("apiextensions.k8s.io", "CustomResourceDefinition", "", "a"),
        Key("", "ServiceAccount", "n", "a"),
        Key("", "Secret", "n", "a"),
        Key("apps", "Deployment", "n", "a"),
        Key("apiregistration.k8s.io", "APIService", "", "a"),
    ]
    assert sorted(reversed(order), key=wave) == order


def test_two_states_are_compared_without_what_server_and_controllers_write() -> None:
    before, after = recorded("deployment_rolling_out.json"), recorded("deployment_rolled_out.json")
    assert before["status"] != after["status"]
    assert normalize(before) == normalize(after)
    assert set(normalize(after)["metadata"]) == {"name", "namespace", "annotations"}


def test_a_diff_shows_no_value_of_a_secret_but_which_one_changes() -> None:
    last_applied = {"kubectl.kubernetes.io/last-applied-configuration": '{"data": {"a": "aHVudGVyMQ=="}}'}
    before = secret("s", a="aHVudGVyMQ==", b="aHVudGVyMg==")
    before["metadata"]["annotations"] = last_applied
    after = secret("s", a="aHVudGVyMw==", b="aHVudGVyMg==", c="aHVudGVyNA==")
    entry = diff_entry(key_of(after), before, after)
    assert "aHVudGVy" not in str(entry)
    assert "a: (hidden, differs)\n  b: (hidden)\n  c: (hidden, differs)" in entry["after"]
    assert "aHVudGVy" not in str(diff_entry(key_of(after), None, after))


def test_a_diff_of_a_new_object_says_that_there_was_none() -> None:
    entry = diff_entry(key_of(config_map("a")), None, config_map("a", x="1"))
    assert (entry["before"], entry["before_header"]) == ("", "ConfigMap metrics/a (absent)")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Key("apps", "Deployment", "metrics", "query"), "deployment-metrics-query.yaml"),
        (Key("rbac.authorization.k8s.io", "ClusterRole", "", "system:x"), "clusterrole-system_x.yaml"),
        (Key("monitoring.coreos.com", "Prometheus", "n", "a"), "prometheus.monitoring.coreos.com-n-a.yaml"),
    ],
)
def test_a_rendered_file_is_named_after_kind_place_and_name(key: Key, name: str) -> None:
    assert file_name(key) == name
