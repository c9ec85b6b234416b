# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""apply_set against a real API server, read back with another client."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.integration.api import Api, eventually
from tests.integration.manifests import (
    CRDS,
    PART_OF,
    claim,
    config_map,
    crd,
    deployment,
    namespace_named,
    secret,
    stateful_set,
    thing,
)

Apply = Callable[..., dict[str, Any]]

# Longer than annotations may be, which is what client-side apply makes of an object.
LONG = "What nobody reads. " * 15_000


@pytest.fixture
def apply(run_module: Any, namespace: str) -> Apply:
    """apply_set for the set `app` of the test's namespace."""
    return partial(run_module, "apply_set", namespace=namespace, wait_sleep=0.5, **{"name": "app"})


@pytest.fixture
def space(api: Api, namespace: str) -> Iterator[str]:
    """The name of a namespace that the set under test makes; removed in the end should it still be there."""
    name = f"{namespace}-made"
    yield name
    if api.find("Namespace", name):
        api.delete("Namespace", name)


def ok(result: dict[str, Any]) -> dict[str, Any]:
    assert not result["failed"], result["msg"]
    return result


def versions(api: Api, namespace: str, *names: str) -> dict[str, str]:
    """ConfigMaps with their resourceVersion, which moves with every write."""
    return {
        item["metadata"]["name"]: item["metadata"]["resourceVersion"]
        for item in api.list("ConfigMap", namespace)
        if item["metadata"]["name"] in names
    }


def parent_of(api: Api, namespace: str, name: str = "app") -> dict[str, Any]:
    return api.get("ConfigMap", name, namespace)


# Applying


def test_the_first_run_makes_everything_and_the_second_writes_nothing(
    apply: Apply, api: Api, namespace: str, group: str, image: str
) -> None:
    big = crd(group, LONG)
    assert len(json.dumps(big)) > 262_144
    objects = [deployment("web", image), thing(group, "one", size=1), config_map("settings", a="1"), big]
    first = ok(apply(objects=objects, wait=True))
    assert first["changed"]
    assert set(first["created"]) == {
        f"CustomResourceDefinition things.{group}",
        f"ConfigMap {namespace}/settings",
        f"Thing {namespace}/one",
        f"Deployment {namespace}/web",
    }
    assert api.get("Deployment", "web", namespace, api_version="apps/v1")["status"]["availableReplicas"] == 1
    assert api.get("Thing", "one", namespace, api_version=f"{group}/v1")["spec"] == {"size": 1}
    annotations = parent_of(api, namespace)["metadata"]["annotations"]
    assert annotations["applyset.kubernetes.io/tooling"] == "longterm.metrics/v1"
    kinds = {"ConfigMap", "CustomResourceDefinition.apiextensions.k8s.io", "Deployment.apps", f"Thing.{group}"}
    assert set(annotations["applyset.kubernetes.io/contains-group-kinds"].split(",")) == kinds
    id_ = parent_of(api, namespace)["metadata"]["labels"]["applyset.kubernetes.io/id"]
    assert api.names("ConfigMap", namespace, label_selector=f"{PART_OF}={id_}") == {"settings"}

    before = versions(api, namespace, "settings")
    second = ok(apply(objects=objects, wait=True, diff=True))
    assert not second["changed"]
    touched = ("created", "changed_objects", "recreated", "adopted", "taken_back", "pruned", "to_prune", "diff")
    assert [second[name] for name in touched] == [[]] * 8
    assert versions(api, namespace, "settings") == before


def test_check_mode_on_an_empty_cluster_tells_all_and_makes_nothing(run_module: Any, api: Api, space: str, group: str) -> None:
    objects = [namespace_named(space), crd(group), thing(group, "one", size=1), config_map("settings", a="1")]
    result = ok(run_module("apply_set", check=True, diff=True, **{"name": "app"}, namespace=space, objects=objects))
    assert result["changed"]
    assert len(result["created"]) == len(result["diff"]) == 4
    assert f"Thing {space}/one" in result["created"]
    assert api.find("Namespace", space) is None
    assert api.find("CustomResourceDefinition", f"things.{group}", api_version=CRDS) is None


