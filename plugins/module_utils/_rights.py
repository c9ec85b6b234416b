# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rights of the current login (authorization.k8s.io/v1: SelfSubjectRulesReview, SelfSubjectAccessReview)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster

API = "/apis/authorization.k8s.io/v1"
# A namespace without RoleBindings: what is granted there is granted everywhere.
NOWHERE = "longterm-metrics-nowhere"
# Requests under way together.
AT_ONCE = 4


@dataclass(frozen=True, order=True)
class Right:
    """One verb on one resource, in one namespace, or in all when that is empty."""

    namespace: str
    group: str
    resource: str
    name: str
    verb: str

    def attributes(self) -> dict[str, str]:
        resource, _slash, subresource = self.resource.partition("/")
        attributes = {"namespace": self.namespace, "verb": self.verb, "group": self.group, "resource": resource}
        return attributes | {"subresource": subresource, "name": self.name}


def of_rules(rules: Iterable[Mapping[str, Any]], namespace: str = "") -> Iterator[Right]:
    """The rights that the rules of a Role or ClusterRole grant, but for those on URLs."""
    for rule in rules:
        for group in rule.get("apiGroups") or ():
            for resource in rule["resources"]:
                for name in rule.get("resourceNames") or [""]:
                    for verb in rule["verbs"]:
                        yield Right(namespace, group, resource, name, verb)


def missing(cluster: Cluster, rights: Sequence[Right]) -> list[Right]:
    """Those that the current login lacks; MetricsError when the cluster does not say.

    One request per namespace lists the rules that apply there. The list may be incomplete, because not every authorizer can
    list its rules, so each right that it does not grant is asked for by itself.
    """

    def review(kind: str, **spec: Any) -> Any:
        body = {"apiVersion": "authorization.k8s.io/v1", "kind": kind, "spec": spec}
        return cluster.request("POST", f"{API}/{kind.lower()}s", body=body)["status"]

    def allowed(right: Right) -> bool:
        return bool(review("SelfSubjectAccessReview", resourceAttributes=right.attributes()).get("allowed"))

    rules = {
        namespace: review("SelfSubjectRulesReview", namespace=namespace or NOWHERE).get("resourceRules") or ()
        for namespace in sorted({right.namespace for right in rights})
    }
    unsure = [right for right in rights if not any(_grants(rule, right) for rule in rules[right.namespace])]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(right for right, has in zip(unsure, threads.map(allowed, unsure), strict=True) if not has)


def _grants(rule: Mapping[str, Any], right: Right) -> bool:
    names = rule.get("resourceNames")
    wanted = ((right.group, "apiGroups"), (right.resource, "resources"), (right.verb, "verbs"))
    return (not names or right.name in names) and all({value, "*"} & set(rule.get(part) or ()) for value, part in wanted)


def told(rights: Iterable[Right]) -> list[str]:
    """A line for each resource: its verbs, its group, and where."""
    verbs: dict[tuple[str, str, str, str], list[str]] = {}
    for right in rights:
        verbs.setdefault((right.namespace, right.group, right.resource, right.name), []).append(right.verb)
    return [
        f"{', '.join(found)} {f'{resource}.{group}' if group else resource}{f' {name}' if name else ''} "
        f"{f'in {namespace}' if namespace else 'in all namespaces'}"
        for (namespace, group, resource, name), found in verbs.items()
    ]
