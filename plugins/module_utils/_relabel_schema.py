# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Relabelling as Prometheus 3.15 reads it.

https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _re2
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, Nested
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import LABEL, REGEX, TEXT, integer, text

# What each action needs, and what it takes no other value of than the default.
_NEEDS: dict[str, tuple[str, ...]] = {
    "replace": ("target_label",),
    "keep": ("source_labels",),
    "drop": ("source_labels",),
    "lowercase": ("target_label",),
    "uppercase": ("target_label",),
    "keepequal": ("target_label",),
    "dropequal": ("target_label",),
    "hashmod": ("target_label", "modulus"),
    "labelmap": (),
    "labeldrop": ("regex",),
    "labelkeep": ("regex",),
}
_DEFAULTS = {"separator": ";", "regex": "(.*)", "replacement": "$1"}
_EQUAL = ("regex", "modulus", "separator", "replacement")
_ALL_LABELS = ("source_labels", "target_label", "modulus", "separator", "replacement")
_REFUSES: dict[str, tuple[str, ...]] = {
    "lowercase": ("replacement",),
    "uppercase": ("replacement",),
    "keepequal": _EQUAL,
    "dropequal": _EQUAL,
    "labeldrop": _ALL_LABELS,
    "labelkeep": _ALL_LABELS,
}
_BRACES = "a group that it has, such as ${1}"
_FORM = f"one of {', '.join(_NEEDS)}"


def _fitting(value: dict[str, Any], where: str) -> Iterator[str]:
    action = value.get("action", "replace").lower()
    for name in _NEEDS[action]:
        if name not in value:
            yield f"{where} has no {name}; the action {action} needs it."
    for name in _REFUSES.get(action, ()):
        if name in value and value[name] != _DEFAULTS.get(name):
            yield f"{where} has {name}, which the action {action} does not take."
    if action in ("replace", "labelmap"):
        for name in ("target_label", "replacement"):
            for reference in _re2.unknown_references(value.get("regex", _DEFAULTS["regex"]), value.get(name, "")):
                yield f"{where}.{name} has {reference}, which regex does not capture; write {_BRACES}."


RELABEL = Nested(
    {
        "source_labels": ListOf(LABEL, 1),
        "separator": TEXT,
        "target_label": text(r"""[^\s=!~,"'`]+""", "the name of a label such as job", empty=False),
        "regex": REGEX,
        "modulus": integer(1),
        "replacement": TEXT,
        "action": Leaf(str, _FORM, lambda value: "" if value.lower() in _NEEDS else _FORM),
    },
    relations=_fitting,
)