def test_check_mode_takes_a_kind_nobody_defines_to_come_and_says_so(apply: Apply, group: str) -> None:
    result = ok(apply(check=True, objects=[thing(group, "one")]))
    assert any(f"{group}/v1" in str(words) for words in result["warnings"]), result["warnings"]


def test_check_mode_shows_changes_and_prunes_and_does_none(apply: Apply, api: Api, namespace: str) -> None:
    ok(apply(objects=[config_map("a", x="1"), config_map("b", x="1")]))
    before = versions(api, namespace, "a", "b", "app")
    result = ok(apply(check=True, diff=True, objects=[config_map("a", x="2"), config_map("c", x="1")]))
    assert (result["changed_objects"], result["created"]) == ([f"ConfigMap {namespace}/a"], [f"ConfigMap {namespace}/c"])
    assert (result["pruned"], result["to_prune"]) == ([f"ConfigMap {namespace}/b"], [])
    shown = {entry["before_header"]: entry for entry in result["diff"]}
    change = shown[f"ConfigMap {namespace}/a"]
    assert "x: '1'" in change["before"]
    assert "x: '2'" in change["after"]
    assert shown[f"ConfigMap {namespace}/b"]["after"] == ""
    assert versions(api, namespace, "a", "b", "c", "app") == before


def test_values_of_secrets_are_nowhere_in_the_result(apply: Apply, api: Api, namespace: str) -> None:
    values = ["open-sesame-1", "open-sesame-2", "open-sesame-3"]
    # What `kubectl apply` leaves behind repeats the values.
    left_by_kubectl = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps({"stringData": {"key": values[0]}})}
    found = secret("keys", key=values[0])
    found["metadata"]["annotations"] = left_by_kubectl
    api.create(found, namespace)
    adopted = ok(apply(diff=True, objects=[secret("keys", key=values[0]), secret("more", key=values[1])]))
    changed = ok(apply(diff=True, objects=[secret("keys", key=values[2]), secret("more", key=values[1])]))
    assert changed["changed_objects"] == [f"Secret {namespace}/keys"]
    assert "(hidden, differs)" in changed["diff"][0]["after"]
    assert base64.b64decode(api.get("Secret", "keys", namespace)["data"]["key"]) == values[2].encode()
    refused = apply(diff=True, objects=[secret("keys", key=values[0]), {**secret("bad", key=values[1]), "types": "Opaque"}])
    assert refused["failed"]
    pruned = ok(apply(diff=True, objects=[], wait=True))
    assert len(pruned["pruned"]) == 2
    for result in (adopted, changed, refused, pruned):
        for value in values:
            for form in (value, base64.b64encode(value.encode()).decode()):
                assert form not in json.dumps(result)


def test_a_run_that_finds_nothing_to_do_asks_per_kind_and_not_per_object(apply: Apply, api: Api, group: str) -> None:
    objects = [crd(group), *(thing(group, f"thing-{number}", size=number) for number in range(100))]
    ok(apply(objects=objects))
    before = requests_for(api, group)
    assert not ok(apply(objects=objects))["changed"]
    # Controllers list and watch a new kind at a time of their own, and often on a busy machine: 29 requests were seen in all.
    assert 1 <= requests_for(api, group) - before < len(objects) / 2


def requests_for(api: Api, group: str) -> int:
    """How many requests the API server has answered for kinds of a group."""
    counters = re.findall(r"^apiserver_request_total\{(.*)\} (\S+)$", api.text("/metrics"), re.MULTILINE)
    return sum(int(float(count)) for labels, count in counters if f'group="{group}"' in labels)


# Input that is refused


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ({**config_map("bad"), "dta": {}}, ["ConfigMap", "/bad", "dta"]),
        (
            {"apiVersion": "nobody.example/v1", "kind": "Widget", "metadata": {"name": "bad"}},
            ["Widget", "bad", "nobody.example/v1"],
        ),
        (
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "bad"}, "spec": {"ports": [{"port": 70000}]}},
            ["Service", "/bad", "spec.ports[0].port", "70000"],
        ),
        ({**deployment("bad", "x"), "spec": {"replicas": "many"}}, ["Deployment", "/bad", "replicas"]),
        (config_map("Not_A_Name"), ["ConfigMap", "Not_A_Name", "metadata.name"]),
    ],
    ids=["unknown field", "unknown kind", "invalid value", "wrong type", "invalid name"],
)
def test_one_bad_object_is_named_and_the_others_stay_as_they_are(
    apply: Apply, api: Api, namespace: str, bad: dict[str, Any], named: list[str]
) -> None:
    ok(apply(objects=[config_map("a", x="1"), config_map("b", x="1")]))
    before = versions(api, namespace, "a", "b")
    members = parent_of(api, namespace)["data"]
    result = apply(objects=[config_map("a", x="2"), config_map("new", x="1"), bad])
    assert result["failed"]
    assert [words for words in named if words not in result["msg"]] == [], result["msg"]
    assert versions(api, namespace, "a", "b", "new") == before
    assert parent_of(api, namespace)["data"] == members


