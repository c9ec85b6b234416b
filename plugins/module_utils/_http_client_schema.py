# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Prometheus, and what shares its libraries, calls something over HTTP: the keys and values of a client's configuration.

https://prometheus.io/docs/prometheus/latest/configuration/configuration/#http_config
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _http_headers
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, MapOf, Nested, Schema
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import BOOLEAN, SECRET, TEXT, URL, choice, text

_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def _header(name: str) -> str:
    return "another header than this one, which the client sets itself" if _http_headers.is_reserved(name) else _header_name(name)


def _header_name(name: str) -> str:
    return "" if _http_headers.is_name(name) else HEADER_NAME.form


HEADER_NAME = Leaf(str, "the name of a header such as X-Scope-OrgID", _header_name)
HEADER_VALUE = text(_http_headers.VALUE, "text in one line")
OWN_HEADER = Leaf(str, HEADER_NAME.form, _header)


def _tls(value: dict[str, Any], where: str) -> Iterator[str]:
    cert, key = (any(value.get(name) for name in names) for names in (("cert", "cert_file"), ("key", "key_file")))
    if cert != key:
        found, missing = ("a certificate", "key_file") if cert else ("a key", "cert_file")
        yield f"{where} has {found} and no {missing}; one needs the other."
    least, most = value.get("min_version", "TLS10"), value.get("max_version", "TLS13")
    if least > most:
        yield f"{where}.max_version is {most}; must not be lower than min_version, {least}."


def proxy_findings(
    value: dict[str, Any],
    where: str,
    *,
    url: str = "proxy_url",
    without: str = "no_proxy",
    environment: str = "proxy_from_environment",
    header: str = "proxy_connect_header",
) -> Iterator[str]:
    """Findings on the options of a proxy that exclude or need each other; the keywords name the options."""
    from_environment = value.get(environment, False)
    for name in (url, without):
        if from_environment and value.get(name):
            yield f"{where} has {name} and {environment}; only one of the two is allowed."
    for name in (without, header):
        if not from_environment and value.get(name) and url not in value:
            yield f"{where} has {name} and no {url}; it needs one."


TLS_VERSION = choice("TLS10", "TLS11", "TLS12", "TLS13")
TLS = Nested(
    {
        **dict.fromkeys(("ca", "ca_file", "cert", "cert_file", "key_file", "server_name"), TEXT),
        "key": SECRET,
        "insecure_skip_verify": BOOLEAN,
        "min_version": TLS_VERSION,
        "max_version": TLS_VERSION,
    },
    exclusive=("ca ca_file", "cert cert_file", "key key_file"),
    relations=_tls,
)
_PROXY: dict[str, Schema] = {
    "proxy_url": text(
        r"(https?|socks5h?)://[^\s/@]+(/[^\s@]*)?", "a URL such as http://proxy.example.org:3128, without a password"
    ),
    "no_proxy": TEXT,
    "proxy_from_environment": BOOLEAN,
    "proxy_connect_header": MapOf(ListOf(SECRET), key=HEADER_NAME),
}
_BASIC_AUTH = Nested(
    {"username": TEXT, "username_file": TEXT, "password": SECRET, "password_file": TEXT},
    required=("username username_file",),
    exclusive=("username username_file", "password password_file"),
)


def _authorization(value: dict[str, Any], where: str) -> Iterator[str]:
    if value.get("type", "").strip().lower() == "basic":
        yield f"{where}.type is {value['type']}; use basic_auth for that."
    elif not {"credentials", "credentials_file"} & set(value):
        yield f"{where} has no credentials_file; it is required."


_AUTHORIZATION = Nested(
    {"type": TEXT, "credentials": SECRET, "credentials_file": TEXT},
    exclusive=("credentials credentials_file",),
    relations=_authorization,
)


def _oauth2(value: dict[str, Any], where: str) -> Iterator[str]:
    yield from proxy_findings(value, where)
    key, jwt = any(name.startswith("client_certificate_key") for name in value), value.get("grant_type") == _JWT
    if jwt and not key:
        yield f"{where} has no client_certificate_key_file; the grant type {_JWT} needs it."
    if key and not jwt:
        yield f"{where} has a client_certificate_key, which only the grant type {_JWT} reads."


_OAUTH2 = Nested(
    {
        **dict.fromkeys(("client_id", "client_secret_file", "client_certificate_key_id", "client_certificate_key_file"), TEXT),
        **dict.fromkeys(("client_secret", "client_certificate_key"), SECRET),
        "grant_type": choice("client_credentials", _JWT),
        "signature_algorithm": choice("RS256", "RS384", "RS512"),
        "iss": TEXT,
        "audience": TEXT,
        # Whatever a token may claim.
        "claims": MapOf(Leaf((str, int, float, bool, list, dict), "a value")),
        "scopes": ListOf(TEXT),
        "token_url": URL,
        "endpoint_params": MapOf(TEXT),
        "tls_config": TLS,
        **_PROXY,
    },
    required=("client_id", "token_url"),
    exclusive=("client_secret client_secret_file", "client_certificate_key client_certificate_key_file"),
    relations=_oauth2,
)


HTTP_CLIENT: dict[str, Schema] = {
    "basic_auth": _BASIC_AUTH,
    "authorization": _AUTHORIZATION,
    "oauth2": _OAUTH2,
    "bearer_token": SECRET,
    "bearer_token_file": TEXT,
    "tls_config": TLS,
    "follow_redirects": BOOLEAN,
    "enable_http2": BOOLEAN,
    "http_headers": MapOf(
        Nested({"values": ListOf(HEADER_VALUE), "secrets": ListOf(SECRET), "files": ListOf(TEXT)}),
        key=OWN_HEADER,
    ),
    **_PROXY,
}


def http_client(
    fields: Mapping[str, Schema],
    *,
    required: tuple[str, ...] = (),
    exclusive: tuple[str, ...] = (),
    relations: Callable[[dict[str, Any], str], Iterator[str]] | None = None,
) -> Nested:
    """A dictionary with these keys and those of a client, which has one way to authenticate and one to its proxy."""

    def all_relations(value: dict[str, Any], where: str) -> Iterator[str]:
        yield from proxy_findings(value, where)
        if relations:
            yield from relations(value, where)

    login = "basic_auth authorization oauth2 bearer_token bearer_token_file"
    return Nested({**fields, **HTTP_CLIENT}, required, (login, *exclusive), all_relations)
