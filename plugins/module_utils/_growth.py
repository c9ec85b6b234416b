# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The volumes of a set that grow: those of its StatefulSets, and of those that controllers make for its custom resources.

Of a set that was rendered before they grew, they stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from ansible_collections.longterm.metrics.plugins.module_utils import _claims, _stateful_set
from ansible_collections.longterm.metrics.plugins.module_utils._apply import Outcome
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import PATCH_MERGE, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Object, key_of
from ansible_collections.longterm.metrics.plugins.module_utils._parent import FIELD_MANAGER
from ansible_collections.longterm.metrics.plugins.module_utils._quantity import parse as parse_quantity

# What a controller began before it was paused is over by then; it may make a StatefulSet anew from what was declared before.
STARTED_SECONDS = 5.0


class Growth:
    """What has to grow, tried by a dry run: MetricsError where that cannot be.

    `items` are the objects of the set, `named` the claims of other StatefulSets as the option C(claims) of apply_set has them.
    """

    def __init__(self, cluster: Cluster, namespace: str, items: Iterable[Object], named: Iterable[Mapping[str, str]]) -> None:
        self.cluster = cluster
        self.namespace = namespace
        self.named = {_claims.claim_name(entry["template"], entry["stateful_set"]): entry for entry in named if entry["size"]}
        self.sizes = _stateful_set.claim_sizes(item for item in items if item["kind"] == "StatefulSet")
        if self.named:
            sizes = {name: entry["size"] for name, entry in self.named.items()}
            self.sizes[namespace] = self.sizes.get(namespace, {}) | sizes
        self.planned = self._grow(dry_run=True)

    def finish(self) -> list[Outcome]:
        """Raise the requests."""
        return self._grow(dry_run=False) if self.planned else []

    @contextmanager
    def controllers_away(self, paths: Mapping[str, str]) -> Iterator[None]:
        """Custom resources (paths by Kind/name) that may be changed meanwhile: the StatefulSets that are made for them are remade
        around their pods. By itself a controller would delete these as well.
        """
        grown = {outcome.key.name.rpartition("-")[0] for outcome in self.planned}
        entries = [entry for name, entry in self.named.items() if name in grown and entry["resource"] in paths]
        try:
            for entry in entries:
                self._pause(paths[entry["resource"]], True)
            yield
            sets = f"/apis/apps/v1/namespaces/{self.namespace}/statefulsets/"
            self._keep_away([sets + entry["stateful_set"] for entry in entries])
        finally:
            for entry in entries:
                self._pause(paths[entry["resource"]], None)

    def _keep_away(self, paths: list[str]) -> None:
        deadline = self.cluster.clock() + STARTED_SECONDS
        while paths and self.cluster.clock() < deadline:
            for path in paths:
                if live := self.cluster.find(path):
                    _stateful_set.orphan(self.cluster, path, live)
            self.cluster.sleep(0.5)

    def _grow(self, *, dry_run: bool) -> list[Outcome]:
        grown = [pair for at, sizes in self.sizes.items() for pair in _claims.grow(self.cluster, at, sizes, dry_run=dry_run)]
        return [Outcome(key_of(after), before, after) for before, after in grown]

    def _pause(self, path: str, paused: bool | None) -> None:
        parameters = {"fieldManager": FIELD_MANAGER}
        body = {"spec": {"paused": paused}}
        self.cluster.request("PATCH", path, params=parameters, body=body, content_type=PATCH_MERGE)


def keep(cluster: Cluster, namespace: str, items: Iterable[Object], named: Sequence[Mapping[str, str]]) -> list[str]:
    """Raise, in `items` themselves, what they ask for to what their volumes have by now; a line for each that was raised.

    `named` is the option C(claims) of apply_set: of a custom resource there, C(spec.storage.volumeClaimTemplate) is raised.
    """
    told: list[str] = []
    live: dict[str, dict[str, str]] = {}
    for item in items:
        for pattern, spec in _claimed(item, named):
            at = item["metadata"].get("namespace") or namespace
            if at not in live:
                live[at] = _claims.sizes(cluster, at)
            sizes = {name: size for name, size in live[at].items() if re.fullmatch(pattern, name)}
            largest = max(sizes, key=lambda name: parse_quantity(sizes[name]), default="")
            asked = _claims.requested({"spec": spec})
            if asked and largest and parse_quantity(sizes[largest]) > parse_quantity(asked):
                spec["resources"]["requests"]["storage"] = sizes[largest]
                told.append(
                    f"{key_of(item)} was rendered with {asked}, and PersistentVolumeClaim {at}/{largest} has {sizes[largest]} "
                    "by now: it stays so, as a volume never shrinks."
                )
    return told


def _claimed(item: Object, named: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, Object]]:
    """The claims of an object: a pattern of their names, and the spec that the object has for them."""
    name, spec = item["metadata"]["name"], item.get("spec") or {}
    if item["kind"] == "PersistentVolumeClaim":
        yield re.escape(name), spec
    elif item["kind"] == "StatefulSet":
        for template in spec.get("volumeClaimTemplates") or ():
            yield re.escape(_claims.claim_name(template["metadata"]["name"], name)) + r"-\d+", template["spec"]
    elif isinstance(storage := spec.get("storage"), Mapping) and (template := storage.get("volumeClaimTemplate")):
        for entry in named:
            if entry["resource"] == f"{item['kind']}/{name}":
                yield re.escape(_claims.claim_name(entry["template"], entry["stateful_set"])) + r"-\d+", template["spec"]
