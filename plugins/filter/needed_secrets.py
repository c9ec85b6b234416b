# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Secrets that roles need, one entry a Secret."""

from __future__ import annotations

DOCUMENTATION = r"""
name: needed_secrets
short_description: The Secrets that roles need, one entry a Secret
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Takes what the roles of a play need, one entry a key or several Secrets alike, and gives each Secret once with all its keys.
options:
  _input:
    description: >-
      Entries with C(name), or C(names) of several Secrets alike, and, where they differ from the usual, C(key) (by default the
      Secret is mounted as a whole), C(random) (whether any value will do), C(type) and C(namespace).
    type: list
    elements: dict
    required: true
  namespace:
    description: The namespace of entries that name none.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the Secrets
  ansible.builtin.debug:
    msg: "{{ needed | longterm.metrics.needed_secrets('metrics') }}"
  vars:
    needed: [{name: login, key: user}, {name: login, key: password}, {names: [cert, other-cert], type: kubernetes.io/tls}]
"""

RETURN = r"""
_value:
  description: >-
    Each Secret by C(namespace) and C(name), with C(type), C(random), which is true where it is for all its keys, and C(keys),
    sorted; no keys where it is mounted as a whole.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def needed_secrets(entries: Iterable[Mapping[str, Any]], namespace: str) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for entry in entries:
        for name in entry.get("names", [entry.get("name")]):
            found.setdefault((entry.get("namespace", namespace), name), []).append(entry)
    return [_secret(*place, found[place]) for place in sorted(found)]


def _secret(namespace: str, name: str, entries: list[Mapping[str, Any]]) -> dict[str, Any]:
    keys = sorted({entry["key"] for entry in entries if "key" in entry})
    return {
        "name": name,
        "namespace": namespace,
        "type": entries[0].get("type", "Opaque"),
        "random": all(entry.get("random", False) for entry in entries),
        "keys": keys if all("key" in entry for entry in entries) else [],
    }


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"needed_secrets": needed_secrets}
