# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets of random values, made in the cluster and never shown."""

from __future__ import annotations

import base64
import secrets
import string
from collections.abc import Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import PATCH_MERGE, ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key, Object, diff_entry
from ansible_collections.longterm.metrics.plugins.module_utils._ownership import managers
from ansible_collections.longterm.metrics.plugins.module_utils._parent import FIELD_MANAGER

ALPHABET = string.ascii_letters + string.digits
LENGTH = 32
LEAST_LENGTH = 8


def random_value(name: str, recipe: Mapping[str, Any] | None) -> str:
    """A value after its recipe {length, alphabet}. MetricsError names the key whose recipe is off."""
    recipe = recipe or {}
    if not isinstance(recipe, Mapping):
        raise MetricsError(f"keys.{name} must be a dictionary with length and alphabet, not {type(recipe).__name__}.")
    unknown = set(recipe) - {"length", "alphabet"}
    if unknown:
        raise MetricsError(f"keys.{name} knows length and alphabet, not {', '.join(sorted(unknown))}.")
    try:
        length = int(recipe.get("length", LENGTH))
    except (TypeError, ValueError):
        raise MetricsError(f"keys.{name}.length must be a whole number, not {recipe.get('length')!r}.") from None
    alphabet = sorted(set(str(recipe.get("alphabet") or ALPHABET)))
    if length < LEAST_LENGTH or len(alphabet) < 10:
        raise MetricsError(f"keys.{name} is too easy to guess: length at least {LEAST_LENGTH}, alphabet at least 10 characters.")
    return "".join(secrets.choice(alphabet) for _position in range(length))


class GeneratedSecret:
    """One Secret."""

    def __init__(self, cluster: Cluster, name: str, namespace: str) -> None:
        self.cluster = cluster
        self.name = name
        self.namespace = namespace
        self.folder = f"/api/v1/namespaces/{namespace}/secrets"
        self.path = f"{self.folder}/{name}"

    def ensure(self, keys: Mapping[str, Any], rotate: set[str], labels: Mapping[str, str], *, check: bool) -> dict[str, Any]:
        """Give every key a value that has none or is to be rotated; return changed, the keys' names and a masked diff."""
        unknown = rotate - set(keys)
        if unknown:
            raise MetricsError(f"rotate names {', '.join(sorted(unknown))}, which keys does not.")
        values = {name: random_value(name, recipe) for name, recipe in keys.items()}
        live: Object | None = self.cluster.find(self.path)
        present = (live or {}).get("data") or {}
        generated = [name for name in keys if name in rotate or not present.get(name)]
        metadata = (live or {"metadata": {}})["metadata"]
        labelled = {**(metadata.get("labels") or {}), **{name: str(value) for name, value in labels.items()}}
        after: Object = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {**metadata, "name": self.name, "namespace": self.namespace, "labels": labelled},
            "type": (live or {}).get("type", "Opaque"),
            "data": {**present, **{name: base64.b64encode(values[name].encode()).decode() for name in generated}},
        }
        changed = bool(generated) or labelled != (metadata.get("labels") or {}) or live is None
        if changed and not check and not self._write(live, after):
            return self.ensure(keys, rotate, labels, check=check)
        before = {"apiVersion": "v1", "kind": "Secret", **live} if live else None
        diff = [diff_entry(Key("", "Secret", self.namespace, self.name), before, after)] if changed else []
        return {"changed": changed, "generated": generated, "diff": diff}

    def remove(self, *, check: bool) -> dict[str, Any]:
        """Delete it, unless others have keys in it: then it stays, with a warning."""
        live = self.cluster.find(self.path)
        if live and (others := managers(live, ".data")):
            warning = f"Secret {self.namespace}/{self.name} stays: {', '.join(others)} wrote keys in it. Remove it by hand."
            return {"changed": False, "warnings": [warning]}
        if live and not check:
            self.cluster.request("DELETE", self.path)
        return {"changed": live is not None}

    def _write(self, live: Object | None, after: Object) -> bool:
        """Create, or change just what was read; False when another run came first, whose values are not written over."""
        parameters = {"fieldManager": FIELD_MANAGER}
        try:
            if live is None:
                self.cluster.request("POST", self.folder, params=parameters, body=after)
            else:
                metadata = {"labels": after["metadata"]["labels"], "resourceVersion": live["metadata"]["resourceVersion"]}
                body = {"metadata": metadata, "data": after["data"]}
                self.cluster.request("PATCH", self.path, params=parameters, body=body, content_type=PATCH_MERGE)
        except ApiError as error:
            if error.code == 409:
                return False
            if error.code == 404:
                raise MetricsError(
                    f"Namespace {self.namespace} does not exist on {self.cluster.server}; make it first."
                ) from error
            raise
        return True