def test_a_custom_resource_its_schema_does_not_know_is_named(apply: Apply, api: Api, namespace: str, group: str) -> None:
    ok(apply(objects=[crd(group), thing(group, "one", size=1)]))
    for bad, named in (({"sizes": 2}, "sizes"), ({"size": "two"}, "size")):
        result = apply(objects=[crd(group), config_map("new", x="1"), thing(group, "one", **bad)])
        assert result["failed"]
        assert f"Thing {namespace}/one" in result["msg"]
        assert f".spec.{named}" in result["msg"]
    assert api.get("Thing", "one", namespace, api_version=f"{group}/v1")["spec"] == {"size": 1}
    assert api.find("ConfigMap", "new", namespace) is None


@pytest.fixture
def silent_group(api: Api, namespace: str) -> Iterator[str]:
    """An aggregated API group whose server is not there."""
    group = f"silent.{namespace}.example"
    name, kind = f"v1.{group}", ("APIService", "apiregistration.k8s.io/v1")
    spec = {"group": group, "version": "v1", "service": {"name": "nobody", "namespace": namespace}}
    spec |= {"groupPriorityMinimum": 100, "versionPriority": 100, "insecureSkipTLSVerify": True}
    api.create({"apiVersion": kind[1], "kind": kind[0], "metadata": {"name": name}, "spec": spec})
    # It is in no discovery until the aggregator has looked at it.
    eventually(lambda: group in api.text("/apis", accept="application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"))
    yield group
    api.delete(kind[0], name, api_version=kind[1])


def test_a_group_that_does_not_answer_is_named_and_hinders_no_other(apply: Apply, silent_group: str) -> None:
    objects = [config_map("a", x="1"), thing(silent_group, "one")]
    words = f"the API group {silent_group} does not answer"
    for result in (apply(objects=objects), apply(objects=objects, check=True)):
        assert result["failed"]
        assert words in result["msg"]
    assert ok(apply(objects=[config_map("a", x="1")]))["changed"]


def test_a_missing_namespace_is_an_error_that_names_it(run_module: Any) -> None:
    options = {"name": "app", "namespace": "it-nowhere", "objects": [config_map("a", x="1")]}
    result = run_module("apply_set", **options)
    assert result["failed"]
    assert "it-nowhere does not exist" in result["msg"]


# Other managers, other sets


def test_a_field_somebody_else_changed_is_a_conflict_or_taken_back(apply: Apply, api: Api, namespace: str, image: str) -> None:
    web = deployment("web", image)
    ok(apply(objects=[web]))
    api.edit("Deployment", "web", namespace, api_version="apps/v1", change={"spec": {"replicas": 0}}, manager="kubectl-edit")
    result = apply(objects=[web], force_conflicts=False)
    assert result["failed"]
    assert '"kubectl-edit"' in result["msg"]
    assert ".spec.replicas" in result["msg"]
    assert api.get("Deployment", "web", namespace, api_version="apps/v1")["spec"]["replicas"] == 0

    result = ok(apply(objects=[web]))
    name = f"Deployment {namespace}/web"
    assert result["changed_objects"] == [name]
    assert result["taken_back"] == [{"object": name, "manager": "kubectl-edit", "fields": [".spec.replicas"]}]
    assert api.get("Deployment", "web", namespace, api_version="apps/v1")["spec"]["replicas"] == 1
    assert not ok(apply(objects=[web], force_conflicts=False))["changed"]


