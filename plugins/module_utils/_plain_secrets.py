# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in settings that are written down as they are, told by the names of their options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_SECRET = re.compile(
    r"(^|_)(password|passwd|htpasswd|passphrase|pass|pwd|token|credentials?)$"
    r"|(^|_)(api|private|secret|secret_access|signing|encryption|account|consumer|certificate|routing|service|master|storage)_?key$"
    r"|(^|_)(private_key|client_key)_(pem|data|base64)$"
    r"|^secret$|(^|_)(client|app|application|shared|api|auth|webhook|consumer|credential|token|jwt|hmac|session|cookie|signing|key)"
    r"_?secret$"
    r"|(^|_)(webhook|slack_api|sas)_url$|(^|_)connection_string$|^connstr$|(^|_)(dsn|data_source_name)$"
    r"|(^|_)authorization$|^cookie$"
)
# All that is below these is secret, whatever it is called.
_BELOW = ("secure_json_data", "secure_settings", "proxy_connect_header", "basic_auth_users")
# What is secret in the settings of these products alone.
_OF_PRODUCTS = (("slack", "api_url"), ("pushover", "user_key"))
# Names of Kubernetes' things, not of options.
_LABELS = re.compile(r"(^|_)(labels|annotations|selector)$")
# What Grafana or Kubernetes puts in when it starts.
_REFERENCE = re.compile(r"^(\$__(file|env|vault)\{.+\}|\$\{\w+\}|\$\(\w+\))$")
# What is a secret wherever it stands.
_VALUE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AGE-SECRET-KEY-1|^Bearer \S{16,}$|Authorization\s*[:=]\s*\S+\s+\S{8,}")
_ARGUMENT = re.compile(r"--?([A-Za-z][\w.-]*)=(.+)", re.DOTALL)
_LINE = re.compile(r"""[\s-]*["']?([A-Za-z][\w.-]*)["']?\s*[:=]\s*["']?([^"'\s#].*?)["']?,?\s*""")
_TEMPLATED = re.compile(r"\{\{.*\}\}|[|>][+-]?|null|~|\{\}|\[\]|<secret>")


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
            # Relabelling sets a parameter of the request.
            if key == "replacement" and str(value.get("target_label", "")).startswith("__param_"):
                name = str(value["target_label"])
            inside = (*names, "secure_settings" if manifest and key in ("data", "stringData") else _snake(name))
            if not _LABELS.search(inside[-1]):
                yield from _found(inner, f"{path}.{key}" if path else str(key), inside)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _found(inner, f"{path}[{number}]", names)
    elif _is_literal(value) and (_is_secret(names) or _holds_secret(str(value), names)):
        yield path


def _is_literal(value: Any) -> bool:
    return not isinstance(value, bool) and value not in (None, "") and not _REFERENCE.match(str(value))


def _is_secret(names: tuple[str, ...]) -> bool:
    if not names:
        return False
    return (
        _SECRET.search(names[-1]) is not None
        or any(name in _BELOW for name in names)
        or names[-2:] == ("tls_config", "key")
        or (names[-1] == "secrets" and "http_headers" in names)
        or any(names[-1] == key and any(product in name for name in names) for product, key in _OF_PRODUCTS)
    )


def _holds_secret(text: str, names: tuple[str, ...]) -> bool:
    """Whether a text is a key by its form, an argument of a program that is one, or a file with one in a line."""
    if _VALUE.search(text):
        return True
    if argument := _ARGUMENT.fullmatch(text):
        return _is_secret((*names, _snake(argument[1]))) or _holds_secret(argument[2], names)
    lines = map(_LINE.fullmatch, text.splitlines()) if "\n" in text.strip() else ()
    return any(
        _is_secret((*names, _snake(line[1]))) and not _TEMPLATED.fullmatch(line[2]) and _is_literal(line[2])
        for line in lines
        if line
    )


def _snake(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
