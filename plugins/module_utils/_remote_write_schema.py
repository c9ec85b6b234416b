# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RemoteWriteSpecs of the operator's Prometheus object: what the operator or Prometheus would refuse.

Source: the CRD Prometheus of prometheus-operator v0.93, and validateRemoteWriteSpec of its pkg/prometheus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _duration
from ansible_collections.longterm.metrics.plugins.module_utils._http_client_schema import HEADER_VALUE, OWN_HEADER
from ansible_collections.longterm.metrics.plugins.module_utils._operator_client_schema import (
    AUTHORIZATION,
    BASIC_AUTH,
    KEY_OF_SECRET,
    OAUTH2,
    PROXY,
    RELABEL,
    SIGV4,
    TLS_WITH_FILES,
    proxy,
)
from ansible_collections.longterm.metrics.plugins.module_utils._remote_write import Native
from ansible_collections.longterm.metrics.plugins.module_utils._schema import ListOf, MapOf, Nested, Schema
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import BOOLEAN, URL, choice, duration, integer, text

# The entry of Thanos Receive.
RECEIVE = "thanos-receive"

_TENANT = text(r"[0-9a-zA-Z.-]+", "a tenant of letters, digits, - and .", empty=False)
_UUID = text("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", "a UUID", empty=False)
_COUNT = integer(1, 2**31 - 1)


def _different(headers: dict[str, Any], where: str) -> Iterator[str]:
    """Names of headers have no case."""
    seen: dict[str, str] = {}
    for name in headers:
        if (first := seen.setdefault(name.lower(), name)) != name:
            yield f"{where} has {first} and {name}, which are one header; keep one."


def _headers_too(value: dict[str, Any], where: str) -> Iterator[str]:
    yield from proxy(value, where)
    yield from _different(value.get("headers", {}), f"{where}.headers")


def _ordered(value: dict[str, Any], where: str) -> Iterator[str]:
    least, most = value.get("minShards", 1), value.get("maxShards", 50)
    if least > most:
        yield f"{where}.maxShards is {most}; must be at least minShards, {least}."
    soonest, latest = value.get("minBackoff", "30ms"), value.get("maxBackoff", "5s")
    if (_duration.seconds(soonest) or 0) > (_duration.seconds(latest) or 0):
        yield f"{where}.maxBackoff is {latest}; must be at least minBackoff, {soonest}."


_QUEUE = Nested(
    {
        **dict.fromkeys(("capacity", "minShards", "maxShards", "maxSamplesPerSend"), _COUNT),
        **dict.fromkeys(("batchSendDeadline", "minBackoff", "maxBackoff"), duration(zero=False)),
        "sampleAgeLimit": duration(),
        "retryOnRateLimit": BOOLEAN,
    },
    relations=_ordered,
)
_AZURE = Nested(
    {
        "cloud": choice("AzurePublic", "AzureChina", "AzureGovernment"),
        "managedIdentity": Nested({"clientId": _UUID}),
        "workloadIdentity": Nested({"clientId": _UUID, "tenantId": _UUID}, required=("clientId", "tenantId")),
        "oauth": Nested(
            {"clientId": _UUID, "clientSecret": KEY_OF_SECRET, "tenantId": _TENANT},
            required=("clientId", "clientSecret", "tenantId"),
        ),
        "sdk": Nested({"tenantId": _TENANT}),
        "scope": text(r"[\w\s:/.\\-]+", "a scope such as https://monitor.azure.com/.default", empty=False),
    },
    required=("managedIdentity workloadIdentity oauth sdk",),
    exclusive=("managedIdentity workloadIdentity oauth sdk",),
)
_OPTIONS: dict[str, Schema] = {
    "remoteTimeout": duration(zero=False),
    "messageVersion": choice("V1.0", "V2.0"),
    "sendExemplars": BOOLEAN,
    "sendNativeHistograms": BOOLEAN,
    "roundRobinDNS": BOOLEAN,
    "headers": MapOf(HEADER_VALUE, key=OWN_HEADER),
    "writeRelabelConfigs": ListOf(RELABEL),
    "queueConfig": _QUEUE,
    "metadataConfig": Nested({"send": BOOLEAN, "sendInterval": duration(zero=False), "maxSamplesPerSend": _COUNT}),
    "tlsConfig": TLS_WITH_FILES,
    "authorization": AUTHORIZATION,
    "basicAuth": BASIC_AUTH,
    "oauth2": OAUTH2,
    "sigv4": SIGV4,
    "azureAd": _AZURE,
    "followRedirects": BOOLEAN,
    "enableHTTP2": BOOLEAN,
    **PROXY,
}
_LOGINS = ("authorization basicAuth oauth2 sigv4 azureAd",)
_NAME = text(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?", "a name of letters, digits, - and _ such as grafana-cloud", empty=False)
_SCHEMA = ListOf(
    Nested({"name": _NAME, "url": URL, **_OPTIONS}, required=("name", "url"), exclusive=_LOGINS, relations=_headers_too),
    unique="name",
)
_RECEIVE_SCHEMA = Nested(
    # Receive reads no other version of the protocol, keeps no metadata, and is asked for no login.
    {name: schema for name, schema in _OPTIONS.items() if name not in ("messageVersion", "metadataConfig", *_LOGINS[0].split())},
    relations=_headers_too,
)


# Since which release of Prometheus there is an option; the operator leaves it out or refuses it for an earlier one.
_SINCE = {
    "messageVersion": "2.54.0",
    "queueConfig.sampleAgeLimit": "2.50.0",
    "roundRobinDNS": "3.1.0",
    "azureAd.workloadIdentity": "3.7.0",
    "azureAd.scope": "3.9.0",
}


def problems(entries: Any, engine: str, version: str, variable: str = "prometheus_remote_write") -> list[str]:
    """What is wrong with the entries, in full sentences; `engine` and `version` are those of Prometheus."""
    found = [*_SCHEMA.judge(entries, variable)]
    if found:
        return found
    for number, entry in enumerate(entries):
        where = f"{variable}[{number}]"
        if entry["name"] == RECEIVE:
            found.append(f"{where}.name is {RECEIVE}; must be another name: the entry for our own Thanos Receive has it.")
        found += _too_new(entry, version, where)
        if engine == "standalone":
            found += _without_file(entry, where)
    return found


def receive_problems(options: Any, engine: str, version: str, variable: str = "prometheus_receive_options") -> list[str]:
    """What is wrong with the options for the entry of Thanos Receive, in full sentences."""
    found = [*_RECEIVE_SCHEMA.judge(options, variable)]
    if found:
        return found
    return _too_new(options, version, variable) + (_without_file(options, variable) if engine == "standalone" else [])


def _too_new(entry: Mapping[str, Any], version: str, where: str) -> list[str]:
    found = []
    for path, since in _SINCE.items():
        section, _dot, name = path.rpartition(".")
        if name in (entry.get(section, {}) if section else entry) and _numbers(version) < _numbers(since):
            found.append(f"{where}.{path} must be left out with prometheus_version {version}: Prometheus has it since v{since}.")
    return found


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:3]))


def _without_file(entry: Mapping[str, Any], where: str) -> list[str]:
    made = Native()
    made.options(entry, where)
    return [
        f"{place} must be left out with prometheus_engine standalone: Prometheus does not read it from a file."
        for place in made.unread
    ]
