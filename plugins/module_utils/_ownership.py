# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who owns which fields of an object, read from its managedFields (FieldsV1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key
from ansible_collections.longterm.metrics.plugins.module_utils._parent import FIELD_MANAGER

Fields = frozenset[str]


def taken_back(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str]]:
    """Which managers lost which fields between two states of an object; ours is left out.

    Who deleted a field owns it no more than we do then, so nobody is told to have lost it.
    """
    earlier, later = _managers(before), _managers(after)
    lost = {name: sorted(fields - later.get(name, frozenset())) for name, fields in earlier.items()}
    return {name: fields for name, fields in lost.items() if fields}


def is_settled(declared: Mapping[str, Any], live: Mapping[str, Any] | None) -> bool:
    """Whether applying `declared` would change nothing: we own just the fields it names, and each is as it says.

    That is what server-side apply compares. Whatever the server writes in other words than ours (a quantity, say) is not
    settled by this reading, and is left for the server to judge.
    """
    if live is None:
        return False
    entries = [entry for entry in live["metadata"].get("managedFields") or () if entry.get("manager") == FIELD_MANAGER]
    applied = [entry for entry in entries if entry.get("operation") == "Apply" and not entry.get("subresource")]
    if [entry.get("apiVersion") for entry in applied] != [declared["apiVersion"]]:
        return False
    # The identity of an object is in nobody's fields.
    fields = {name: value for name, value in declared.items() if name not in ("apiVersion", "kind")}
    fields["metadata"] = {name: value for name, value in declared["metadata"].items() if name not in ("name", "namespace")}
    return _is_as_declared(applied[0].get("fieldsV1") or {}, fields, live)


def _is_as_declared(owned: Mapping[str, Any], declared: Any, live: Any) -> bool:
    """The same for a part of an object; `owned` is the node of FieldsV1 for it."""
    steps = [step for step in owned if step != "."]
    if not steps:
        return bool(declared == live)
    if isinstance(declared, dict) and isinstance(live, dict):
        return set(steps) == {f"f:{name}" for name in declared} and all(
            name in live and _is_as_declared(owned[f"f:{name}"], value, live[name]) for name, value in declared.items()
        )
    if isinstance(declared, list) and isinstance(live, list):
        pairs = sorted((_place(step, declared), _place(step, live), step) for step in steps)
        places = [place for _ours, place, _step in pairs]
        # Every item once, none missing, and in our order.
        if [ours for ours, _place, _step in pairs] != list(range(len(declared))) or places != sorted(set(places) - {-1}):
            return False
        return all(_is_as_declared(owned[step], declared[ours], live[place]) for ours, place, step in pairs)
    return False


def _place(step: str, items: list[Any]) -> int:
    """Where in a list the item stands that a step of FieldsV1 means, by its key (k:) or its value (v:); -1 when nowhere."""
    mark, _colon, text = step.partition(":")
    if mark not in ("k", "v"):
        return -1
    wanted = json.loads(text)
    for place, item in enumerate(items):
        # A part of the key that is not declared is the schema's default, which the server put into the step.
        if item == wanted if mark == "v" else isinstance(item, dict) and all(item.get(k, v) == v for k, v in wanted.items()):
            return place
    return -1


def is_controlled(item: Mapping[str, Any]) -> bool:
    """Whether a controller made the object for another one, with which it goes (metadata.ownerReferences)."""
    return any(owner.get("controller") for owner in item["metadata"].get("ownerReferences") or ())


def is_handed_over(item: Mapping[str, Any]) -> bool:
    """Whether an APIService is answered by another's Service now, as when a metrics server came after ours: then it is theirs."""
    if item["kind"] != "APIService":
        return False
    entries = [entry for entry in item["metadata"].get("managedFields") or () if entry.get("manager") == FIELD_MANAGER]
    ours = {leaf for entry in entries for leaf in _leaves(entry.get("fieldsV1") or {})}
    return not ours >= {".spec.service.namespace", ".spec.service.name"}


def refuse_singletons_of_others(declared: Mapping[Key, Mapping[str, Any]], live: Mapping[Key, Mapping[str, Any]]) -> None:
    """MetricsError when an APIService is declared that another's Service answers: of each API a cluster has one.

    One that names the Service declared is the same API, whoever wrote it, as where a rendered tree was applied.
    """
    taken = [
        f"{key} (answered by {_service(live[key])})"
        for key, item in declared.items()
        if key in live and is_handed_over(live[key]) and _service(live[key]) != _service(item)
    ]
    if taken:
        raise MetricsError(
            f"These belong to others and stay with them: {', '.join(taken)}. Declare them no longer, or remove the others first."
        )


def _service(item: Mapping[str, Any]) -> str:
    service = item["spec"].get("service") or {}
    return f"{service.get('namespace')}/{service.get('name')}" if service else "the API server itself"


def managers(item: Mapping[str, Any], below: str = "") -> list[str]:
    """The names of all that own fields of the object, or fields below one like C(.data); ours left out."""
    return sorted({name.split(" ")[0] for name, fields in _managers(item).items() if any(f.startswith(below) for f in fields)})


def _managers(item: Mapping[str, Any]) -> dict[str, Fields]:
    found: dict[str, Fields] = {}
    for entry in item["metadata"].get("managedFields") or ():
        name = entry.get("manager") or "unknown"
        if name != FIELD_MANAGER and entry.get("subresource") != "status":
            found[name] = found.get(name, frozenset()) | frozenset(_leaves(entry.get("fieldsV1") or {}))
    return found


def _leaves(fields: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, inner in fields.items():
        if name == ".":
            continue
        prefix, _colon, rest = name.partition(":")
        step = f".{rest}" if prefix == "f" else f"[{rest}]"
        if inner:
            yield from _leaves(inner, path + step)
        else:
            yield path + step
