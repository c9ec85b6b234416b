# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a set is on the cluster: one LIST per kind, and who else the wanted objects belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._discovery import Discovery, Resource
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key, Object, is_kept
from ansible_collections.longterm.metrics.plugins.module_utils._ownership import is_controlled, is_handed_over
from ansible_collections.longterm.metrics.plugins.module_utils._parent import PART_OF, GroupKind, Parent, sets_of_ours

FORBIDDEN = 403
CONCURRENCY = 8

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class Membership:
    """The set's objects on the cluster, and of the wanted ones those that stand outside it."""

    live: dict[Key, Object]
    outside: dict[Key, Object] = field(default_factory=dict)
    moved_from: dict[Key, str] = field(default_factory=dict)

    def existing(self, key: Key) -> Object | None:
        return self.live.get(key) or self.outside.get(key)


def at_once(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """`function` over all items, a few at a time. All errors are raised together, as one."""
    work = list(items)
    if len(work) <= 1:
        return [function(item) for item in work]
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        futures = [pool.submit(function, item) for item in work]
    errors = [error for future in futures if isinstance(error := future.exception(), MetricsError)]
    if len(errors) > 1:
        raise MetricsError(" | ".join(dict.fromkeys(error.message for error in errors)), errors=len(errors))
    return [future.result() for future in futures]


def resources_of(discovery: Discovery, kinds: Iterable[GroupKind], wanted: Iterable[Resource] = ()) -> list[Resource]:
    """One resource per kind, in the version that is wanted where one is; a kind the cluster no longer knows has none."""
    chosen = {(resource.group, resource.kind): resource for resource in wanted}
    for group, kind in sorted(set(kinds) - set(chosen)):
        if found := discovery.preferred(group, kind):
            chosen[group, kind] = found
    return list(chosen.values())


def list_live(cluster: Cluster, resources: Iterable[Resource], parent: Parent) -> dict[Key, Object]:
    """The set's objects of these kinds: what carries its label, but for what was handed over to others meanwhile.

    Controllers copy labels to what they make, as prometheus-operator to its StatefulSets and the endpoint slice controller to
    slices. That belongs to its owner, unless it is declared as a member.
    """
    selector = f"{PART_OF}={parent.id}"
    # A cluster-wide LIST needs wider permissions and finds no more when the set is in one namespace.
    namespace = next(iter(parent.namespaces)) if len(parent.namespaces) == 1 else ""

    def read(resource: Resource) -> list[tuple[Key, Object]]:
        try:
            items = _list(cluster, resource, namespace, labelSelector=selector)
        except ApiError as error:
            if error.code != FORBIDDEN or namespace or not resource.namespaced:
                raise
            items = [item for place in sorted(parent.namespaces) for item in one_by_one(resource, place)]
        return [(_key(resource, item), _typed(resource, item)) for item in items]

    def one_by_one(resource: Resource, place: str) -> list[Object]:
        """Of one namespace. Where a login may not list a kind it has made none, unless the set has a member there."""
        try:
            return _list(cluster, resource, place, labelSelector=selector)
        except ApiError as error:
            kind = (resource.group, resource.kind)
            if error.code != FORBIDDEN or any((key.group_kind, key.namespace) == (kind, place) for key in parent.members):
                raise
            return []

    found = (entry for entries in at_once(read, resources) for entry in entries)
    return {key: item for key, item in found if not is_handed_over(item) and (key in parent.members or not is_controlled(item))}


def find_outside(cluster: Cluster, resources: Mapping[Key, Resource], live: Mapping[Key, Object]) -> Membership:
    """Of the wanted objects that are not in the set yet, those that exist; MetricsError for those of other tools' sets."""
    collections: dict[tuple[Resource, str], set[Key]] = {}
    for key, resource in resources.items():
        if key not in live:
            collections.setdefault((resource, key.namespace), set()).add(key)

    def look(entry: tuple[tuple[Resource, str], set[Key]]) -> list[Key]:
        (resource, namespace), wanted = entry
        return [
            key for item in _list(cluster, resource, namespace, metadata_only=True) if (key := _key(resource, item)) in wanted
        ]

    present = [key for keys in at_once(look, collections.items()) for key in keys]
    paths = {key: resources[key].path(key.namespace, key.name) for key in present}
    found = dict(zip(present, at_once(lambda key: cluster.find(paths[key]), present), strict=True))
    outside = {key: item for key, item in found.items() if item is not None}
    owners = {key: owner for key, item in outside.items() if (owner := (item["metadata"].get("labels") or {}).get(PART_OF))}
    ours = sets_of_ours(cluster, owners.values())
    # What we kept when a set of ours was removed still carries its label.
    foreign = [f"{key} (set {owner})" for key, owner in owners.items() if owner not in ours and not is_kept(outside[key])]
    if foreign:
        raise MetricsError(
            f"On {cluster.server} these objects belong to ApplySets of another tool: {', '.join(foreign)}. "
            f"Rename ours, or take the label {PART_OF} off them."
        )
    return Membership(dict(live), outside, {key: ours[owner] for key, owner in owners.items() if owner in ours})


def _list(cluster: Cluster, resource: Resource, namespace: str, **options: Any) -> list[Object]:
    """A LIST; of a kind whose CRD is yet to come, or gone, there are none."""
    try:
        return list(cluster.list(resource.path(namespace), **options))
    except ApiError as error:
        if error.code == 404:
            return []
        raise


def _key(resource: Resource, item: Object) -> Key:
    metadata = item["metadata"]
    return Key(resource.group, resource.kind, metadata.get("namespace") or "", metadata["name"])


def _typed(resource: Resource, item: Object) -> Object:
    """Items of a LIST come without apiVersion and kind."""
    return {"apiVersion": resource.api_version, "kind": resource.kind, **item}
