# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which rights a login lacks."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._rights import NOWHERE, Right, missing, of_rules, told

RULES: list[dict[str, Any]] = [
    {"apiGroups": ["apps"], "resources": ["deployments", "statefulsets/scale"], "verbs": ["get", "patch"]},
    {"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["a", "b"], "verbs": ["get"]},
    {"nonResourceURLs": ["/metrics"], "verbs": ["get"]},
]


class Reviewer:
    """An API server that says yes but for what `lacking` names, and lists these rules, by namespace."""

    def __init__(self, *lacking: tuple[str, str], rules: dict[str, list[dict[str, Any]]] | None = None) -> None:
        self.lacking, self.rules, self.asked, self.listed = lacking, rules or {}, list[dict[str, str]](), list[str]()

    def request(self, method: str, path: str, *, body: Any) -> Any:
        if (method, path) == ("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"):
            self.listed.append(body["spec"]["namespace"])
            return {"status": {"resourceRules": self.rules.get(self.listed[-1], []), "nonResourceRules": [], "incomplete": False}}
        assert (method, path) == ("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        attributes = body["spec"]["resourceAttributes"]
        self.asked.append(attributes)
        return {"status": {"allowed": (attributes["verb"], attributes["resource"]) not in self.lacking}}


def test_what_the_listed_rules_grant_is_not_asked_for_again() -> None:
    server = Reviewer(rules={"metrics": RULES})
    assert missing(server, list(of_rules(RULES, "metrics"))) == []  # type: ignore[arg-type]
    assert (server.listed, server.asked) == (["metrics"], [])


def test_a_rule_of_a_namespace_grants_nothing_elsewhere() -> None:
    server = Reviewer(("patch", "deployments"), rules={"metrics": RULES})
    lacking = missing(server, [*of_rules(RULES[:1], "metrics"), *of_rules(RULES[:1])])  # type: ignore[arg-type]
    assert lacking == [Right("", "apps", "deployments", "", "patch")]
    assert server.listed == [NOWHERE, "metrics"]


@pytest.mark.parametrize(
    ("rule", "grants"),
    [
        ({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}, True),
        ({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}, True),
        ({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["a"]}, True),
        ({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["b"]}, False),
        ({"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}, False),
        ({"apiGroups": ["apps"], "resources": ["secrets"], "verbs": ["get"]}, False),
        ({"apiGroups": [""], "resources": ["secrets/a"], "verbs": ["get"]}, False),
    ],
)
def test_a_listed_rule_grants_a_right_by_group_resource_verb_and_name(rule: dict[str, Any], grants: bool) -> None:
    server = Reviewer(("get", "secrets"), rules={"metrics": [rule]})
    assert (missing(server, [Right("metrics", "", "secrets", "a", "get")]) == []) == grants  # type: ignore[arg-type]


def test_every_right_of_the_rules_is_asked_for_once_with_its_subresource_and_name() -> None:
    server, rights = Reviewer(), list(of_rules(RULES, "metrics"))
    assert missing(server, rights) == []  # type: ignore[arg-type]
    assert len(server.asked) == len(rights) == 6
    scale = {
        "namespace": "metrics",
        "verb": "patch",
        "group": "apps",
        "resource": "statefulsets",
        "subresource": "scale",
        "name": "",
    }
    assert scale in server.asked
    assert {entry["name"] for entry in server.asked if entry["resource"] == "secrets"} == {"a", "b"}


def test_all_that_are_missing_are_told_a_line_for_each_resource() -> None:
    server = Reviewer(("get", "deployments"), ("patch", "deployments"), ("get", "secrets"))
    lacking = missing(server, [*of_rules(RULES, "metrics"), *of_rules(RULES[:1])])  # type: ignore[arg-type]
    assert told(lacking) == [
        "get, patch deployments.apps in all namespaces",
        "get secrets a in metrics",
        "get secrets b in metrics",
        "get, patch deployments.apps in metrics",
    ]
    assert Right("metrics", "", "secrets", "a", "get") in lacking
