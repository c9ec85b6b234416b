# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for many sets at once: one deadline, one LIST per kind and look, and an early end when pods say why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._discovery import Discovery
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._membership import list_live, resources_of
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key, Object
from ansible_collections.longterm.metrics.plugins.module_utils._parent import GroupKind, Parent
from ansible_collections.longterm.metrics.plugins.module_utils._pods import ends, selector_of, troubles, unscheduled
from ansible_collections.longterm.metrics.plugins.module_utils._status import Conditions, Status, status_of

# Seconds between two looks, whatever is asked for: less would only load the API server.
LEAST_SLEEP = 0.2

MISSING = Status(False, "is missing; apply its set again")


@dataclass
class Waiting:
    """What a look at the sets found: the objects that are not ready, with their status and their state."""

    pending: dict[Key, tuple[Status, Object | None]] = field(default_factory=dict)

    def in_words(self) -> str:
        return "; ".join(f"{key} {status.words}" for key, (status, _item) in self.pending.items())


class Rollout:
    """One wait over sets. `grace` are the seconds a pod may be stuck, or an object failed, before that counts.

    Kinds that are `unseen` are neither read nor waited for.
    """

    def __init__(
        self,
        cluster: Cluster,
        parents: Iterable[Parent],
        conditions: Conditions,
        *,
        sleep: float,
        grace: float,
        unseen: Collection[GroupKind] = (),
    ) -> None:
        self.cluster = cluster
        self.parents = list(parents)
        self.conditions = conditions
        self.sleep = max(sleep, LEAST_SLEEP)
        self.grace = grace
        self.unseen = set(unseen)
        self._stuck_since: dict[str, float] = {}
        self._discovery = Discovery.read(cluster)

    def wait(self, timeout: float) -> dict[str, dict[Key, Object]]:
        """Return each set's live objects once all of its members are ready; MetricsError when that is not to be."""
        deadline = self.cluster.clock() + timeout
        pause = self.sleep / 4
        live = {parent.id: self._live(parent, parent.group_kinds - self.unseen) for parent in self.parents}
        while True:
            waiting = self._look(live)
            if not waiting.pending:
                return live
            self._give_up_early(waiting)
            if self.cluster.clock() + pause > deadline:
                raise self._timed_out(waiting, timeout)
            self.cluster.sleep(pause)
            pause = min(pause * 2, self.sleep)
            for parent in self.parents:
                kinds = {key.group_kind for key in waiting.pending if key in parent.members}
                settled = {key: item for key, item in live[parent.id].items() if key.group_kind not in kinds}
                live[parent.id] = settled | self._live(parent, kinds)

    def _live(self, parent: Parent, kinds: Iterable[GroupKind]) -> dict[Key, Object]:
        return list_live(self.cluster, resources_of(self._discovery, kinds), parent)

    def _look(self, live: dict[str, dict[Key, Object]]) -> Waiting:
        waiting = Waiting()
        for parent in self.parents:
            for key in (key for key in parent.members if key.group_kind not in self.unseen):
                item = live[parent.id].get(key)
                status = status_of(key, item, self.conditions) if item else MISSING
                if not status.ready:
                    waiting.pending[key] = (status, item)
        if any(item is None for _status, item in waiting.pending.values()):
            # A kind whose CRD came after the first look is not in the discovery read then.
            self._discovery = Discovery.read(self.cluster)
        return waiting

    def _pods_of(self, waiting: Waiting) -> Iterable[Object]:
        for namespace, selector in {
            (key.namespace, selector)
            for key, (_status, item) in waiting.pending.items()
            if item and key.namespace and (selector := selector_of(item))
        }:
            pods = self.cluster.list(f"/api/v1/namespaces/{namespace}/pods", labelSelector=selector)
            # The trouble of a pod that is going away is over; the kubelet may take minutes, as while it tries to pull an image.
            yield from (pod for pod in pods if not pod["metadata"].get("deletionTimestamp"))

    def _give_up_early(self, waiting: Waiting) -> None:
        now = self.cluster.clock()
        stuck = {str(key): f"{key} {status.words}" for key, (status, _item) in waiting.pending.items() if status.failed}
        for pod in self._pods_of(waiting):
            for reason, words in troubles(pod):
                # A pull error alternates between two reasons; it is one trouble with one beginning.
                stuck[f"{pod['metadata']['uid']} {'Image' if 'Image' in reason else reason}"] = words
        self._stuck_since = {trouble: self._stuck_since.get(trouble, now) for trouble in stuck}
        lasting = [words for trouble, words in stuck.items() if now - self._stuck_since[trouble] >= self.grace]
        # A Job that failed stays failed; its pods say why.
        jobs = {key: entry for key, entry in waiting.pending.items() if key.kind == "Job" and entry[0].failed}
        if jobs:
            lasting = [f"{key} {status.words}" for key, (status, _item) in jobs.items()]
            lasting += [words for pod in self._pods_of(Waiting(jobs)) for words in ends(pod)]
        if lasting:
            raise MetricsError(
                f"The rollout on {self.cluster.server} cannot succeed: {'; '.join(lasting)}. Still waited for: "
                f"{waiting.in_words()}. Nothing was pruned; correct it and run again."
            )

    def _timed_out(self, waiting: Waiting, timeout: float) -> MetricsError:
        said = [words for pod in self._pods_of(waiting) for words in (unscheduled(pod), *(w for _r, w in troubles(pod))) if words]
        pods = f" Pods: {'; '.join(said)}." if said else ""
        return MetricsError(
            f"Not ready on {self.cluster.server} after {timeout:.0f} s: {waiting.in_words()}.{pods} Nothing was pruned; see "
            "these objects' events, or raise wait_timeout."
        )