def test_drift_is_repaired_and_reported_and_what_is_not_declared_is_left_alone(apply: Apply, api: Api, namespace: str) -> None:
    objects = [config_map(name, x="1") for name in ("deleted", "edited", "unlabelled", "extended", "same")]
    ok(apply(objects=objects))
    api.delete("ConfigMap", "deleted", namespace)
    api.edit("ConfigMap", "edited", namespace, change={"data": {"x": "2"}})
    api.edit("ConfigMap", "unlabelled", namespace, change={"metadata": {"labels": {PART_OF: None}}})
    api.edit("ConfigMap", "extended", namespace, change={"data": {"theirs": "3"}})
    result = ok(apply(objects=objects))
    assert result["created"] == [f"ConfigMap {namespace}/deleted"]
    assert sorted(result["changed_objects"]) == [f"ConfigMap {namespace}/edited", f"ConfigMap {namespace}/unlabelled"]
    edited = {"object": f"ConfigMap {namespace}/edited", "manager": "kubectl-edit", "fields": [".data.x"]}
    assert edited in result["taken_back"]
    data = {item["metadata"]["name"]: item["data"] for item in api.list("ConfigMap", namespace, label_selector=PART_OF)}
    expected = {name: {"x": "1"} for name in ("deleted", "edited", "unlabelled", "same")}
    assert data == {**expected, "extended": {"x": "1", "theirs": "3"}}
    assert not ok(apply(objects=objects))["changed"]


def test_an_object_of_nobody_is_adopted_and_that_is_said(apply: Apply, api: Api, namespace: str) -> None:
    api.create(config_map("found", x="0"), namespace)
    api.edit("ConfigMap", "found", namespace, change={"data": {"y": "1"}}, manager="somebody")
    objects = [config_map("found", x="1")]
    [told] = ok(apply(objects=objects, check=True))["adopted"]
    result = ok(apply(objects=objects))
    assert result["adopted"] == [told]
    assert told["object"] == f"ConfigMap {namespace}/found"
    assert "somebody" in told["managers"]
    assert result["created"] == []
    assert api.get("ConfigMap", "found", namespace)["data"] == {"x": "1", "y": "1"}
    assert ok(apply(objects=objects))["adopted"] == []
    assert ok(apply(objects=[], wait=True))["pruned"] == [f"ConfigMap {namespace}/found"]


def test_sets_of_other_tools_are_left_alone(apply: Apply, api: Api, namespace: str) -> None:
    theirs = config_map("theirs", x="0")
    theirs["metadata"]["labels"] = {PART_OF: "applyset-of-kubectl-v1"}
    api.create(theirs, namespace)
    result = apply(objects=[config_map("theirs", x="1"), config_map("ours", x="1")])
    assert result["failed"]
    assert f"ConfigMap {namespace}/theirs" in result["msg"]
    assert "applyset-of-kubectl-v1" in result["msg"]
    assert api.get("ConfigMap", "theirs", namespace)["data"] == {"x": "0"}
    assert api.find("ConfigMap", "ours", namespace) is None


@pytest.mark.parametrize(
    "annotations", [{"applyset.kubernetes.io/tooling": "kubectl/v1.36.3"}, {}], ids=["kubectl's", "nobody's"]
)
def test_a_parent_that_is_not_ours_is_refused(apply: Apply, api: Api, namespace: str, annotations: dict[str, str]) -> None:
    parent = config_map("app", x="0")
    parent["metadata"]["annotations"] = annotations
    api.create(parent, namespace)
    for state in ("present", "absent"):
        result = apply(objects=[config_map("a", x="1")], state=state)
        assert result["failed"]
        assert f"ConfigMap {namespace}/app" in result["msg"]
    assert api.get("ConfigMap", "app", namespace)["data"] == {"x": "0"}
    assert api.find("ConfigMap", "a", namespace) is None


def test_an_object_moves_between_our_own_sets(apply: Apply, api: Api, namespace: str) -> None:
    ok(apply(objects=[config_map("moving", x="1"), config_map("staying", x="1")]))
    uid = api.get("ConfigMap", "moving", namespace)["metadata"]["uid"]
    other = {"name": "other", "objects": [config_map("moving", x="2")]}
    result = ok(apply(**other, wait=True))
    [adopted] = result["adopted"]
    assert (adopted["object"], adopted["set"]) == (f"ConfigMap {namespace}/moving", f"{namespace}/app")
    assert ok(apply(objects=[config_map("staying", x="1")], wait=True))["pruned"] == []
    moved = api.get("ConfigMap", "moving", namespace)
    assert (moved["metadata"]["uid"], moved["data"]) == (uid, {"x": "2"})
    assert ok(apply(**other, wait=True))["changed"] is False


