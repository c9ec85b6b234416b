# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The releases that Helm keeps on a cluster, told by the labels of its Secrets; what these hold is not read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster

FORBIDDEN = 403


def read(cluster: Cluster) -> list[dict[str, Any]] | None:
    """The newest revision of each release, by namespace and name; None where Secrets of all namespaces may not be listed."""
    try:
        return newest(cluster.list("/api/v1/secrets", metadata_only=True, labelSelector="owner=helm"))
    except ApiError as error:
        if error.code != FORBIDDEN:
            raise
        return None


def newest(secrets: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for secret in secrets:
        metadata = secret["metadata"]
        labels = metadata["labels"]
        place, revision = (metadata["namespace"], labels["name"]), int(labels["version"])
        if place not in found or found[place]["revision"] < revision:
            found[place] = {"name": place[1], "namespace": place[0], "revision": revision, "status": labels["status"]}
    return [found[place] for place in sorted(found)]
