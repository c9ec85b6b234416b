# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Secrets that Alertmanager's configuration names, as the files they are mounted as."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOUNTED = "/etc/alertmanager/secrets"

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_KEY = re.compile(r"(?!\.\.?$|\.\.)[A-Za-z0-9._-]{1,253}")


@dataclass
class Secrets:
    """`keys` are what it reads, by the names of the Secrets to mount."""

    keys: set[tuple[str, str]] = field(default_factory=set)

    @property
    def names(self) -> set[str]:
        return {name for name, _key in self.keys}

    def path(self, given: Any) -> tuple[str, str]:
        """The file of a Secret's key, given as `{name: ..., key: ...}`, and what is wrong; the value is never repeated."""
        name, key = (
            (given.get("name"), given.get("key")) if isinstance(given, Mapping) and set(given) == {"name", "key"} else (0, 0)
        )
        if not isinstance(name, str) or not isinstance(key, str) or not _NAME.fullmatch(name) or not _KEY.fullmatch(key):
            return MOUNTED, " must name a key of a Secret of the namespace: {name: ..., key: ...}"
        self.keys.add((name, key))
        return f"{MOUNTED}/{name}/{key}", ""
