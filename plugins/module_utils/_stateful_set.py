# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""StatefulSets whose volume claims changed: remade around their running pods, their volumes grown."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import PATCH_MERGE, ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._discovery import Resource
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key, Object
from ansible_collections.longterm.metrics.plugins.module_utils._quantity import parse as parse_quantity

GONE_SECONDS = 30.0


def refuses(error: ApiError, key: Key) -> bool:
    """Whether this is the API server's refusal of a change to a StatefulSet's immutable fields, and of nothing else."""
    words = "updates to statefulset spec"
    alone = all(words in (cause.get("message") or "") for cause in error.causes)
    return key.group_kind == ("apps", "StatefulSet") and error.code == 422 and words in error.api_message and alone


def orphan(cluster: Cluster, resource: Resource, live: Object) -> None:
    """Delete a StatefulSet without its pods; one of the same name and selector takes them over."""
    metadata = live["metadata"]
    path = resource.path(metadata["namespace"], metadata["name"])
    body = {"propagationPolicy": "Orphan", "preconditions": {"uid": metadata["uid"]}}
    cluster.request("DELETE", path, body=body)
    deadline = cluster.clock() + GONE_SECONDS
    while cluster.find(path) is not None:
        if cluster.clock() > deadline:
            raise MetricsError(f"StatefulSet {metadata['namespace']}/{metadata['name']} was not gone after {GONE_SECONDS:.0f} s.")
        cluster.sleep(0.2)


def grow_volumes(cluster: Cluster, item: Object, *, dry_run: bool = False) -> None:
    """Raise the requests of the claims a StatefulSet made to what its templates now ask for; none is ever lowered."""
    metadata = item["metadata"]
    templates = item["spec"].get("volumeClaimTemplates") or ()
    wanted = {template["metadata"]["name"]: str(size) for template in templates if (size := _storage(template))}
    if not wanted:
        return
    path = f"/api/v1/namespaces/{metadata['namespace']}/persistentvolumeclaims"
    for claim in cluster.list(path):
        name = claim["metadata"]["name"]
        template = re.fullmatch(rf"(.+)-{re.escape(metadata['name'])}-\d+", name)
        size = wanted.get(template.group(1)) if template else None
        if size and parse_quantity(size) > parse_quantity(_storage(claim)):
            body = {"spec": {"resources": {"requests": {"storage": size}}}}
            try:
                parameters = {"dryRun": "All"} if dry_run else None
                cluster.request("PATCH", f"{path}/{name}", params=parameters, body=body, content_type=PATCH_MERGE)
            except ApiError as error:
                raise MetricsError(
                    f"PersistentVolumeClaim {metadata['namespace']}/{name} cannot grow to {size}: {error.api_message}. "
                    "Set the size back, or move the data to a class with allowVolumeExpansion."
                ) from error


def _storage(claim: Object) -> Any:
    return ((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage")
