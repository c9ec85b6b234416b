# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nested settings judged by tables: which keys they take at every depth, and values of which types.

A schema is a Leaf (_schema_values has the common ones), a ListOf, a MapOf or a Nested. `schema.judge(value, where)` gives full
sentences that begin with the path of the value. No sentence shows the value of an unknown key, a secret, or a URL with a
password.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

_LONGEST = 80


class Schema(Protocol):
    def judge(self, value: Any, where: str) -> Iterator[str]:
        """What is wrong with the value at the path `where`, in full sentences."""


@dataclass(frozen=True)
class Leaf:
    """A single value of a type. `wrong` gives what a value of that type must be instead, or nothing."""

    type: type | tuple[type, ...]
    form: str
    wrong: Callable[[Any], str] = lambda value: ""
    secret: bool = False

    def judge(self, value: Any, where: str) -> Iterator[str]:
        if words := self.problem(value):
            seen = "" if self.secret else f" is {shown(value) if self._is_typed(value) else _typed(value)};"
            yield f"{where}{seen} must be {words}."

    def problem(self, value: Any) -> str:
        """What it must be instead, or nothing."""
        return self.wrong(value) if self._is_typed(value) else self.form

    def _is_typed(self, value: Any) -> bool:
        types = self.type if isinstance(self.type, tuple) else (self.type,)
        # To Python a boolean is a whole number.
        return bool in types if isinstance(value, bool) else isinstance(value, types)


@dataclass(frozen=True)
class ListOf:
    """A list of values alike, at least so many. With `unique` none is there twice, or no value of that key."""

    item: Schema
    least: int = 0
    unique: bool | str = False

    def judge(self, value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list | tuple):
            yield f"{where} is {_typed(value)}; must be a list."
            return
        if len(value) < self.least:
            yield f"{where} has {len(value)} entries; must have at least {self.least}."
        for number, inner in enumerate(value):
            yield from self.item.judge(inner, f"{where}[{number}]")
        if self.unique:
            yield from self._twice(value, where)

    def _twice(self, value: list[Any] | tuple[Any, ...], where: str) -> Iterator[str]:
        key = self.unique if isinstance(self.unique, str) else ""
        seen: dict[Any, str] = {}
        for number, inner in enumerate(value):
            name = inner.get(key) if key and isinstance(inner, dict) else None if key else inner
            place = f"{where}[{number}]" + (f".{key}" if key else "")
            if isinstance(name, str | int):
                if name in seen:
                    yield f"{place} is {shown(name)}, as {seen[name]} is; must be unique."
                seen.setdefault(name, place)


@dataclass(frozen=True)
class MapOf:
    """A dictionary with keys of the user's own, at least so many; `key` judges them."""

    value: Schema
    key: Leaf | None = None
    least: int = 0

    def judge(self, value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} is {_typed(value)}; must be a dictionary."
            return
        if len(value) < self.least:
            yield f"{where} has {len(value)} entries; must have at least {self.least}."
        for key, inner in value.items():
            if self.key and (words := self.key.problem(key)):
                yield f"{where} has the key {shown(key)}; must be {words}."
            yield from self.value.judge(inner, f"{where}.{key}")


@dataclass(frozen=True)
class Nested:
    """A dictionary with these keys and no others.

    Of each entry of `required`, names set apart by blanks, at least one must be there, of each of `exclusive` at most one.
    Each entry of `together` is a pair of which one needs the other.
    `relations` judges keys against each other; like `together`, it is asked when each for itself is right.
    """

    fields: Mapping[str, Schema]
    required: tuple[str, ...] = ()
    exclusive: tuple[str, ...] = ()
    relations: Callable[[dict[str, Any], str], Iterator[str]] | None = field(default=None, compare=False)
    together: tuple[str, ...] = ()

    def judge(self, value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} is {_typed(value)}; must be a dictionary."
            return
        findings = [*self._keys(value, where)]
        for name, inner in value.items():
            if name in self.fields:
                findings += self.fields[name].judge(inner, f"{where}.{name}")
        yield from findings
        if findings:
            return
        for names in map(str.split, self.together):
            found = [name for name in names if name in value]
            if len(found) == 1:
                (missing,) = set(names) - set(found)
                yield f"{where} has {found[0]} and no {missing}; one needs the other."
        if self.relations:
            yield from self.relations(value, where)

    def _keys(self, value: dict[str, Any], where: str) -> Iterator[str]:
        for name in value:
            if name not in self.fields:
                yield f"{where} has the unknown key {shown(name)}; {nearest(str(name), self.fields)}"
        for names in map(str.split, self.required):
            if not any(name in value for name in names):
                yield f"{where} has no {' or '.join(names)}; it is required."
        for names in map(str.split, self.exclusive):
            found = [name for name in names if name in value]
            if len(found) > 1:
                yield f"{where} has {' and '.join(found)}; only one of {', '.join(names)} is allowed."


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the known name that is most like it, or all of them."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, 1)
    return f"did you mean {near[0]}?" if near else f"it takes {', '.join(known)}."


def shown(value: Any) -> str:
    """A value of the right type, in one line; what holds a password is not shown."""
    if re.search(r"://[^/\s]*@", str(value)):
        return "a URL with a password"
    line = " ".join(str(value).split())
    return "empty" if not line else line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def _typed(value: Any) -> str:
    """A value of a wrong type. Text where something else belongs may be a secret, unless it is a number or a boolean."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "the boolean true", False: "the boolean false"}[value]
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        known = re.fullmatch(r"[\d.]+|true|false|yes|no|on|off|null", value, re.IGNORECASE)
        return f"the text {value}" if known else "text" if value else "empty text"
    return "a dictionary" if isinstance(value, dict) else "a list" if isinstance(value, list | tuple) else type(value).__name__
