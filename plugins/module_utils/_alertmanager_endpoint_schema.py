# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AlertmanagerEndpoints of the operator's Prometheus object in prometheus_alertmanagers: what the operator would refuse.

Source: the CRD Prometheus of prometheus-operator v0.93, and its pkg/prometheus/server/operator.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._operator_client_schema import (
    AUTHORIZATION,
    BASIC_AUTH,
    PROXY,
    RELABEL,
    SIGV4,
    TLS_WITH_FILES,
    proxy,
)
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, Nested, shown
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import BOOLEAN, TEXT, choice, duration, text

_PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?", re.ASCII)
# The operator takes a number in quotes for a name.
_PORT = "a port from 1 to 65535, without quotes, or the name of one such as web"
# The Services of the role alertmanager and of the operator, with their ports.
OWN = {"alertmanager": ("http", 9093), "alertmanager-operated": ("web", 9093)}


def _is_port(value: int | str) -> bool:
    return bool(_PORT_NAME.fullmatch(value)) if isinstance(value, str) else 1 <= value <= 65535


_SCHEMA = ListOf(
    Nested(
        {
            "name": text(empty=False),
            "namespace": text(empty=False),
            "port": Leaf((int, str), _PORT, lambda value: "" if _is_port(value) else _PORT),
            "scheme": choice("http", "https"),
            "pathPrefix": text(
                r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*/?", "a path that begins with /, without . and .. in it", empty=False
            ),
            # The only one that Alertmanager has.
            "apiVersion": choice("v2"),
            "timeout": duration(zero=False),
            "enableHttp2": BOOLEAN,
            "tlsConfig": TLS_WITH_FILES,
            "authorization": AUTHORIZATION,
            "basicAuth": BASIC_AUTH,
            "sigv4": SIGV4,
            "bearerTokenFile": TEXT,
            "relabelings": ListOf(RELABEL),
            "alertRelabelings": ListOf(RELABEL),
            **PROXY,
        },
        required=("name", "port"),
        exclusive=("authorization basicAuth sigv4 bearerTokenFile",),
        relations=proxy,
    )
)


def problems(alertmanagers: Any, variable: str = "prometheus_alertmanagers") -> list[str]:
    """What is wrong, in full sentences."""
    return [*_SCHEMA.judge(alertmanagers, variable)]


def own_problems(
    alertmanagers: list[dict[str, Any]], namespace: str, prefix: str, variable: str = "prometheus_alertmanagers"
) -> list[str]:
    """A sentence for each entry that asks our own Alertmanager, in `namespace`, where it does not answer."""
    found = []
    for number, entry in enumerate(alertmanagers):
        if entry in alertmanagers[:number]:
            found.append(f"{variable}[{number}] is there twice; keep one.")
        if is_own(entry, namespace):
            found += [f"{variable}[{number}]{problem}" for problem in _of_own(entry, prefix)]
    return found


def _of_own(entry: dict[str, Any], prefix: str) -> Iterator[str]:
    ports = OWN[entry["name"]]
    if entry.get("port") not in ports:
        yield f".port is {shown(entry.get('port'))}; must be {' or '.join(map(str, ports))}, where our Alertmanager answers."
    if str(entry.get("scheme", "http")).lower() != "http":
        yield f".scheme is {shown(entry['scheme'])}; must be http, by which our Alertmanager answers."
    if str(entry.get("pathPrefix", "")).rstrip("/") != prefix:
        yield f"{_seen(entry)}; {_wanted(prefix)}."


def is_own(entry: dict[str, Any], namespace: str) -> bool:
    """Whether an entry is our own Alertmanager."""
    return entry.get("name") in OWN and entry.get("namespace", namespace) == namespace


def _seen(entry: dict[str, Any]) -> str:
    return f".pathPrefix is {shown(entry['pathPrefix'])}" if "pathPrefix" in entry else " has no pathPrefix"


def _wanted(prefix: str) -> str:
    return f"must be {prefix}, where our Alertmanager answers" if prefix else "must be left out: our Alertmanager answers at /"
