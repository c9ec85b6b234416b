# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""INI files read by the rules of those who read ours."""

from __future__ import annotations

import re
from collections.abc import Iterator


def read_by_grafana(text: str) -> Iterator[tuple[str, str, str]]:
    """Section, name and value of each setting, by the rules of ini.v1 with its default options."""
    section, lines = "DEFAULT", iter(text.split("\n"))
    for line in lines:
        line = line.lstrip()
        if not line or line[0] in "#;":
            continue
        if line[0] == "[":
            section = line[1 : line.rindex("]")]
            continue
        end = min(place for place in (line.find("="), line.find(":")) if place > 0)
        name, value = line[:end].strip(), line[end + 1 :].lstrip()
        quote = next((quote for quote in ('"""', "`") if value.startswith(quote) and len(value) >= len(quote)), "")
        if quote:
            value = value[len(quote) :]
            while quote not in value.rpartition("\n")[2]:
                value += "\n" + next(lines)
            before, _, last = value.rpartition("\n")
            value = f"{before}\n{last[: last.rindex(quote)]}" if "\n" in value else last[: last.rindex(quote)]
        else:
            value = value.strip()
            while value.endswith("\\"):
                value = value[:-1] + next(lines).strip()
            value = re.split("[#;]", value)[0].strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" and value.count(value[0]) == 2:
                value = value[1:-1]
        yield section, name, value


def read_by_beego(text: str) -> Iterator[tuple[str, str]]:
    for line in re.split("\r?\n", text):
        line = line.strip()
        if not line or line[0] in "#;":
            continue
        assert not (line[0] == "[" and line[-1] == "]")
        name, _, value = line.partition("=")
        value = value.strip()
        yield name.strip().lower(), value.strip('"') if value.startswith('"') else value
