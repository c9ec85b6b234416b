# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Prometheus, and what shares its libraries, calls something over HTTP: the keys and values of a client's configuration.

https://prometheus.io/docs/prometheus/latest/configuration/configuration/#http_config
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, MapOf, Nested, Schema
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import BOOLEAN, SECRET, TEXT, URL, choice, text

# What a client sets itself.
_RESERVED = re.compile(
    "accept-encoding|authorization|connection|content-(encoding|length|type)|host|keep-alive|proxy-(authenticate|authorization)"
    "|user-agent|www-authenticate|x-amz-(content-sha256|date|security-token)|x-prometheus-remote-(read|write)-version"
    "|x-prometheus-scrape-timeout-seconds",
    re.IGNORECASE,
)
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"

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
)
_PROXY: dict[str, Schema] = {
    "proxy_url": text(
        r"(https?|socks5h?)://[^\s/@]+(/[^\s@]*)?", "a URL such as http://proxy.example.org:3128, without a password"
    ),
    "no_proxy": TEXT,
    "proxy_from_environment": BOOLEAN,
    "proxy_connect_header": MapOf(ListOf(SECRET)),
}
_BASIC_AUTH = Nested(
    {"username": TEXT, "username_file": TEXT, "password": SECRET, "password_file": TEXT},
    exclusive=("username username_file", "password password_file"),
)


def _not_basic(value: dict[str, Any], where: str) -> Iterator[str]:
    if str(value.get("type", "")).strip().lower() == "basic":
        yield f"{where}.type is {value['type']}; use basic_auth for that."


_AUTHORIZATION = Nested(
    {"type": TEXT, "credentials": SECRET, "credentials_file": TEXT},
    exclusive=("credentials credentials_file",),
    relations=_not_basic,
)
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
)


def _header(name: str) -> str:
    return "another header than this one, which the client sets itself" if _RESERVED.fullmatch(name) else ""


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
        Nested({"values": ListOf(TEXT), "secrets": ListOf(SECRET), "files": ListOf(TEXT)}),
        key=Leaf(str, "the name of a header", _header),
    ),
    **_PROXY,
}
ONE_LOGIN = "basic_auth authorization oauth2 bearer_token bearer_token_file"
