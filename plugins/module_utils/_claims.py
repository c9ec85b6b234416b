# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PersistentVolumeClaims that a controller made, one for each replica: their requests follow the size that is asked for.

https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import PATCH_MERGE, ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Object
from ansible_collections.longterm.metrics.plugins.module_utils._quantity import parse as parse_quantity

ADVICE = "Set the size back, or move the data to a class with allowVolumeExpansion."


def grow(cluster: Cluster, namespace: str, sizes: Mapping[str, str], *, dry_run: bool) -> list[tuple[Object, Object]]:
    """Raise requests to `sizes`, which are by the claims' names without the number at their end; before and after of each.

    MetricsError for one that is larger than asked for, or cannot grow.
    """
    path = f"/api/v1/namespaces/{namespace}/persistentvolumeclaims"
    kind = {"apiVersion": "v1", "kind": "PersistentVolumeClaim"}
    claims = [({**kind, **claim}, size) for claim in cluster.list(path) if (size := _size_of(claim, sizes))]
    growing = [(claim, size) for claim, size in claims if _is_smaller(claim, size)]
    return [(claim, _patch(cluster, path, claim, size, dry_run)) for claim, size in growing]


def sizes(cluster: Cluster, namespace: str) -> dict[str, str]:
    """What the claims of a namespace ask for, by their names."""
    found = cluster.list(f"/api/v1/namespaces/{namespace}/persistentvolumeclaims")
    return {claim["metadata"]["name"]: size for claim in found if (size := requested(claim))}


def claim_name(template: str, stateful_set: str) -> str:
    """What Kubernetes calls the claims that a StatefulSet makes of a template, without the number at their end."""
    return f"{template}-{stateful_set}"


def requested(claim: Object) -> Any:
    """The storage that a claim, or a template of claims, asks for; None where it says nothing."""
    return ((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage")


def _size_of(claim: Object, sizes: Mapping[str, str]) -> str | None:
    numbered = re.fullmatch(r"(.+)-\d+", claim["metadata"]["name"])
    return sizes.get(numbered.group(1)) if numbered else None


def _is_smaller(claim: Object, size: str) -> bool:
    there, asked = parse_quantity(requested(claim)), parse_quantity(size)
    if asked < there:
        raise MetricsError(
            f"{_name(claim)} has {requested(claim)}, and {size} is asked for: a volume never shrinks. "
            f"Set the size to {requested(claim)}, or remove the claim and what is on it."
        )
    return asked > there


def _patch(cluster: Cluster, path: str, claim: Object, size: str, dry_run: bool) -> Object:
    body = {"spec": {"resources": {"requests": {"storage": size}}}}
    parameters = {"dryRun": "All"} if dry_run else None
    try:
        patched: Object = cluster.request(
            "PATCH", f"{path}/{claim['metadata']['name']}", params=parameters, body=body, content_type=PATCH_MERGE
        )
    except ApiError as error:
        raise MetricsError(f"{_name(claim)} cannot grow to {size}: {error.api_message}. {ADVICE}") from error
    return patched


def _name(claim: Object) -> str:
    return f"PersistentVolumeClaim {claim['metadata']['namespace']}/{claim['metadata']['name']}"
