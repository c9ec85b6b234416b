# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""StatefulSets whose volume claims changed: remade around their running pods."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ansible_collections.longterm.metrics.plugins.module_utils._claims import claim_name, requested
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key, Object

GONE_SECONDS = 30.0


def keep_replicas(
    cluster: Cluster, namespace: str, objects: Iterable[Object], names: Collection[str]
) -> tuple[list[Object], list[str]]:
    """Keep the live replicas of these StatefulSets where the set has fewer. Return the objects and which those are."""
    made, held = [], []
    for item in objects:
        name = item["metadata"]["name"]
        live = None
        if item["kind"] == "StatefulSet" and name in names:
            live = cluster.find(f"/apis/apps/v1/namespaces/{namespace}/statefulsets/{name}")
        if live and live["spec"]["replicas"] > item["spec"].get("replicas", 1):
            item = {**item, "spec": {**item["spec"], "replicas": live["spec"]["replicas"]}}
            held.append(str(Key("apps", "StatefulSet", namespace, name)))
        made.append(item)
    return made, held


def refuses(error: ApiError, key: Key) -> bool:
    """Whether this is the API server's refusal of a change to a StatefulSet's immutable fields, and of nothing else."""
    words = "updates to statefulset spec"
    alone = all(words in (cause.get("message") or "") for cause in error.causes)
    return key.group_kind == ("apps", "StatefulSet") and error.code == 422 and words in error.api_message and alone


def orphan(cluster: Cluster, path: str, live: Object) -> None:
    """Delete a StatefulSet without its pods; one of the same name and selector takes them over."""
    metadata = live["metadata"]
    body = {"propagationPolicy": "Orphan", "preconditions": {"uid": metadata["uid"]}}
    cluster.request("DELETE", path, body=body)
    deadline = cluster.clock() + GONE_SECONDS
    # A controller may have made it anew already.
    while (cluster.find(path) or {"metadata": {}})["metadata"].get("uid") == metadata["uid"]:
        if cluster.clock() > deadline:
            raise MetricsError(f"StatefulSet {metadata['namespace']}/{metadata['name']} was not gone after {GONE_SECONDS:.0f} s.")
        cluster.sleep(0.2)


def claim_sizes(items: Iterable[Object]) -> dict[str, dict[str, str]]:
    """What the claims that StatefulSets make ask for: by namespace, and by their names without the number at their end."""
    sizes: dict[str, dict[str, str]] = {}
    for item in items:
        for template in item["spec"].get("volumeClaimTemplates") or ():
            name = claim_name(template["metadata"]["name"], item["metadata"]["name"])
            if size := requested(template):
                sizes.setdefault(item["metadata"]["namespace"], {})[name] = size
    return sizes
