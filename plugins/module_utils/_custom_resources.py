# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom resource definitions, and whose an object is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Object = Mapping[str, Any]

PART_OF = "applyset.kubernetes.io/part-of"
MANAGED_BY = "app.kubernetes.io/managed-by"
HELM_NAME, HELM_NAMESPACE = "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"
OPERATOR_VERSION = "operator.prometheus.io/version"


def definitions(crds: Iterable[Object], groups: Object, wanted: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """The CRDs (PartialObjectMetadata), by name; their versions are those served by the APIGroupDiscoveryList `groups`."""
    served: dict[str, list[tuple[str, str]]] = {}
    for group in groups.get("items") or ():
        for version in group.get("versions") or ():
            for resource in version.get("resources") or ():
                name = f"{resource['resource']}.{group['metadata']['name']}"
                served.setdefault(name, []).append((version["version"], (resource.get("responseKind") or {}).get("kind", "")))
    limit, found = set(wanted or ()), []
    for item in crds:
        metadata = item["metadata"]
        versions, group = served.get(metadata["name"], []), metadata["name"].partition(".")[2]
        if not limit or group in limit:
            found.append(
                {
                    "name": metadata["name"],
                    "group": group,
                    "kind": versions[0][1] if versions else "",
                    "versions": [version for version, _kind in versions],
                    "release": (metadata.get("annotations") or {}).get(OPERATOR_VERSION),
                    "owner": owner_of(metadata),
                }
            )
    return sorted(found, key=lambda entry: entry["name"])


def owner_of(metadata: Object) -> dict[str, Any]:
    """By what an object says it is managed; `managers` are the field managers, without those of its status."""
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    release = [annotations[name] for name in (HELM_NAMESPACE, HELM_NAME) if annotations.get(name)]
    managers = {entry["manager"] for entry in metadata.get("managedFields") or () if not entry.get("subresource")}
    return {
        "applyset": labels.get(PART_OF),
        "helm_release": "/".join(release) or None,
        "managed_by": labels.get(MANAGED_BY),
        "managers": sorted(managers),
    }
