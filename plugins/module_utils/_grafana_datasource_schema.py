# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Datasources in grafana_datasources: what Grafana's provisioning would ignore, or not start with.

Source: pkg/services/provisioning/datasources/types.go of Grafana, and
https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._open_schema import Open, Without
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, MapOf, Nested
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import (
    BOOLEAN,
    TEXT,
    choice,
    integer,
    text,
)

_FILE = "given by file, $__file{/etc/grafana/secrets/NAME/KEY}, with NAME in grafana_secrets: it would stand in a ConfigMap"
_BY_FILE = Leaf(str, _FILE, lambda value: "" if re.fullmatch(r"\$__file\{.+\}", value) else _FILE, secret=True)
_VARIABLE = re.compile(r"(?<!\$)(?:\$\$)*\$(?!\$|__(?:file|env|vault)\{)[A-Za-z_{]")
_SECRETS = "Grafana reads it in secureJsonData alone"
_SECONDS = "whole seconds such as 30"
# What Grafana itself reads for every type. The rest only the plugin knows.
_OPTIONS = Open(
    {
        **dict.fromkeys(("tlsAuth", "tlsAuthWithCACert", "tlsSkipVerify", "oauthPassThru", "sigV4Auth"), BOOLEAN),
        "serverName": TEXT,
        "timeout": Leaf((int, str), _SECONDS, lambda value: "" if re.fullmatch(r"\d+", str(value), re.ASCII) else _SECONDS),
        "keepCookies": ListOf(TEXT),
    }
)


class _JsonData:
    """The options of a datasource's type, with the names of headers; their values are secret."""

    def judge(self, value: Any, where: str) -> Iterator[str]:
        yield from _OPTIONS.judge(value, where)
        for name, inner in value.items() if isinstance(value, dict) else ():
            header = re.fullmatch(r"httpHeader(Name|Value)\d+", str(name))
            if header and header[1] == "Value":
                yield f"{where} has {name}; {_SECRETS}."
            elif header:
                yield from TEXT.judge(inner, f"{where}.{name}")


_SCHEMA = ListOf(
    Without(
        Nested(
            {
                "name": text(empty=False),
                "type": text(empty=False),
                "uid": text("[A-Za-z0-9_-]{1,40}", "letters, digits, - and _, at most 40"),
                "access": choice("proxy", "direct"),
                "orgId": integer(1),
                "version": integer(0),
                **dict.fromkeys(("orgName", "user", "database", "basicAuthUser"), TEXT),
                "url": text(r"\S*", "a URL without blanks"),
                **dict.fromkeys(("isDefault", "editable", "readOnly", "basicAuth", "withCredentials"), BOOLEAN),
                "jsonData": _JsonData(),
                "secureJsonData": MapOf(_BY_FILE),
                "correlations": ListOf(Open({})),
            },
            required=("name", "uid", "type"),
        ),
        dict.fromkeys(("password", "basicAuthPassword"), _SECRETS),
    ),
    unique="name",
)


def problems(datasources: Any, variable: str = "grafana_datasources") -> list[str]:
    """What is wrong, in full sentences."""
    return [*_SCHEMA.judge(datasources, variable), *_expanded(datasources, variable)]


def _expanded(value: Any, where: str) -> Iterator[str]:
    """Texts that Grafana reads otherwise: in these files it puts environment variables in."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "secureJsonData":
                yield from _expanded(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _expanded(inner, f"{where}[{number}]")
    elif isinstance(value, str) and _VARIABLE.search(value):
        yield f"{where} has a $; write $$, or Grafana puts an environment variable in its place."
