# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Digests of Secrets, by which pods that read them only when they start are restarted when they change.

A pod template (or what a controller makes one of) lists these Secrets in the annotation RESTARTED_BY. The digests go beside
it, in the annotation DIGEST: a Secret that changes changes the template, and so the controller replaces the pods.

The pods of a workload that is adopted already run with these Secrets. Its digests go to the workload itself, in the annotation
BASELINE, and into the template only when a Secret changes: adoption restarts nothing.
"""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Object, key_of

RESTARTED_BY = "longterm.metrics/restarted-by-secrets"
DIGEST = "longterm.metrics/secrets-digest"
BASELINE = "longterm.metrics/secrets-baseline"
LENGTH = 16


def digest(secret: Object) -> str:
    """A keyed hash of a Secret's data.

    The key is the Secret's uid, which only those learn who may read the Secret: others cannot try values against the digest.
    """
    data = json.dumps(secret.get("data") or {}, sort_keys=True)
    found = hmac.new(secret["metadata"]["uid"].encode(), data.encode(), hashlib.sha256).hexdigest()[:LENGTH]
    # Without a word before it, digits with an e among them are a number to those who read YAML, as Helm does.
    return f"hmac-{found}"


def read(cluster: Cluster, namespace: str, names: Iterable[str], reader: str, *, check: bool) -> dict[str, str]:
    """The digest of each Secret by its name. `reader` is who needs them, for the error.

    Raises MetricsError for a Secret that does not exist; with `check` it is left out, since it may be about to be created.
    """
    digests = {}
    for name in dict.fromkeys(names):
        found = cluster.find(f"/api/v1/namespaces/{namespace}/secrets/{name}")
        if found:
            digests[name] = digest(found)
        elif not check:
            raise MetricsError(
                f"Secret {namespace}/{name} does not exist on {cluster.server}, but {reader} reads it at startup. "
                "Create it, then run this again."
            )
    return digests


def stamp(cluster: Cluster, namespace: str, objects: Iterable[Object], *, check: bool) -> list[Object]:
    """The objects with the digests of the Secrets that they list; `namespace` is that of objects that name none."""
    stamped = []
    for original in objects:
        item = copy.deepcopy(original) if any(_marked(original)) else original
        for notes in _marked(item):
            names = [name.strip() for name in notes[RESTARTED_BY].split(",")]
            where = item["metadata"].get("namespace") or namespace
            digests = read(cluster, where, names, str(key_of(item)), check=check)
            notes[DIGEST] = ",".join(digests.values())
        stamped.append(item)
    return stamped


def without_restart(item: Object, existing: Object, *, adopted: bool) -> Object:
    """A stamped object, without the digests in its pod template if the pods of `existing` already run with these Secrets.

    `adopted` says that `existing` belongs to nobody so far.
    """
    baseline = (existing["metadata"].get("annotations") or {}).get(BASELINE)
    # Almost every object of almost every run; a definition is large to search.
    if not adopted and baseline is None:
        return item
    digests = ",".join(notes[DIGEST] for notes in _marked(item))
    never_stamped = adopted and not any(DIGEST in notes for notes in _marked(existing))
    if not digests or not (never_stamped or baseline == digests):
        return item
    settled = copy.deepcopy(item)
    for notes in _marked(settled):
        del notes[DIGEST]
    settled["metadata"].setdefault("annotations", {})[BASELINE] = digests
    return settled


def _marked(value: Any) -> Iterator[dict[str, str]]:
    """The annotations with RESTARTED_BY, at any depth: each kind keeps those of its pods in a place of its own."""
    if isinstance(value, list):
        for entry in value:
            yield from _marked(entry)
    elif isinstance(value, dict):
        for name, entry in value.items():
            if name == "annotations" and isinstance(entry, dict) and RESTARTED_BY in entry:
                yield entry
            else:
                yield from _marked(entry)
