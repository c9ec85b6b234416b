# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How objects of the Prometheus Operator say that something is called over HTTP and relabelled, with secrets by reference.

Source: the CRDs of prometheus-operator v0.93, its pkg/apis/monitoring/v1 and pkg/prometheus/validation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _plain_secrets
from ansible_collections.longterm.metrics.plugins.module_utils._http_client_schema import TLS_VERSION, proxy_findings
from ansible_collections.longterm.metrics.plugins.module_utils._relabel_schema import RELABEL as _NATIVE
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, MapOf, Nested, Schema
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import BOOLEAN, TEXT, URL, text

_KEY = Nested(
    {
        # Somebody may have put the secret itself here.
        "name": text(
            r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*",
            "a name in lower case",
            empty=False,
            secret=True,
        ),
        "key": text(r"(?!\.\.)(?!\.$)[A-Za-z0-9._-]{1,253}", "a key of letters, digits, dots, - and _", secret=True),
        "optional": BOOLEAN,
    },
    required=("name", "key"),
)


@dataclass(frozen=True)
class KeyOf:
    """A key of a Secret or a ConfigMap. Errors do not show any other value: it may be the secret itself."""

    kind: str

    def judge(self, value: Any, where: str) -> Iterator[str]:
        if isinstance(value, dict):
            yield from _KEY.judge(value, where)
        else:
            yield f"{where} must name a key of a {self.kind}, as {{name: NAME, key: KEY}}."


def without_references(settings: Any) -> Any:
    """Settings without the keys of Secrets and ConfigMaps that they name: a name is no secret."""
    if isinstance(settings, dict):
        if {"name", "key"} <= set(settings) <= set(_KEY.fields):
            return {}
        return {name: without_references(value) for name, value in settings.items()}
    return [without_references(value) for value in settings] if isinstance(settings, list | tuple) else settings


def _tls(value: dict[str, Any], where: str) -> Iterator[str]:
    cert, key = (any(name in value for name in names) for names in (("cert", "certFile"), ("keySecret", "keyFile")))
    if cert != key:
        found, missing = ("a certificate", "keySecret") if cert else ("a key", "cert")
        yield f"{where} has {found} and no {missing}; one needs the other."
    least, most = value.get("minVersion", "TLS10"), value.get("maxVersion", "TLS13")
    if least > most:
        yield f"{where}.maxVersion is {most}; must not be lower than minVersion, {least}."


KEY_OF_SECRET = KeyOf("Secret")
_DATA = Nested(
    {"secret": KEY_OF_SECRET, "configMap": KeyOf("ConfigMap")}, required=("secret configMap",), exclusive=("secret configMap",)
)
_TLS_FIELDS: dict[str, Schema] = {
    "ca": _DATA,
    "cert": _DATA,
    "keySecret": KEY_OF_SECRET,
    "serverName": TEXT,
    "insecureSkipVerify": BOOLEAN,
    "minVersion": TLS_VERSION,
    "maxVersion": TLS_VERSION,
}
TLS = Nested(_TLS_FIELDS, relations=_tls)
TLS_WITH_FILES = Nested(
    {**_TLS_FIELDS, **dict.fromkeys(("caFile", "certFile", "keyFile"), TEXT)},
    exclusive=("ca caFile", "cert certFile", "keySecret keyFile"),
    relations=_tls,
)
PROXY: dict[str, Schema] = {
    "proxyUrl": text(
        r"(https?|socks5)://[^\s/@]+(/[^\s@]*)?", "a URL such as http://proxy.example.org:3128, without a password", empty=False
    ),
    "noProxy": TEXT,
    "proxyFromEnvironment": BOOLEAN,
    "proxyConnectHeader": MapOf(ListOf(KEY_OF_SECRET, 1)),
}


# Findings on the options of PROXY that exclude or need each other.
proxy = partial(
    proxy_findings, url="proxyUrl", without="noProxy", environment="proxyFromEnvironment", header="proxyConnectHeader"
)


def _authorization(value: dict[str, Any], where: str) -> Iterator[str]:
    if value.get("type", "").strip().lower() == "basic":
        yield f"{where}.type is {value['type']}; use basicAuth for that."


AUTHORIZATION = Nested({"type": TEXT, "credentials": KEY_OF_SECRET}, required=("credentials",), relations=_authorization)
BASIC_AUTH = Nested({"username": KEY_OF_SECRET, "password": KEY_OF_SECRET}, required=("username", "password"))
OAUTH2 = Nested(
    {
        "clientId": _DATA,
        "clientSecret": KEY_OF_SECRET,
        "tokenUrl": URL,
        "scopes": ListOf(TEXT),
        "endpointParams": MapOf(TEXT),
        "tlsConfig": TLS,
        **PROXY,
    },
    required=("clientId", "clientSecret", "tokenUrl"),
    relations=proxy,
)


def _sigv4(value: dict[str, Any], where: str) -> Iterator[str]:
    if "externalId" in value and not value.get("roleArn"):
        yield f"{where} has externalId and no roleArn; it needs one."


SIGV4 = Nested(
    {
        "accessKey": KEY_OF_SECRET,
        "secretKey": KEY_OF_SECRET,
        **dict.fromkeys(("region", "profile", "roleArn"), TEXT),
        "externalId": text(empty=False),
        "useFIPSSTSEndpoint": BOOLEAN,
    },
    relations=_sigv4,
    together=("accessKey secretKey",),
)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(map(str.capitalize, rest))


# By the name that the operator has for an option, that of Prometheus.
_NAMES = {_camel(name): name for name in _NATIVE.fields}
_SNAKE = re.compile("|".join(name for name in _NATIVE.fields if "_" in name))


def _relabelled(value: dict[str, Any], where: str) -> Iterator[str]:
    """What Prometheus would say, in the words of the operator."""
    for finding in _NATIVE.judge({_NAMES[name]: inner for name, inner in value.items()}, ""):
        yield where + _SNAKE.sub(lambda found: _camel(found[0]), finding)
    target = value.get("targetLabel", "")
    if target.startswith("__param_") and _plain_secrets.is_secret(target) and "$" not in value.get("replacement", "$"):
        yield f"{where}.replacement holds a secret in plain text; take it out, for everybody can read it here."


# The operator reads these, and the same in lower case.
_ACTIONS = (
    *("Replace", "Keep", "Drop", "HashMod", "LabelMap", "LabelDrop", "LabelKeep"),
    *("Lowercase", "Uppercase", "KeepEqual", "DropEqual"),
)
_ACTION = f"one of {', '.join(map(str.lower, _ACTIONS))}"
RELABEL = Nested(
    {
        **{name: _NATIVE.fields[native] for name, native in _NAMES.items()},
        "action": Leaf(str, _ACTION, lambda value: "" if value in (*_ACTIONS, *map(str.lower, _ACTIONS)) else _ACTION),
    },
    relations=_relabelled,
)