# Removing


def test_kept_kinds_are_never_pruned_and_deleted_only_when_named(run_module: Any, api: Api, space: str, group: str) -> None:
    apply = partial(run_module, "apply_set", namespace=space, **{"name": "app"})
    kept = [namespace_named(space), crd(group), claim("data")]
    objects = [*kept, config_map("settings", x="1")]
    ok(apply(objects=objects, wait=True))
    result = ok(apply(objects=[config_map("other", x="1")], wait=True))
    assert result["pruned"] == [f"ConfigMap {space}/settings"]
    result = ok(apply(state="absent"))
    assert result["deleted"] == [f"ConfigMap {space}/other"]
    claimed = api.get("PersistentVolumeClaim", "data", space)["metadata"]
    assert "deletionTimestamp" not in claimed
    assert api.get("Namespace", space)["status"]["phase"] == "Active"
    assert api.find("CustomResourceDefinition", f"things.{group}", api_version=CRDS)

    named = ["PersistentVolumeClaim/data", "CustomResourceDefinition", "Namespace"]
    planned = ok(apply(state="absent", objects=objects, remove_kept=named, check=True))
    assert set(planned["deleted"]) == {
        f"PersistentVolumeClaim {space}/data",
        f"CustomResourceDefinition things.{group}",
        f"Namespace {space}",
    }
    assert api.get("Namespace", space)["status"]["phase"] == "Active"
    result = ok(apply(state="absent", objects=objects, remove_kept=named))
    assert result["deleted"] == planned["deleted"]
    assert api.find("CustomResourceDefinition", f"things.{group}", api_version=CRDS) is None
    assert api.find("Namespace", space) is None
    assert ok(apply(state="absent", objects=objects, remove_kept=named))["changed"] is False


def test_absent_works_when_the_crd_of_the_set_is_gone_already(apply: Apply, api: Api, namespace: str, group: str) -> None:
    objects = [crd(group), thing(group, "one", size=1), config_map("settings", x="1")]
    ok(apply(objects=objects))
    api.delete("CustomResourceDefinition", f"things.{group}", api_version=CRDS)
    eventually(lambda: not api.find("CustomResourceDefinition", f"things.{group}", api_version=CRDS))
    result = ok(apply(state="absent", objects=objects))
    assert result["deleted"] == [f"ConfigMap {namespace}/settings"]
    assert api.names("ConfigMap", namespace) <= {"kube-root-ca.crt"}
    again = ok(apply(state="absent", objects=objects))
    assert (again["changed"], again["deleted"]) == (False, [])


def test_what_controllers_make_for_members_is_not_pruned_though_it_has_their_labels(
    apply: Apply, api: Api, namespace: str
) -> None:
    ports = [{"port": 80}]
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}}}
    service["spec"]["ports"] = ports
    declared = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "declared-0"}}
    declared |= {"addressType": "IPv4", "endpoints": [], "ports": ports}

    def slices() -> dict[str, str]:
        found = [item["metadata"] for item in api.list("EndpointSlice", namespace, api_version=declared["apiVersion"])]
        return {metadata["name"].rpartition("-")[0]: metadata["uid"] for metadata in found if PART_OF in metadata["labels"]}

    ok(apply(objects=[service, declared]))
    eventually(lambda: set(slices()) == {"web", "declared"})
    made = slices()["web"]
    assert ok(apply(objects=[service], wait=True))["pruned"] == [f"EndpointSlice {namespace}/declared-0"]
    assert slices() == {"web": made}


# StatefulSets


@pytest.fixture
def database(apply: Apply, api: Api, namespace: str, image: str) -> str:
    """The uid of the running pod of a StatefulSet `db` with a bound claim of 16Mi."""
    ok(apply(objects=[stateful_set("db", image)], wait=True))
    return str(api.get("Pod", "db-0", namespace)["metadata"]["uid"])


