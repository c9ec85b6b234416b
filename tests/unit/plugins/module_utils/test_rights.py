# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which rights a login lacks."""

from __future__ import annotations

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._rights import Right, missing, of_rules, told

RULES: list[dict[str, Any]] = [
    {"apiGroups": ["apps"], "resources": ["deployments", "statefulsets/scale"], "verbs": ["get", "patch"]},
    {"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["a", "b"], "verbs": ["get"]},
    {"nonResourceURLs": ["/metrics"], "verbs": ["get"]},
]


class Reviewer:
    """An API server that says yes but for what `lacking` names."""

    def __init__(self, *lacking: tuple[str, str]) -> None:
        self.lacking, self.asked = lacking, list[dict[str, str]]()

    def request(self, method: str, path: str, *, body: Any) -> Any:
        assert (method, path) == ("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        attributes = body["spec"]["resourceAttributes"]
        self.asked.append(attributes)
        return {"status": {"allowed": (attributes["verb"], attributes["resource"]) not in self.lacking}}


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
