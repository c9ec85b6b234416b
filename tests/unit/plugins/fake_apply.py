# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Server-side apply and merge patch for fake_cluster: owned are the leaves of mappings, a list is one leaf."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

Object = dict[str, Any]
Leaf = tuple[str, ...]
Conflict = tuple[str, Leaf]  # manager, field

OF_THE_SERVER = ("uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp")
_IDENTITY = {("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace")}
_UNOWNED = {("status",), ("metadata", "managedFields"), *(("metadata", field) for field in OF_THE_SERVER)}


def applied(live: Object, body: Object, manager: str) -> tuple[Object, list[Conflict]]:
    """`live` (empty for none) with what `manager` declares, and the fields that were others' and differed."""
    before = live.get("metadata", {})
    owners = {entry["manager"]: _owned(entry["fieldsV1"]) for entry in before.get("managedFields", ())}
    others = {other: leaves for other, leaves in owners.items() if other != manager}
    wanted, present = dict(_leaves(body)), dict(_leaves(live))
    taken = {leaf for leaf in wanted if leaf in present and present[leaf] != wanted[leaf]}
    given_up = owners.get(manager, set()).difference(wanted, *others.values())
    after = _built({leaf: value for leaf, value in present.items() if leaf not in given_up} | wanted)
    after["metadata"] |= {field: before[field] for field in OF_THE_SERVER if field in before}
    after["metadata"]["managedFields"] = [
        {"manager": owner, "operation": "Apply", "apiVersion": body["apiVersion"], "fieldsV1": _fields(leaves)}
        for owner, leaves in {**{other: leaves - taken for other, leaves in others.items()}, manager: set(wanted)}.items()
    ]
    if "status" in live:
        after["status"] = live["status"]
    return after, [(other, leaf) for other, leaves in others.items() for leaf in sorted(leaves & taken)]


def merged(live: Any, patch: Any) -> Any:
    """JSON merge patch (RFC 7386)."""
    if not isinstance(patch, dict):
        return patch
    result = dict(live) if isinstance(live, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def _leaves(item: Any, path: Leaf = ()) -> list[tuple[Leaf, Any]]:
    if path in _UNOWNED or (not path and not item):
        return []
    if isinstance(item, dict) and item:
        return [leaf for name, value in item.items() for leaf in _leaves(value, (*path, name))]
    return [(path, item)]


def _built(leaves: Mapping[Leaf, Any]) -> Object:
    result: Object = {}
    for path, value in leaves.items():
        inner = result
        for step in path[:-1]:
            inner = inner.setdefault(step, {})
        inner[path[-1]] = copy.deepcopy(value)
    return result


def _fields(leaves: set[Leaf]) -> Object:
    """FieldsV1 of these leaves."""
    return _built({tuple(f"f:{step}" for step in leaf): {} for leaf in sorted(leaves - _IDENTITY)})


def _owned(fields: Object, path: Leaf = ()) -> set[Leaf]:
    """The inverse of _fields."""
    steps = [((*path, name.removeprefix("f:")), inner) for name, inner in fields.items()]
    return {leaf for step, inner in steps for leaf in (_owned(inner, step) if inner else {step})}
