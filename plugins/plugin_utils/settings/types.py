# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conversion of settings by the types of an argument spec.

Ansible's own conversion makes text of numbers, and letters of text where a list belongs. This one converts only what
means the same either way: text from an INI inventory, `-e` or a survey that says a number or a truth value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.words import shown, stated, unknown

Option = Mapping[str, Any]

_TRUE = ("true", "yes", "on", "y", "t", "1")
_FALSE = ("false", "no", "off", "n", "f", "0")


class _Refused(Exception):
    """What a value must be instead."""


def convert(path: str, value: Any, option: Option, findings: list[str]) -> Any:
    """The value by its type, without Ansible's tags; what does not fit is added to the findings.

    An option is that of an argument spec, and may have `format`, which says what text must be.
    """
    try:
        converted = _CONVERSIONS[option.get("type", "str")](value)
    except _Refused as refused:
        refusal = f"{option['format']}, as text" if option.get("format") and option.get("type") == "str" else str(refused)
        hint = " Leave it out for its default." if value is None else ""
        if isinstance(value, str) and option.get("type") in ("list", "dict"):
            # Not shown: which part of it means what, nobody knows.
            findings.append(f"{path} is text; must be {refusal}.")
        else:
            findings.append(stated(path, value, f"must be {refusal}.{hint}"))
        return value
    if "choices" in option and converted not in option["choices"]:
        findings.append(stated(path, converted, f"must be one of {', '.join(map(shown, option['choices']))}."))
    if isinstance(converted, list) and option.get("type") == "list":
        element: Option = {"type": option.get("elements", "raw"), "options": option.get("options")}
        return [convert(f"{path}[{number}]", inner, element, findings) for number, inner in enumerate(converted)]
    if isinstance(converted, dict) and option.get("options"):
        return _options(path, converted, option["options"], findings)
    return converted


def _options(path: str, value: dict[str, Any], options: Mapping[str, Option], findings: list[str]) -> dict[str, Any]:
    for name in value:
        if name not in options:
            findings.append(unknown(path, str(name), list(options)))
    for name, option in options.items():
        if option.get("required") and name not in value:
            findings.append(f"{path} has no {name}; it needs one.")
    return {
        name: convert(f"{path}.{name}", inner, options[name], findings) if name in options else inner
        for name, inner in value.items()
    }


def plain(value: Any) -> Any:
    """A copy in Python's own types: Ansible tags what it hands over. Raises ValueError for a number that no program takes."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {plain(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, int) and abs(value) >= 2**64:
        # Python does not even print the longest ones.
        raise ValueError("holds a number of more than 64 bits; must be a smaller one.")
    return value


def texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text in a value, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(f"{path}.{key}", inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts(f"{path}[{number}]", inner)


def size(value: Any) -> int:
    """The bytes of all texts in a value, keys too."""
    if isinstance(value, str):
        return len(value.encode(errors="surrogatepass"))
    if isinstance(value, dict):
        return sum(size(key) + size(inner) for key, inner in value.items())
    return sum(map(size, value)) if isinstance(value, list) else 0


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise _Refused("text" if value is None or isinstance(value, dict | list) else "text: put it in quotes")


def _number(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?(0|[1-9]\d{0,18})", value, re.ASCII):
        return int(value)
    raise _Refused("a whole number")


def _fraction(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    if isinstance(value, str) and re.fullmatch(r"-?(0|[1-9]\d{0,14})(\.\d{1,14})?", value, re.ASCII):
        return float(value)
    raise _Refused("a number")


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int) and str(value).lower() in _TRUE + _FALSE:
        return str(value).lower() in _TRUE
    raise _Refused("true or false")


def _list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    raise _Refused(f"a list{_AS_JSON if isinstance(value, str) else ''}")


def _dictionary(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise _Refused(f"a dictionary{_AS_JSON if isinstance(value, str) else ''}")


_AS_JSON = """; -e takes one as JSON: -e '{"NAME": VALUE}'"""
_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "str": _text,
    "path": _text,
    "int": _number,
    "float": _fraction,
    "bool": _truth,
    "list": _list,
    "dict": _dictionary,
    "raw": lambda value: value,
}
