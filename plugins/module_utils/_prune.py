# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing what a set no longer wants, and removing a set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ansible_collections.longterm.metrics.plugins.module_utils import _lock
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._discovery import Discovery
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._membership import at_once, list_live, resources_of
from ansible_collections.longterm.metrics.plugins.module_utils._objects import (
    NAMESPACE,
    VOLUME_CLAIM,
    WORKLOADS,
    Key,
    Object,
    is_kept,
    is_prunable,
    wave,
)
from ansible_collections.longterm.metrics.plugins.module_utils._parent import GroupKind, Parent


def prune(cluster: Cluster, parent: Parent, live: Mapping[Key, Object], *, check: bool, lock_timeout: float) -> list[Key]:
    """Delete the set's objects that are no members any more, and return them. To be called once the members run."""
    leftovers = [key for key in live if key not in parent.members]
    doomed = [key for key in leftovers if is_prunable(live[key])]
    if not doomed or check:
        return doomed
    with _lock.hold(cluster, parent, lock_timeout) as current:
        if current.members != parent.members:
            raise MetricsError(f"Set {parent.namespace}/{parent.name} was changed by another run meanwhile; nothing was pruned.")
        discovery = Discovery.read(cluster)
        _delete(cluster, discovery, {key: live[key] for key in doomed})
        kept = [key for key in leftovers if key not in doomed]
        # Of a group that does not answer now nobody knows what is left.
        unseen = {kind for kind in current.group_kinds if kind[0] in discovery.unavailable}
        namespaces = current.namespaces if unseen else {key.namespace for key in kept if key.namespace}
        current.with_members(parent.members, {key.group_kind for key in kept} | unseen, namespaces).write(cluster)
    return doomed


class Removal:
    """`state: absent` for one set."""

    def __init__(
        self, cluster: Cluster, name: str, namespace: str, remove_kept: Iterable[str], claims: Iterable[str] = ()
    ) -> None:
        self.cluster = cluster
        self.parent = Parent.read(cluster, name, namespace)
        self.named = set(remove_kept)
        self.claims = list(claims)
        self.discovery = Discovery.read(cluster)

    def find(self, kinds: Iterable[GroupKind]) -> dict[Key, Object]:
        """What would be deleted: the members, of kept ones those that the caller names, and volumes when named."""
        wanted = self.parent.group_kinds | set(kinds)
        unseen = {group for group, _kind in wanted} & self.discovery.unavailable
        if unseen:
            raise MetricsError(
                f"The API groups {', '.join(sorted(unseen))} do not answer now, so their objects cannot be removed; "
                "look at their APIServices."
            )
        reach = self.parent.with_members(self.parent.members, wanted, self.parent.namespaces)
        live = list_live(self.cluster, resources_of(self.discovery, wanted), reach)
        if VOLUME_CLAIM[1] in {name.partition("/")[0] for name in self.named}:
            live |= self._volumes(live)
        return {key: item for key, item in live.items() if not is_kept(item) or self._is_named(key)}

    def run(self, doomed: Mapping[Key, Object], *, wait_timeout: float, lock_timeout: float) -> None:
        """Delete them, wait until they are gone, and delete the parent; what is kept stays without it."""
        inside = {key: item for key, item in doomed.items() if key.group_kind != NAMESPACE}
        if self.parent.exists:
            with _lock.hold(self.cluster, self.parent, lock_timeout):
                _delete(self.cluster, self.discovery, inside)
                _wait_gone(self.cluster, self.discovery, inside, wait_timeout)
                _delete_path(self.cluster, self.parent.path, {"propagationPolicy": "Background"})
        spaces = {key: item for key, item in doomed.items() if key.group_kind == NAMESPACE or not self.parent.exists}
        _delete(self.cluster, self.discovery, spaces)
        _wait_gone(self.cluster, self.discovery, spaces, wait_timeout)

    def _is_named(self, key: Key) -> bool:
        return bool(self.named & {key.kind, f"{key.kind}/{key.name}"})

    def _volumes(self, live: Mapping[Key, Object]) -> dict[Key, Object]:
        """The claims of StatefulSets that the set's objects are or own, and those named; they carry no label of the set."""
        owners = {item["metadata"]["uid"] for item in live.values()}
        found: dict[Key, Object] = {}
        for namespace in self.parent.namespaces | {self.parent.namespace}:
            names = [re.escape(name) for name in self.claims] + [
                f".+-{re.escape(item['metadata']['name'])}"
                for item in self.cluster.list(f"/apis/apps/v1/namespaces/{namespace}/statefulsets")
                if item["metadata"]["uid"] in owners
                or owners & {owner["uid"] for owner in item["metadata"].get("ownerReferences") or ()}
            ]
            pattern = re.compile(rf"({'|'.join(names)})-\d+") if names else None
            for item in self.cluster.list(f"/api/v1/namespaces/{namespace}/persistentvolumeclaims") if pattern else ():
                key = Key(*VOLUME_CLAIM, namespace, item["metadata"]["name"])
                if pattern and pattern.fullmatch(key.name) and self._is_named(key):
                    found[key] = item
        return found


def _delete(cluster: Cluster, discovery: Discovery, items: Mapping[Key, Object]) -> None:
    """Delete in the reverse order of applying; what was remade by somebody since it was seen stays."""
    waves: dict[int, list[Key]] = {}
    for key in items:
        waves.setdefault(wave(key), []).append(key)

    def delete(key: Key) -> None:
        resource = discovery.preferred(*key.group_kind)
        if resource:
            # What has pods goes after them; the garbage collector need not look at the rest.
            policy = "Foreground" if wave(key) == WORKLOADS else "Background"
            options = {"propagationPolicy": policy, "preconditions": {"uid": items[key]["metadata"]["uid"]}}
            _delete_path(cluster, resource.path(key.namespace, key.name), options)

    for number in sorted(waves, reverse=True):
        at_once(delete, waves[number])


def _delete_path(cluster: Cluster, path: str, options: Mapping[str, object]) -> None:
    try:
        cluster.request("DELETE", path, body=dict(options))
    except ApiError as error:
        if error.code not in (404, 409):
            raise


def _wait_gone(cluster: Cluster, discovery: Discovery, items: Mapping[Key, Object], timeout: float) -> None:
    """Wait until none is there any more; what somebody made anew by its name is another one."""
    deadline, pause = cluster.clock() + timeout, 0.2

    def present(key: Key) -> Object | None:
        resource = discovery.preferred(*key.group_kind)
        found: Object | None = cluster.find(resource.path(key.namespace, key.name)) if resource else None
        return found if found and found["metadata"]["uid"] == items[key]["metadata"]["uid"] else None

    left = list(items)
    while left:
        states = dict(zip(left, at_once(present, left), strict=True))
        left = [key for key, item in states.items() if item is not None]
        if left and cluster.clock() > deadline:
            holders = {key: (states[key] or {})["metadata"].get("finalizers") for key in left}
            words = "; ".join(f"{key} (finalizers: {', '.join(names or ['none'])})" for key, names in holders.items())
            raise MetricsError(
                f"Still there on {cluster.server} after {timeout:.0f} s: {words}. "
                "Whoever set a finalizer must run to take it off."
            )
        if left:
            cluster.sleep(pause)
            pause = min(pause * 1.5, 2.0)
