# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RemoteWriteSpecs of the operator's Prometheus object, for a Prometheus without an operator.

Source: pkg/prometheus/promcfg.go of prometheus-operator v0.93, and remote_write of
https://prometheus.io/docs/prometheus/latest/configuration/configuration/.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Where a Prometheus without an operator finds the keys of Secrets and ConfigMaps that entries name.
MOUNTED = "/etc/prometheus/remote-write"
# Native options whose names are not the operator's in snake case.
_NATIVE = {
    "azureAd": "azuread",
    "messageVersion": "protobuf_message",
    "retryOnRateLimit": "retry_on_http_429",
    "useFIPSSTSEndpoint": "use_fips_sts_endpoint",
}
_MESSAGES = {"V1.0": "prometheus.WriteRequest", "V2.0": "io.prometheus.write.v2.Request"}
# Options whose keys are the user's own.
_OWN_KEYS = ("headers", "endpointParams")
# Options that hold a key of a Secret or a ConfigMap, and the native ones that name its file.
_FILES = {
    ("basicAuth", "username"): "username_file",
    ("basicAuth", "password"): "password_file",
    ("authorization", "credentials"): "credentials_file",
    ("oauth2", "clientSecret"): "client_secret_file",
    ("tlsConfig", "ca"): "ca_file",
    ("tlsConfig", "cert"): "cert_file",
    ("tlsConfig", "keySecret"): "key_file",
}


@dataclass(frozen=True, order=True)
class Reference:
    """A key of a Secret or a ConfigMap; `kind` is `secret` or `configMap`."""

    kind: str
    name: str
    key: str
    optional: bool = False


@dataclass
class Native:
    """Entries as Prometheus reads them.

    `references` are the keys of Secrets and ConfigMaps that they name, `files` those that Prometheus reads from a file, and
    `unread` the paths of options with a key that it does not.
    """

    references: set[Reference] = field(default_factory=set)
    files: set[Reference] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)

    def entries(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [self.options(entry, entry["name"]) for entry in entries]

    def options(self, options: Mapping[str, Any], where: str, parent: str = "") -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, value in options.items():
            place = f"{where}.{name}"
            if name in _OWN_KEYS:
                made[_snake(name)] = value
            elif name == "proxyConnectHeader":
                self.unread.append(place)
                self.references |= {key for keys in value.values() for key in map(_reference, keys) if key}
            elif not (reference := _reference(value)):
                made[_NATIVE.get(name) or _snake(name)] = self._value(name, value, place)
            elif option := _FILES.get((parent, name)):
                self.references.add(reference)
                self.files.add(reference)
                made[option] = "/".join((MOUNTED, reference.kind, reference.name, reference.key))
            else:
                self.references.add(reference)
                self.unread.append(place)
        return made

    def _value(self, name: str, value: Any, where: str) -> Any:
        if name == "messageVersion":
            return _MESSAGES[value]
        if name == "writeRelabelConfigs":
            return [
                {_snake(option): inner.lower() if option == "action" else inner for option, inner in rule.items()}
                for rule in value
            ]
        return self.options(value, where, name) if isinstance(value, dict) else value


def _reference(value: Any) -> Reference | None:
    if not isinstance(value, dict):
        return None
    for kind in ("secret", "configMap"):
        if kind in value:
            return Reference(kind, value[kind]["name"], value[kind]["key"], value[kind].get("optional", False))
    return Reference("secret", value["name"], value["key"], value.get("optional", False)) if "key" in value else None


def _snake(name: str) -> str:
    return re.sub("([A-Z]+)", r"_\1", name).lower()
