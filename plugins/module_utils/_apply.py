# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One object made as declared, by server-side apply."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _stateful_set
from ansible_collections.longterm.metrics.plugins.module_utils._claims import ADVICE as CLAIM_ADVICE
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import PATCH_APPLY, ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._discovery import Resource
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key, Object, key_of, normalize
from ansible_collections.longterm.metrics.plugins.module_utils._ownership import taken_back
from ansible_collections.longterm.metrics.plugins.module_utils._parent import FIELD_MANAGER


@dataclass
class Outcome:
    """An object before and after; `before` is None for a new one. `lost` are the fields each other manager lost."""

    key: Key
    before: Object | None
    after: Object
    lost: dict[str, list[str]] = field(default_factory=dict)
    recreated: bool = False

    @property
    def created(self) -> bool:
        return self.before is None

    @property
    def changed(self) -> bool:
        return self.before is None or self.recreated or normalize(self.before) != normalize(self.after)


def declare(
    cluster: Cluster,
    resource: Resource,
    item: Object,
    before: Object | None,
    *,
    force: bool,
    dry_run: bool,
) -> Outcome:
    """Apply one object, and tell what that did.

    MetricsError says which field or manager is in the way.
    """
    key = key_of(item)
    recreated = False
    try:
        after = patch(cluster, resource, item, force=force, dry_run=dry_run)
    except ApiError as error:
        if before is None and dry_run and error.code == 404:
            return Outcome(key, None, item)
        if before is None or not _stateful_set.refuses(error, key):
            raise refusal(cluster, key, error) from error
        recreated = True
        if dry_run:
            return Outcome(key, before, item, recreated=True)
        _stateful_set.orphan(cluster, resource.path(key.namespace, key.name), before)
        after = patch(cluster, resource, item, force=force, dry_run=False)
    lost = taken_back(before, after) if before is not None and not recreated else {}
    return Outcome(key, before, after, lost, recreated)


def patch(cluster: Cluster, resource: Resource, item: Object, *, force: bool, dry_run: bool) -> Object:
    """The request itself (kubernetes.io: server-side apply); unknown and duplicate fields are refused by the server."""
    parameters: dict[str, Any] = {"fieldManager": FIELD_MANAGER, "fieldValidation": "Strict", "force": str(force).lower()}
    if dry_run:
        parameters["dryRun"] = "All"
    path = resource.path(item["metadata"].get("namespace", ""), item["metadata"]["name"])
    answer: Object = cluster.request("PATCH", path, params=parameters, body=item, content_type=PATCH_APPLY)
    return answer


def refusal(cluster: Cluster, key: Key, error: ApiError) -> MetricsError:
    """A refusal of the API server in words that name the object, the field and the way on."""
    conflicts = [cause for cause in error.causes if cause.get("reason") == "FieldManagerConflict"]
    if conflicts:
        fields = ", ".join(f"{cause.get('field')} ({cause.get('message')})" for cause in conflicts)
        advice = "Leave these fields out, or set force_conflicts: true to take them."
        return MetricsError(f"{key} on {cluster.server}: other managers own fields that we declare: {fields}. {advice}")
    if error.code == 422 and "immutable" in error.api_message:
        advice = "Give the object another name (for a Job, one that carries a hash of it), or delete it first."
        return MetricsError(f"{key} on {cluster.server}: a field cannot be changed once set: {error.api_message} {advice}")
    if key.kind == "PersistentVolumeClaim" and error.code in (403, 422):
        return MetricsError(f"{key} on {cluster.server}: {error.api_message}. {CLAIM_ADVICE}")
    if "unknown field" in error.api_message or "field not declared in schema" in error.api_message:
        return MetricsError(f"{key} on {cluster.server}: {error.api_message}. Correct the field's name or its place.")
    return MetricsError(f"{key} on {cluster.server}: {error.code} {error.reason}: {error.api_message}")
