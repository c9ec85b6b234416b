# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A set of objects made as declared: Namespaces, CRDs, then the rest. Nothing is removed here (see _prune)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext

from ansible_collections.longterm.metrics.plugins.module_utils import _lock, _secret_digests, _stateful_set
from ansible_collections.longterm.metrics.plugins.module_utils._apply import Outcome, declare, patch, refusal
from ansible_collections.longterm.metrics.plugins.module_utils._changes import Changes
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._discovery import Discovery, Resource
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._growth import Growth
from ansible_collections.longterm.metrics.plugins.module_utils._membership import (
    Membership,
    at_once,
    find_outside,
    list_live,
    resources_of,
)
from ansible_collections.longterm.metrics.plugins.module_utils._objects import (
    CRD,
    KEEP,
    KEPT_KINDS,
    NAMESPACE,
    Key,
    Object,
    check_objects,
    digest,
    group_of,
    is_prunable,
    key_of,
    wave,
)
from ansible_collections.longterm.metrics.plugins.module_utils._ownership import is_settled, managers, refuse_singletons_of_others
from ansible_collections.longterm.metrics.plugins.module_utils._parent import PART_OF, Parent
from ansible_collections.longterm.metrics.plugins.module_utils._status import is_established

# An API server that was restarted meanwhile looks at its CRDs again only after five minutes.
ESTABLISHED_SECONDS = 360.0
FIRST_WAVES = (0, 1)


