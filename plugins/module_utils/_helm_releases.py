# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The releases that Helm keeps on a cluster, told by the labels of its Secrets; what these hold is read of one alone."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster

FORBIDDEN = 403


def read(cluster: Cluster, asked: str = "") -> list[dict[str, Any]] | None:
    """The newest revision of each release, by namespace and name; None where Secrets may not be listed.

    `asked` is the namespace and name of the one that is looked into. Who may list the Secrets of all namespaces is told of all
    releases, who may do so in the namespace of that one of those there.
    """
    namespace, _slash, name = asked.partition("/")
    for place in ("", f"/namespaces/{namespace}") if asked else ("",):
        try:
            found = newest(cluster.list(f"/api/v1{place}/secrets", metadata_only=True, labelSelector="owner=helm"))
        except ApiError as error:
            if error.code != FORBIDDEN:
                raise
            continue
        for release in found:
            if (release["namespace"], release["name"]) == (namespace, name):
                secret = cluster.find(f"/api/v1/namespaces/{namespace}/secrets/sh.helm.release.v1.{name}.v{release['revision']}")
                release["part_of"] = part_of(secret) if secret else None
        return found
    return None


def newest(secrets: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for secret in secrets:
        metadata = secret["metadata"]
        labels = metadata["labels"]
        place, revision = (metadata["namespace"], labels["name"]), int(labels["version"])
        if place not in found or found[place]["revision"] < revision:
            found[place] = {"name": place[1], "namespace": place[0], "revision": revision, "status": labels["status"]}
            found[place]["part_of"] = None
    return [found[place] for place in sorted(found)]


def part_of(secret: Mapping[str, Any]) -> str:
    """What charts say by the label app.kubernetes.io/part-of: the value nameOverride, or else the name of the chart."""
    release = json.loads(gzip.decompress(b64decode(b64decode(secret["data"]["release"]))))
    return str((release.get("config") or {}).get("nameOverride") or release["chart"]["metadata"]["name"])
