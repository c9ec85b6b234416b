# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parent of a set: a ConfigMap that names its members, after KEP-3659 (applyset.kubernetes.io)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import PATCH_APPLY, ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key

ID_LABEL = "applyset.kubernetes.io/id"
PART_OF = "applyset.kubernetes.io/part-of"
TOOLING = "applyset.kubernetes.io/tooling"
GROUP_KINDS = "applyset.kubernetes.io/contains-group-kinds"
NAMESPACES = "applyset.kubernetes.io/additional-namespaces"
OURS = "longterm.metrics"
TOOL_VERSION = f"{OURS}/v1"
FIELD_MANAGER = "longterm-metrics"

GroupKind = tuple[str, str]


def set_id(name: str, namespace: str) -> str:
    """The id of the set whose parent is ConfigMap `namespace`/`name` (KEP-3659: name.namespace.kind.group, hashed)."""
    digest = hashlib.sha256(f"{name}.{namespace}.ConfigMap.".encode()).digest()
    return f"applyset-{base64.urlsafe_b64encode(digest).decode().rstrip('=')}-v1"


@dataclass
class Parent:
    """What a parent says: its members with a hash of what was declared of each, and where members may be."""

    name: str
    namespace: str
    members: dict[Key, str] = field(default_factory=dict)
    group_kinds: set[GroupKind] = field(default_factory=set)
    namespaces: set[str] = field(default_factory=set)
    exists: bool = False

    @property
    def id(self) -> str:
        return set_id(self.name, self.namespace)

    @property
    def path(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/configmaps/{self.name}"

    @classmethod
    def read(cls, cluster: Cluster, name: str, namespace: str) -> Parent:
        """The parent as it stands, empty when there is none. MetricsError when another tool owns it."""
        found = cluster.find(cls(name, namespace).path)
        return cls.of(cluster, found) if found else cls(name, namespace)

    @classmethod
    def of(cls, cluster: Cluster, found: Mapping[str, Any]) -> Parent:
        """What a ConfigMap of `cluster` says. MetricsError when another tool owns it."""
        name, namespace = found["metadata"]["name"], found["metadata"]["namespace"]
        annotations = found["metadata"].get("annotations") or {}
        tooling = annotations.get(TOOLING, "")
        if not tooling.startswith(f"{OURS}/"):
            raise MetricsError(
                f"ConfigMap {namespace}/{name} of {cluster.server} is no set of ours: its {TOOLING} is {tooling or 'missing'!r}. "
                "Choose another name for the set, or remove the ConfigMap."
            )
        parent = cls(name, namespace, exists=True)
        parent.group_kinds = {_group_kind(text) for text in annotations.get(GROUP_KINDS, "").split(",") if text}
        parent.namespaces = {text for text in annotations.get(NAMESPACES, "").split(",") if text} | {namespace}
        for text, digest in json.loads((found.get("data") or {}).get("members") or "{}").items():
            group, kind, place, member = text.split("/")
            parent.members[Key(group, kind, place, member)] = digest
        return parent

    def with_members(self, members: Mapping[Key, str], also: Iterable[GroupKind] = (), also_in: Iterable[str] = ()) -> Parent:
        """A parent of these members; `also` and `also_in` stay named while leftovers may be there."""
        kinds = {key.group_kind for key in members} | set(also)
        namespaces = {key.namespace for key in members if key.namespace} | set(also_in) | {self.namespace}
        return Parent(self.name, self.namespace, dict(members), kinds, namespaces, self.exists)

    def create(self, cluster: Cluster) -> None:
        """Make the parent unless it is there: of two runs at once, the later must not empty what the first wrote."""
        try:
            path = f"/api/v1/namespaces/{self.namespace}/configmaps"
            cluster.request("POST", path, params={"fieldManager": FIELD_MANAGER}, body=self._body())
        except ApiError as error:
            if error.code != 409:
                raise
        self.exists = True

    def write(self, cluster: Cluster) -> None:
        parameters = {"fieldManager": FIELD_MANAGER, "force": "true"}
        cluster.request("PATCH", self.path, params=parameters, body=self._body(), content_type=PATCH_APPLY)
        self.exists = True

    def _body(self) -> dict[str, Any]:
        return {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": self.name,
                "namespace": self.namespace,
                "labels": {ID_LABEL: self.id},
                "annotations": {
                    TOOLING: TOOL_VERSION,
                    GROUP_KINDS: ",".join(sorted(f"{kind}.{group}" if group else kind for group, kind in self.group_kinds)),
                    NAMESPACES: ",".join(sorted(self.namespaces - {self.namespace})),
                },
            },
            "data": {"members": json.dumps({"/".join(key): self.members[key] for key in sorted(self.members)}, indent=0)},
        }


def sets_of_ours(cluster: Cluster, ids: Iterable[str]) -> dict[str, str]:
    """Which of these set ids have a parent of ours: id to "namespace/name"."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    selector = f"{ID_LABEL} in ({','.join(wanted)})"
    found: dict[str, str] = {}
    for item in cluster.list("/api/v1/configmaps", metadata_only=True, labelSelector=selector):
        metadata: dict[str, Any] = item["metadata"]
        if (metadata.get("annotations") or {}).get(TOOLING, "").startswith(f"{OURS}/"):
            found[metadata["labels"][ID_LABEL]] = f"{metadata['namespace']}/{metadata['name']}"
    return found


def _group_kind(text: str) -> GroupKind:
    kind, _dot, group = text.partition(".")
    return group, kind