class ApplySet:
    """One run over one set."""

    def __init__(self, cluster: Cluster, name: str, namespace: str, *, force: bool, check: bool, lock_timeout: float) -> None:
        self.cluster = cluster
        self.parent = Parent(name, namespace)
        self.force = force
        self.check = check
        self.lock_timeout = lock_timeout
        self.changes = Changes()

    def apply(self, objects: list[Object], claims: Iterable[Mapping[str, str]] = ()) -> Changes:
        """Make the cluster match; for `claims` see _growth. Bad input is found before anything is written."""
        check_objects(objects)
        discovery = Discovery.read(self.cluster).with_crds(objects)
        wanted = self._prepare(objects, discovery)
        # Reading the parent refuses sets of other tools before anything is written.
        self.parent = Parent.read(self.cluster, self.parent.name, self.parent.namespace)
        growth = Growth(self.cluster, self.parent.namespace, (item for _resource, item in wanted.values()), claims)
        self._make_namespace(wanted)
        with self._locked() as self.parent:
            resources = {key: resource for key, (resource, _item) in wanted.items() if resource}
            kinds = self.parent.group_kinds | {key.group_kind for key in wanted}
            live = list_live(self.cluster, resources_of(discovery, kinds, resources.values()), self._reach(wanted))
            membership = find_outside(self.cluster, resources, live)
            refuse_singletons_of_others({key: item for key, (_resource, item) in wanted.items()}, membership.outside)
            self._tell_adopted(membership)
            wanted = {key: (resource, self._settled(key, item, membership)) for key, (resource, item) in wanted.items()}
            with growth.controllers_away({} if self.check else self._live_paths(wanted, membership)):
                self._apply_waves(wanted, membership)
            self.changes.outcomes += growth.planned if self.check else growth.finish()
            self.changes.leftovers = [key for key in live if key not in wanted and is_prunable(live[key])]
        return self.changes

    def _prepare(self, objects: Iterable[Object], discovery: Discovery) -> dict[Key, tuple[Resource | None, Object]]:
        """Copies that carry the set's marks, each with its resource; None where check mode meets a kind yet to come."""
        wanted: dict[Key, tuple[Resource | None, Object]] = {}
        for original in objects:
            metadata = {**original["metadata"]}
            item = {**original, "metadata": metadata}
            resource: Resource | None
            try:
                resource = discovery.need(item)
            except MetricsError as error:
                group = group_of(item["apiVersion"])
                if not self.check or group in discovery.unavailable or discovery.preferred(group, item["kind"]):
                    raise
                resource = None
                self.changes.warnings.append(f"{error.message} In check mode it is taken to come.")
            if resource is None or resource.namespaced:
                metadata.setdefault("namespace", self.parent.namespace)
            else:
                metadata.pop("namespace", None)
            metadata["labels"] = {**(metadata.get("labels") or {}), PART_OF: self.parent.id}
            key = key_of(item)
            if key in wanted:
                raise MetricsError(f"{key} stands twice in the set, once with its namespace and once without; take one out.")
            if key == Key("", "ConfigMap", self.parent.namespace, self.parent.name):
                raise MetricsError(f"{key} would be written over the set's own parent, which has that name; give it another.")
            if key.group_kind in KEPT_KINDS:
                metadata["annotations"] = {**(metadata.get("annotations") or {}), KEEP: "true"}
            wanted[key] = (resource, item)
        return wanted

    def _live_paths(self, wanted: Mapping[Key, tuple[Resource | None, Object]], membership: Membership) -> dict[str, str]:
        """The paths of those that stand there already, by Kind/name."""
        there = {key: resource for key, (resource, _item) in wanted.items() if resource and membership.existing(key)}
        return {f"{key.kind}/{key.name}": resource.path(key.namespace, key.name) for key, resource in there.items()}

    def _make_namespace(self, wanted: dict[Key, tuple[Resource | None, Object]]) -> None:
        """The set's own namespace must stand before its parent can; the set itself may be what makes it."""
        if self.check or self.parent.exists or self.cluster.find(f"/api/v1/namespaces/{self.parent.namespace}"):
            return
        entry = wanted.get(Key(*NAMESPACE, "", self.parent.namespace))
        if not entry or not entry[0]:
            raise MetricsError(
                f"Namespace {self.parent.namespace} does not exist on {self.cluster.server}. "
                "Make it before (role longterm.metrics.namespace), or put it into the set."
            )
        self.changes.outcomes.append(declare(self.cluster, entry[0], entry[1], None, force=self.force, dry_run=False))

    def _locked(self) -> AbstractContextManager[Parent]:
        if self.check:
            return nullcontext(self.parent)
        if not self.parent.exists:
            self.parent.create(self.cluster)
        return _lock.hold(self.cluster, self.parent, self.lock_timeout)

    def _reach(self, wanted: Iterable[Key]) -> Parent:
        """The parent as it names what was there and what will be: until the old is pruned, both are ours to find."""
        return self.parent.with_members(
            self.parent.members | dict.fromkeys(wanted, ""), self.parent.group_kinds, self.parent.namespaces
        )

    def _tell_adopted(self, membership: Membership) -> None:
        for key, item in membership.outside.items():
            origin = membership.moved_from.get(key)
            self.changes.adopted.append({"object": str(key), "managers": managers(item), **({"set": origin} if origin else {})})

    def _settled(self, key: Key, item: Object, membership: Membership) -> Object:
        existing = membership.existing(key)
        adopted = key in membership.outside and key not in membership.moved_from
        return _secret_digests.without_restart(item, existing, adopted=adopted) if existing else item

    def _apply_waves(self, wanted: dict[Key, tuple[Resource | None, Object]], membership: Membership) -> None:
        done = {outcome.key for outcome in self.changes.outcomes}
        digests = {key: digest(item) for key, (_resource, item) in wanted.items()}
        waves: dict[int, list[Key]] = {}
        for key in sorted(wanted, key=wave):
            waves.setdefault(wave(key), []).append(key)
        settled = {key: live for key in wanted if (live := membership.existing(key)) and is_settled(wanted[key][1], live)}

        def apply_one(key: Key) -> Outcome:
            resource, item = wanted[key]
            if resource is None:
                return Outcome(key, None, item)
            before, options = membership.existing(key), {"force": self.force, "dry_run": self.check}
            return declare(self.cluster, resource, item, before, **options)

        def apply_wave(keys: list[Key]) -> None:
            self.changes.outcomes += [Outcome(key, settled[key], settled[key]) for key in keys if key in settled]
            self.changes.outcomes += at_once(apply_one, [key for key in keys if key not in settled])

        for number in FIRST_WAVES:
            apply_wave([key for key in waves.pop(number, []) if key not in done])
        self._wait_established([key for key in wanted if key.group_kind == CRD])
        known = self.parent.members
        if not self.check:
            fresh = [
                key
                for keys in waves.values()
                for key in keys
                if (not digests[key] or known.get(key) != digests[key] or not self.force) and key not in settled
            ]
            self._validate([(resource, item) for resource, item in map(wanted.__getitem__, fresh) if resource])
            before = (self.parent.members, self.parent.group_kinds, self.parent.namespaces)
            self.parent = self.parent.with_members(digests, self.parent.group_kinds, self.parent.namespaces)
            if before != (self.parent.members, self.parent.group_kinds, self.parent.namespaces):
                self.parent.write(self.cluster)
        for keys in waves.values():
            apply_wave(keys)

    def _validate(self, entries: list[tuple[Resource, Object]]) -> None:
        """Dry-run what is new or declared anew, so that one bad object leaves all the others as they are."""

        def validate(entry: tuple[Resource, Object]) -> None:
            resource, item = entry
            try:
                patch(self.cluster, resource, item, force=self.force, dry_run=True)
            except ApiError as error:
                if not _stateful_set.refuses(error, key_of(item)):
                    raise refusal(self.cluster, key_of(item), error) from error

        at_once(validate, entries)

    def _wait_established(self, keys: list[Key]) -> None:
        """Wait until the API server serves the kinds of the set's CRDs."""
        if self.check or not keys:
            return
        deadline = self.cluster.clock() + ESTABLISHED_SECONDS
        fresh = {o.key: o.after for o in self.changes.outcomes if o.key in keys}
        waiting = [key for key in keys if not is_established(fresh[key])]
        while waiting:
            if self.cluster.clock() > deadline:
                raise MetricsError(
                    f"{', '.join(map(str, waiting))}: not Established after {ESTABLISHED_SECONDS:.0f} s; see its conditions."
                )
            self.cluster.sleep(0.2)
            path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
            waiting = [key for key in waiting if not is_established(self.cluster.find(path + key.name) or {})]
