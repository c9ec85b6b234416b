# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dictionaries judged by tables that go beyond a plain one: with keys that are refused for a reason, or keys nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._schema import Nested, Schema


@dataclass(frozen=True)
class Without:
    """A dictionary that must not have some keys; of each is said why, or what to do instead."""

    schema: Schema
    refused: Mapping[str, str]

    def judge(self, value: Any, where: str) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (f"{where} has {name}; {why}." for name, why in self.refused.items() if name in value)
            value = {name: inner for name, inner in value.items() if name not in self.refused}
        yield from self.schema.judge(value, where)


@dataclass(frozen=True)
class Open:
    """A dictionary with these keys, and any others."""

    fields: Mapping[str, Schema]

    def judge(self, value: Any, where: str) -> Iterator[str]:
        if isinstance(value, dict):
            value = {name: inner for name, inner in value.items() if name in self.fields}
        yield from Nested(self.fields).judge(value, where)
