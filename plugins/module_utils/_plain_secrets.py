# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in settings that are written down as they are, told by the names of their options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_SECRET = re.compile(
    r"(^|_)(password|passwd|passphrase|pass|pwd|token|credentials?)$"
    r"|(^|_)(api|private|secret|signing|encryption|account|consumer|certificate|routing|service)_?key$"
    r"|^secret$|(^|_)(client|app|application|shared|api|auth|webhook)_?secret$"
    r"|(^|_)(webhook|slack_api)_url$|(^|_)connection_string$|^connstr$"
    r"|(^|_)authorization$|^cookie$"
)
# All that is below these is secret, whatever it is called.
_BELOW = ("secure_json_data", "secure_settings", "proxy_connect_header")
# Names of Kubernetes' things, not of options.
_LABELS = re.compile(r"(^|_)(labels|annotations|selector)$")
# What Grafana or Kubernetes puts in when it starts.
_REFERENCE = re.compile(r"^(\$__(file|env|vault)\{.+\}|\$\{\w+\}|\$\(\w+\))$")


def paths(settings: Any) -> list[str]:
    """Where literal secrets stand in nested settings: `grafana.adminPassword`, `[0].tls_config.key`. Never what they are."""
    return list(_found(settings, "", ()))


def is_secret(path: str) -> bool:
    """Whether what is at a path, `grafana.adminPassword`, is a secret by its names."""
    return _is_secret(tuple(_snake(name) for name in re.split(r"[.\[\]]+", path) if name))


def _found(value: Any, path: str, names: tuple[str, ...]) -> Iterator[str]:
    """`names` are those of the options that lead to the value, in snake case."""
    if isinstance(value, dict):
        manifest = value.get("kind") == "Secret"
        for key, inner in value.items():
            # An entry of a list of environment variables is an option, too.
            name = value["name"] if key == "value" and isinstance(value.get("name"), str) else str(key)
            inside = (*names, "secure_settings" if manifest and key in ("data", "stringData") else _snake(name))
            if not _LABELS.search(inside[-1]):
                yield from _found(inner, f"{path}.{key}" if path else str(key), inside)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _found(inner, f"{path}[{number}]", names)
    elif _is_secret(names) and not isinstance(value, bool) and value not in (None, "") and not _REFERENCE.match(str(value)):
        yield path


def _is_secret(names: tuple[str, ...]) -> bool:
    if not names:
        return False
    return (
        _SECRET.search(names[-1]) is not None
        or any(name in _BELOW for name in names)
        or names[-2:] == ("tls_config", "key")
        or (names[-1] == "secrets" and "http_headers" in names)
    )


def _snake(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
