# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""INI files as their readers understand them: Grafana's (ini.v1) and PrometheusAlert's (Beego).

Neither has escapes. Both read a line as `name = value`, cut off blanks around it, and take a quoted value as it is. They know
different quotes, and so there are different values that they cannot express. References that a reader resolves itself, such as
`$__file{}`, `%(name)s` and `${NAME}`, stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

# What begins a comment, a section or a quote, or ends a name, cannot be in a name.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_SECTION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/-]*")


class Inexpressible(ValueError):
    """Why a reader cannot be given a value; the end of a sentence."""


def grafana(text: str) -> str:
    """A value as ini.v1 reads it, which knows comments, quotes, and a backslash at the end as a line that goes on.

    Between backticks or three double quotes everything stays as it is: on one line up to the last of these quotes, over several
    lines up to the first line that has one.
    """
    if text and text == text.strip() and not re.search(r"""[\n\r\0#;]|^["'`]|\\$""", text):
        return text
    for quote in ("`", '"""'):
        if not any(quote in line for line in text.split("\n")[:-1]):
            return f"{quote}{text}{quote}"
    raise Inexpressible('has several lines, some with ` and some with """')


def grafana_chart(text: str) -> str:
    """The same by way of Grafana's chart, which renders a value as a Helm template, and indents no further line of it."""
    if "\n" in text:
        raise Inexpressible("has several lines")
    return grafana(text).replace("{{", '{{ "{{" }}')


def prometheus_alert(text: str) -> str:
    """A value as Beego reads it: after a double quote at the start, all of these quotes are cut off at both ends."""
    if re.search(r"[\n\r]", text):
        raise Inexpressible("has several lines")
    if text.startswith('"'):
        raise Inexpressible('begins with "')
    if text == text.strip():
        return text
    if text.endswith('"'):
        raise Inexpressible('begins with a blank and ends with "')
    return f'"{text}"'


# By the name of the reader.
READERS: dict[str, Callable[[str], str]] = {
    "grafana": grafana,
    "grafana_chart": grafana_chart,
    "prometheus_alert": prometheus_alert,
}


def write(settings: Mapping[str, Any], variable: str, reader: str) -> str:
    """The file with these settings, or sections of settings. MetricsError says what it cannot hold, by the name `variable`."""
    ready = values(settings, variable, reader)
    lines = []
    for name, value in sorted(ready.items(), key=lambda item: (isinstance(item[1], dict), item[0])):
        if isinstance(value, dict):
            lines += [f"[{name}]", *(f"{key} = {entry}" for key, entry in sorted(value.items()))]
        else:
            lines.append(f"{name} = {value}")
    return "".join(f"{line}\n" for line in lines)


def values(settings: Mapping[str, Any], variable: str, reader: str) -> dict[str, Any]:
    """The settings with each value as it stands in the file. Raises what `write` does."""
    if found := problems(settings, variable, reader):
        raise MetricsError("\n".join(found))
    return {
        name: values(value, variable, reader) if isinstance(value, Mapping) else READERS[reader](_text(value))
        for name, value in settings.items()
    }


def problems(settings: Mapping[str, Any], variable: str, reader: str) -> list[str]:
    """What the file cannot hold, each a sentence that names the variable."""
    found = list(_problems(settings, variable, READERS[reader]))
    if reader == "prometheus_alert":
        for name in map(str, settings):
            if other := next((other for other in map(str, settings) if name < other and name.lower() == other.lower()), None):
                found.append(f"{variable} has {name} and {other}, which are one setting to PrometheusAlert; keep one.")
    return found


def _problems(settings: Mapping[str, Any], where: str, value_of: Callable[[str], str], section: str = "") -> Iterator[str]:
    for name, value in settings.items():
        place = f"{where}.{name}".lstrip(".")
        if isinstance(value, Mapping) and section:
            yield f"{place} is a dictionary; a section holds none. Write it as a section of its own, {section}.{name}."
        elif isinstance(value, Mapping):
            if not _SECTION.fullmatch(str(name)):
                yield f"{where} has the section {name!r}; letters, digits and _.:/- are allowed in a name."
            else:
                yield from _problems(value, place, value_of, str(name))
        elif not _NAME.fullmatch(str(name)):
            yield f"{where} has the setting {name!r}; letters, digits and _.- are allowed in a name."
        elif not isinstance(value, bool | int | float | str):
            seen = "null" if value is None else "a list" if isinstance(value, list | tuple) else f"a {type(value).__name__}"
            yield f"{place} is {seen}; it must be text, a number or a Boolean."
        else:
            try:
                value_of(_text(value))
            except Inexpressible as error:
                yield f"{place} {error}, which the file cannot hold."


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
