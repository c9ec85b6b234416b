# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rights of a deployer and of a verifier, held against what the roles bring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.playbooks import ROOT, play, rendered

ENGINES = ("operator", "standalone")
# Of an object that a run brings, and of one that is kept when all else is removed.
KEEP = {"get", "list", "create", "patch", "delete"}
KEPT = {"namespaces": KEEP - {"delete"}, "customresourcedefinitions": KEEP - {"delete"}}
CLUSTER_WIDE = {"ClusterRole", "ClusterRoleBinding", "Namespace", "APIService", "CustomResourceDefinition"}

# Namespace (empty for all), group, resource, verb, and the name, empty for any.
Rights = set[tuple[str, str, str, str, str]]


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The objects that the playbook writes, by engine."""
    folder = tmp_path_factory.mktemp("access")
    hosts = {engine: {"prometheus_engine": engine, "metrics_rendered_to": f"{folder}/{engine}"} for engine in ENGINES}
    ran = play(ROOT / "playbooks/access.yml", hosts, folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return {engine: rendered(folder / engine) for engine in ENGINES}


def granted(objects: list[dict[str, Any]], who: str) -> Rights:
    """The rights that are bound to one of the two."""
    rules = {item["metadata"]["name"]: item["rules"] for item in objects if item["kind"] == "ClusterRole"}
    found: Rights = set()
    for item in objects:
        if item["kind"] in ("ClusterRoleBinding", "RoleBinding") and item["subjects"][0]["name"] == f"longterm-metrics-{who}":
            for rule in rules[item["roleRef"]["name"]]:
                found |= set(rights_of(rule, item["metadata"].get("namespace", "")))
    return found


def rights_of(rule: dict[str, Any], namespace: str) -> Iterator[tuple[str, str, str, str, str]]:
    for group in rule["apiGroups"]:
        for resource in rule["resources"]:
            for verb in rule["verbs"]:
                for name in rule.get("resourceNames", [""]):
                    yield namespace, group, resource, verb, name


def plural(kind: str) -> str:
    """As the API server spells it."""
    name = kind.lower()
    return f"{name}es" if name.endswith("ss") else f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_deployer_may_bring_and_remove_whatever_the_roles_render(
    engine: str, access: dict[str, list[dict[str, Any]]], stacks: dict[str, list[dict[str, Any]]]
) -> None:
    deployer = granted(access[engine], "deployer")
    needed: Rights = set()
    for item in stacks[engine]:
        group = item["apiVersion"].rpartition("/")[0]
        namespace = "" if item["kind"] in CLUSTER_WIDE else item["metadata"]["namespace"]
        resource = {"Prometheus": "prometheuses", "Ingress": "ingresses"}.get(item["kind"], plural(item["kind"]))
        needed |= {(namespace, group, resource, verb, item["metadata"]["name"]) for verb in KEPT.get(resource, KEEP)}
        if item["kind"] == "ClusterRole":
            needed |= {(namespace, group, resource, verb, item["metadata"]["name"]) for verb in ("bind", "escalate")}
    assert {right for right in needed if right not in deployer and (*right[:4], "") not in deployer} == set()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_deployer_grants_by_our_roles_alone_and_touches_nobody_s_secrets(
    engine: str, access: dict[str, list[dict[str, Any]]], stacks: dict[str, list[dict[str, Any]]]
) -> None:
    deployer = granted(access[engine], "deployer")
    unbounded = {right[:4] for right in deployer if not right[4]}
    assert {right for right in unbounded if right[3] in ("bind", "escalate", "*") or "*" in right[1:3]} == set()
    # Of the whole cluster it changes nothing of others.
    assert {right for right in unbounded if not right[0] and right[3] not in ("get", "list", "create")} == set()
    assert {right[0] for right in deployer if right[2] == "secrets"} == {"metrics"}
    named = {right[4] for right in deployer if right[3] == "bind"}
    bound = {item["roleRef"]["name"] for item in stacks[engine] if item["kind"].endswith("Binding")}
    assert bound - named == set()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_verifier_reads_and_changes_only_what_the_test_alert_is_made_of(
    engine: str, access: dict[str, list[dict[str, Any]]]
) -> None:
    verifier = granted(access[engine], "verifier")
    written = {(resource, namespace) for namespace, _group, resource, verb, _name in verifier if verb not in ("get", "list")}
    rule = "prometheusrules" if engine == "operator" else "configmaps"
    assert written == {("pods/portforward", "metrics"), (rule, "metrics")}
    secrets = {(right[0], right[4]) for right in verifier if right[2] == "secrets"}
    assert secrets == {("metrics", "object-store-credentials"), ("metrics", "grafana-admin")}


@pytest.mark.parametrize(("role", "who"), [("preflight", "deployer"), ("verify", "verifier")])
def test_the_rights_are_asked_for_before_anything_else(role: str, who: str) -> None:
    tasks = yaml.safe_load((ROOT / f"roles/{role}/tasks/main.yml").read_text())
    variables = yaml.safe_load((ROOT / f"roles/{role}/vars/main.yml").read_text())
    # Before it, no task is a module of ours: nothing connects.
    ours = [task for task in tasks if any(name.startswith("longterm.metrics.") for name in task)]
    review = ours[0]["longterm.metrics.access_review"]
    assert review == {part: f"{{{{ __{role}_rights.{part} }}}}" for part in ("cluster", "namespaces")}
    assert variables[f"__{role}_rights"].endswith(f"_rights.yaml.j2') | longterm.metrics.from_yaml).{who} }}}}")
