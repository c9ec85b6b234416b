# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kubernetes objects as data: reading, naming, ordering, comparing and showing them."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ansible_collections.longterm.metrics.plugins.module_utils import _yaml
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

Object = dict[str, Any]

NAMESPACE = ("", "Namespace")
CRD = ("apiextensions.k8s.io", "CustomResourceDefinition")
VOLUME_CLAIM = ("", "PersistentVolumeClaim")
KEPT_KINDS = (NAMESPACE, CRD, VOLUME_CLAIM)
# What the data of a ConfigMap or a Secret may be (core validation, MaxSecretSize).
LARGEST = 1024 * 1024
KEEP = "longterm.metrics/keep"

# What must stand before the rest is applied, so that nothing starts without its configuration or permissions.
_SETTLED_FIRST = {"Secret", "ConfigMap", "PersistentVolumeClaim", "StorageClass", "PriorityClass"}
_SETTLED_FIRST |= {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "ResourceQuota", "LimitRange"}
# The cluster deletes a token's Secret whose ServiceAccount does not exist yet.
_ACCOUNT = ("", "ServiceAccount")
# What sends API requests to workloads comes after them.
_LAST = {"APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}

# The place in that order of what runs pods.
WORKLOADS = 4

# What `kubectl apply` leaves holds the whole object, a Secret's values too.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_SERVER_FIELDS = ("managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink")


class Key(NamedTuple):
    """The identity of an object in a cluster; the version of its API does not belong to it."""

    group: str
    kind: str
    namespace: str
    name: str

    @property
    def group_kind(self) -> tuple[str, str]:
        return self.group, self.kind

    def __str__(self) -> str:
        place = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {place}"


def group_of(api_version: str) -> str:
    return api_version.rpartition("/")[0]


def key_of(item: Mapping[str, Any]) -> Key:
    metadata = item["metadata"]
    return Key(group_of(item["apiVersion"]), item["kind"], metadata.get("namespace") or "", metadata["name"])


def is_kept(item: Object) -> bool:
    return (item["metadata"].get("annotations") or {}).get(KEEP) == "true"


def is_prunable(item: Object) -> bool:
    """Neither kept nor already on its way out, as a Deployment is until its pods are gone."""
    return not is_kept(item) and not item["metadata"].get("deletionTimestamp")


def wave(key: Key) -> int:
    """The place in the order of applying, from 0 (Namespaces) to 5."""
    if key.group_kind == NAMESPACE:
        return 0
    if key.group_kind == CRD:
        return 1
    if key.group_kind == _ACCOUNT:
        return 2
    if key.kind in _SETTLED_FIRST:
        return 3
    return WORKLOADS + 1 if key.kind in _LAST else WORKLOADS


def read_documents(text: str, source: str) -> Iterator[Object]:
    """The objects of a YAML stream, Lists unpacked and empty documents dropped. MetricsError names source and line."""
    try:
        documents = _yaml.load_all(text, _yaml.KUBERNETES)
    except MetricsError as error:
        raise MetricsError(f"{source} is not valid YAML: {error.message}") from error
    for document in documents:
        if isinstance(document, dict) and document.get("kind") == "List":
            yield from document.get("items") or ()
        elif document is not None:
            yield document


def check_objects(objects: Iterable[Any]) -> None:
    """Raise MetricsError for the first thing that is no Kubernetes object, or stands twice."""
    seen: set[Key] = set()
    for number, item in enumerate(objects, 1):
        if not isinstance(item, dict):
            raise MetricsError(f"Object {number} is no mapping but {type(item).__name__}: {str(item)[:80]!r}.")
        metadata = item.get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        where = f"Object {number} ({item.get('kind') or 'no kind'} {name or 'without name'})"
        for field in ("apiVersion", "kind"):
            if not isinstance(item.get(field), str) or not item[field]:
                raise MetricsError(f"{where} has no {field}.")
        if not isinstance(name, str) or not name:
            raise MetricsError(f"{where} has no metadata.name; a generateName cannot be applied twice.")
        key = key_of(item)
        if key in seen:
            raise MetricsError(f"{where} stands twice in the set; give one of them another name.")
        if item["kind"] in ("ConfigMap", "Secret") and (size := _size_of(item)) > LARGEST:
            raise MetricsError(f"{where} has {size} bytes of data; must be at most {LARGEST}, which Kubernetes stores of one.")
        seen.add(key)


def _size_of(item: Object) -> int:
    """The bytes of the data of a ConfigMap or a Secret, whose data is in base64."""
    parts = [(name, item.get(name)) for name in ("data", "stringData", "binaryData")]
    texts = [(name, str(text)) for name, part in parts if isinstance(part, dict) for text in part.values()]
    encoded = ("data", "binaryData") if item["kind"] == "Secret" else ("binaryData",)
    return sum(len(text) * 3 // 4 if name in encoded else len(text.encode()) for name, text in texts)


def digest(item: Object) -> str:
    """A short hash of what is declared; none of a Secret, whose values could be guessed by it."""
    if item["kind"] == "Secret":
        return ""
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()[:16]


def normalize(item: Object) -> Object:
    """The object without what the server and controllers write: comparable before against after."""
    clean = {name: value for name, value in item.items() if name != "status"}
    clean["metadata"] = {name: value for name, value in item["metadata"].items() if name not in _SERVER_FIELDS}
    return clean


def masked(item: Object, other: Object | None) -> Object:
    """A copy fit for showing: a Secret's values are replaced, and those that differ from `other` are said to differ."""
    if item.get("kind") != "Secret":
        return item
    shown = copy.copy(item)
    for field in ("data", "stringData"):
        if shown.get(field):
            before = (other or {}).get(field) or {}
            shown[field] = {
                name: "(hidden)" if other is None or before.get(name) == value else "(hidden, differs)"
                for name, value in shown[field].items()
            }
    if annotations := (item.get("metadata") or {}).get("annotations"):
        hidden = {name: "(hidden)" if name == _LAST_APPLIED else value for name, value in annotations.items()}
        shown["metadata"] = {**item["metadata"], "annotations": hidden}
    return shown


def diff_entry(key: Key, before: Object | None, after: Object | None) -> dict[str, str]:
    """One entry of a task's diff: normalized YAML with Secret data masked."""
    sides = {}
    clean = [normalize(side) if side else None for side in (before, after)]
    for title, side, other in (("before", clean[0], clean[1]), ("after", clean[1], clean[0])):
        sides[title] = _yaml.dump(masked(side, other)) if side else ""
        sides[f"{title}_header"] = str(key) if side else f"{key} (absent)"
    return sides


def file_name(key: Key) -> str:
    """A stable file name for a rendered object, unique within its set."""
    place = f"{key.namespace}-" if key.namespace else ""
    kind = f"{key.kind}.{key.group}" if "." in key.group and not key.group.endswith("k8s.io") else key.kind
    return re.sub(r"[^A-Za-z0-9._-]", "_", f"{kind.lower()}-{place}{key.name}.yaml")