def test_a_stateful_set_with_other_claim_templates_is_remade_around_its_pods(
    apply: Apply, api: Api, namespace: str, image: str, database: str
) -> None:
    volume = api.get("PersistentVolumeClaim", "data-db-0", namespace)["metadata"]["uid"]
    objects = [stateful_set("db", image, tier="gold")]
    planned = ok(apply(objects=objects, check=True))
    assert planned["recreated"] == [f"StatefulSet {namespace}/db"]
    before = api.get("StatefulSet", "db", namespace, api_version="apps/v1")["metadata"]["uid"]
    result = ok(apply(objects=objects, wait=True))
    assert result["recreated"] == [f"StatefulSet {namespace}/db"]
    live = api.get("StatefulSet", "db", namespace, api_version="apps/v1")
    assert live["metadata"]["uid"] != before
    assert live["spec"]["volumeClaimTemplates"][0]["metadata"]["labels"] == {"tier": "gold"}
    pod = api.get("Pod", "db-0", namespace)["metadata"]
    assert pod["uid"] == database
    assert pod["ownerReferences"][0]["uid"] == live["metadata"]["uid"]
    assert api.get("PersistentVolumeClaim", "data-db-0", namespace)["metadata"]["uid"] == volume
    assert ok(apply(objects=objects, wait=True))["changed"] is False


def test_a_stateful_set_that_cannot_be_remade_stays_and_the_error_says_why(
    apply: Apply, api: Api, namespace: str, image: str, database: str
) -> None:
    before = api.get("StatefulSet", "db", namespace, api_version="apps/v1")["metadata"]["uid"]
    wrong_twice = stateful_set("db", image, tier="gold")
    wrong_twice["spec"]["replicas"] = -1
    # The storage class of the sandbox lets no volume grow.
    for changed, named in (
        (stateful_set("db", image, size="32Mi"), f"PersistentVolumeClaim {namespace}/data-db-0 cannot grow to 32Mi"),
        (wrong_twice, "spec.replicas"),
    ):
        for check in (True, False):
            result = apply(objects=[changed, config_map("new", x="1")], check=check)
            assert result["failed"]
            assert named in result["msg"]
    assert api.get("StatefulSet", "db", namespace, api_version="apps/v1")["metadata"]["uid"] == before
    assert api.get("Pod", "db-0", namespace)["metadata"]["uid"] == database
    assert api.find("ConfigMap", "new", namespace) is None


@pytest.fixture
def growing(api: Api, namespace: str) -> Iterator[str]:
    """A StorageClass whose claims the API server lets grow; the sandbox has nobody who would make the volume larger then."""
    item = {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": f"{namespace}-growing"},
        "provisioner": "rancher.io/local-path",
        "volumeBindingMode": "WaitForFirstConsumer",
        "allowVolumeExpansion": True,
    }
    api.create(item)
    yield item["metadata"]["name"]
    api.delete("StorageClass", item["metadata"]["name"], api_version="storage.k8s.io/v1")


def test_volumes_grow_where_their_class_lets_them_and_none_shrinks(
    apply: Apply, api: Api, namespace: str, image: str, growing: str
) -> None:
    def database(size: str) -> dict[str, Any]:
        item = stateful_set("db", image, size=size)
        item["spec"]["volumeClaimTemplates"][0]["spec"]["storageClassName"] = growing
        return item

    def named(size: str) -> list[dict[str, str]]:
        return [{"stateful_set": "db", "template": "data", "size": size}]

    def volume() -> dict[str, Any]:
        return api.get("PersistentVolumeClaim", "data-db-0", namespace)

    ok(apply(objects=[database("16Mi")], wait=True))
    uids = volume()["metadata"]["uid"], api.get("Pod", "db-0", namespace)["metadata"]["uid"]
    planned = ok(apply(objects=[database("32Mi")], check=True))
    assert planned["changed_objects"] == [f"StatefulSet {namespace}/db", f"PersistentVolumeClaim {namespace}/data-db-0"]
    assert ok(apply(objects=[database("32Mi")], wait=True))["changed_objects"] == planned["changed_objects"]
    assert volume()["spec"]["resources"]["requests"]["storage"] == "32Mi"
    assert volume()["status"]["capacity"]["storage"] == "16Mi"
    # As those of a StatefulSet that an operator makes.
    other = partial(apply, objects=[config_map("new", x="1")], name="other", wait=True)
    assert f"PersistentVolumeClaim {namespace}/data-db-0" in ok(other(claims=named("48Mi")))["changed_objects"]
    assert (volume()["metadata"]["uid"], api.get("Pod", "db-0", namespace)["metadata"]["uid"]) == uids
    assert ok(other(claims=named("48Mi")))["changed"] is False
    for refused in (apply(objects=[database("32Mi"), config_map("never", x="1")]), other(claims=named("16Mi"))):
        assert f"PersistentVolumeClaim {namespace}/data-db-0 has 48Mi" in refused["msg"]
    assert api.find("ConfigMap", "never", namespace) is None


