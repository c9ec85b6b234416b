# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an error names a value: short, on one line, and never with a password."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _plain_secrets

_LONGEST = 80
# A login before a host, with and without a scheme. What follows @ in an image reference is no host.
_LOGIN = re.compile(r"(?<=://).*@|[^\s/:@'\"]*:(?!//)[^'\"]*@(?!sha256:)", re.DOTALL)
# Variables that name a Secret: somebody may have put the secret itself there.
_NAME_OF_SECRET = re.compile(r"_secrets?(\[\d+\])?$|\.(tls_)?secret$|\bauth\.key$")
# What follows the path of a URL: a parameter may be a token.
_QUERY = re.compile(r"(?<=://)([^\s?#]*)[?#]\S*")


def shown(value: Any) -> str:
    """A scalar as it is written in YAML; of a dictionary or a list only that it is one, for it may hold anything."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a dictionary" if value else "empty"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    text = " ".join(_QUERY.sub(r"\1?***", _LOGIN.sub("***@", str(value))).split())
    return (text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...") or "empty"


def stated(path: str, value: Any, message: str, verb: str = "is") -> str:
    """A finding: "X is V; must be ...". What may be a secret, or hold one, is not shown."""
    if (isinstance(value, Mapping | list | tuple) and value) or _is_secret(path):
        return f"{path} {message}"
    return f"{path} {verb} {shown(value)}; {message}"


def _is_secret(path: str) -> bool:
    return _plain_secrets.is_secret(path) or _NAME_OF_SECRET.search(path) is not None


def nearest(name: str, known: list[str]) -> str:
    """The question that ends a finding, or nothing where no known name is near."""
    found = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {found[0]}?" if found else ""


def unknown(path: str, name: str, known: list[str]) -> str:
    """The finding for a name that is none of those known."""
    allowed = f"; must be one of {', '.join(sorted(known))}."
    return f"{path} has {name}{nearest(name, known) or allowed}"