def test_what_was_rendered_before_volumes_grew_is_applied_and_leaves_them_as_they_are(
    apply: Apply, api: Api, namespace: str, image: str, growing: str, tmp_path: Path
) -> None:
    def database(size: str) -> dict[str, Any]:
        item = stateful_set("db", image, size=size)
        item["spec"]["volumeClaimTemplates"][0]["spec"]["storageClassName"] = growing
        return item

    ok(apply(state="rendered", objects=[database("16Mi"), config_map("a", x="1")], rendered_to=str(tmp_path)))
    ok(apply(objects=[database("16Mi")], wait=True))
    ok(apply(objects=[database("32Mi")], wait=True))
    uid = api.get("Pod", "db-0", namespace)["metadata"]["uid"]
    back = ok(apply(rendered_from=str(tmp_path), wait=True))
    assert (back["created"], back["changed_objects"], back["recreated"]) == ([f"ConfigMap {namespace}/a"], [], [])
    assert f"PersistentVolumeClaim {namespace}/data-db-0 has 32Mi by now" in str(back["warnings"])
    assert api.get("PersistentVolumeClaim", "data-db-0", namespace)["spec"]["resources"]["requests"]["storage"] == "32Mi"
    assert api.get("Pod", "db-0", namespace)["metadata"]["uid"] == uid


def test_claims_of_a_stateful_set_outlive_it_unless_named(
    apply: Apply, api: Api, namespace: str, image: str, database: str
) -> None:
    objects = [stateful_set("db", image)]
    ok(apply(state="absent", objects=objects))
    assert api.find("StatefulSet", "db", namespace, api_version="apps/v1") is None
    assert api.names("PersistentVolumeClaim", namespace) == {"data-db-0"}
    ok(apply(objects=objects, wait=True))
    result = ok(apply(state="absent", objects=objects, remove_kept=["PersistentVolumeClaim"]))
    assert f"PersistentVolumeClaim {namespace}/data-db-0" in result["deleted"]
    assert api.names("PersistentVolumeClaim", namespace) == set()


# Rendered


def test_rendered_writes_one_file_per_object_and_needs_no_cluster(run_module: Any, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("K8S_AUTH_KUBECONFIG", str(tmp_path / "none"))
    objects = [namespace_named("space"), config_map("a", x="1"), config_map("b", x="1")]
    options = {"name": "app", "namespace": "space", "state": "rendered", "rendered_to": str(tmp_path)}
    assert ok(run_module("apply_set", check=True, objects=objects, **options))["changed"]
    assert not (tmp_path / "app").exists()
    result = ok(run_module("apply_set", objects=objects, **options))
    assert result["changed"]
    assert sorted(path.name for path in (tmp_path / "app").iterdir()) == [
        "configmap-space-a.yaml",
        "configmap-space-b.yaml",
        "namespace-space.yaml",
    ]
    assert result["files"] == sorted(str(path) for path in (tmp_path / "app").iterdir())
    assert "namespace: space\n" in (tmp_path / "app" / "configmap-space-a.yaml").read_text()
    assert ok(run_module("apply_set", objects=list(reversed(objects)), **options))["changed"] is False

    foreign = tmp_path / "app" / "kustomization.yaml"
    foreign.write_text("resources: []\n")
    assert ok(run_module("apply_set", objects=objects[:2], **options))["changed"]
    assert {path.name for path in (tmp_path / "app").iterdir()} == {
        "configmap-space-a.yaml",
        "kustomization.yaml",
        "namespace-space.yaml",
    }
    assert foreign.read_text() == "resources: []\n"
