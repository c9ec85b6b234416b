# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules of blackbox_exporter 0.28 in blackbox_exporter_modules: what the exporter would refuse, or pass over.

https://github.com/prometheus/blackbox_exporter/blob/v0.28.0/CONFIGURATION.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._http_client_schema import (
    HEADER_NAME,
    HEADER_VALUE,
    TLS,
    http_client,
)
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, MapOf, Nested, Schema
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import (
    BOOLEAN,
    REGEX,
    SIZE,
    TEXT,
    choice,
    duration,
    integer,
    text,
)

# As blackbox_exporter's library for DNS calls them.
_TYPES = (
    "A|AAAA|AFSDB|AMTRELAY|ANY|APL|ATMA|AVC|AXFR|CAA|CDNSKEY|CDS|CERT|CNAME|CSYNC|DHCID|DLV|DNAME|DNSKEY|DS|EID|EUI48|EUI64|GID"
    "|GPOS|HINFO|HIP|HTTPS|IPSECKEY|ISDN|IXFR|KEY|KX|L32|L64|LOC|LP|MAILA|MAILB|MB|MD|MF|MG|MINFO|MR|MX|NAPTR|NID|NIMLOC|NINFO"
    "|NS|NSAP-PTR|NSEC|NSEC3|NSEC3PARAM|NULL|NXNAME|NXT|OPENPGPKEY|OPT|PTR|PX|RESINFO|RKEY|RP|RRSIG|RT|SIG|SMIMEA|SOA|SPF|SRV"
    "|SSHFP|SVCB|TA|TALINK|TKEY|TLSA|TSIG|TXT|UID|UINFO|UNSPEC|URI|X25|ZONEMD"
)
_CODES = (
    "NOERROR|FORMERR|SERVFAIL|NXDOMAIN|NOTIMP|REFUSED|YXDOMAIN|YXRRSET|NXRRSET|NOTAUTH|NOTZONE|DSOTYPENI|BADSIG|BADVERS|BADKEY"
    "|BADTIME|BADMODE|BADNAME|BADALG|BADTRUNC|BADCOOKIE"
)
# What is sent may be no text (!!binary).
_BYTES = Leaf((str, bytes), "text, in quotes")
_IP: dict[str, Schema] = {"preferred_ip_protocol": choice("ip4", "ip6"), "ip_protocol_fallback": BOOLEAN}
_SOURCE: dict[str, Schema] = {"source_ip_address": text("[0-9A-Fa-f:.]+", "an IP address")}
_TLS: dict[str, Schema] = {"tls": BOOLEAN, "tls_config": TLS}
_HEADERS = ListOf(
    Nested(
        {"header": HEADER_NAME, "regexp": REGEX, "allow_missing": BOOLEAN},
        required=("header", "regexp"),
    )
)
_TALK = ListOf(
    Nested(
        {
            "expect": REGEX,
            "expect_bytes": _BYTES,
            "send": _BYTES,
            "starttls": BOOLEAN,
            "labels": ListOf(Nested({"name": TEXT, "value": TEXT}, required=("name", "value"))),
        },
        exclusive=("expect expect_bytes",),
    )
)
_ANSWERS = Nested(
    dict.fromkeys(
        (
            "fail_if_matches_regexp",
            "fail_if_all_match_regexp",
            "fail_if_not_matches_regexp",
            "fail_if_none_matches_regexp",
        ),
        ListOf(REGEX),
    )
)


def _http(value: dict[str, Any], where: str) -> Iterator[str]:
    if value.get("fail_if_ssl") and value.get("fail_if_not_ssl"):
        yield f"{where} has fail_if_ssl and fail_if_not_ssl, so every probe would fail; only one of them is allowed."
    versions = value.get("valid_http_versions", [])
    if not value.get("enable_http3"):
        if "HTTP/3.0" in versions:
            yield f"{where}.valid_http_versions has HTTP/3.0, which needs enable_http3."
        return
    if set(versions) - {"HTTP/3.0"}:
        yield f"{where}.valid_http_versions is {', '.join(versions)}; must be HTTP/3.0 alone with enable_http3."
    if value.get("enable_http2", True):
        yield f"{where}.enable_http2 is true; must be false with enable_http3."


_HTTP = http_client(
    {
        **_IP,
        "valid_status_codes": ListOf(integer(100, 599)),
        "valid_http_versions": ListOf(choice("HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0")),
        **dict.fromkeys(
            ("skip_resolve_phase_with_proxy", "no_follow_redirects", "fail_if_ssl", "fail_if_not_ssl", "enable_http3"), BOOLEAN
        ),
        "method": text("[A-Z]+", "a method such as GET, in capital letters"),
        "headers": MapOf(HEADER_VALUE, key=HEADER_NAME),
        **dict.fromkeys(("fail_if_body_matches_regexp", "fail_if_body_not_matches_regexp"), ListOf(REGEX)),
        **dict.fromkeys(("fail_if_body_json_matches_cel", "fail_if_body_json_not_matches_cel"), text(empty=False)),
        **dict.fromkeys(("fail_if_header_matches", "fail_if_header_not_matches"), _HEADERS),
        "body": TEXT,
        "body_file": TEXT,
        "compression": choice("gzip", "deflate", "br", "identity"),
        "body_size_limit": SIZE,
    },
    exclusive=("body body_file", "follow_redirects no_follow_redirects"),
    relations=_http,
)
_DNS = Nested(
    {
        **_IP,
        **_SOURCE,
        "dns_over_tls": BOOLEAN,
        "tls_config": TLS,
        "transport_protocol": choice("udp", "tcp"),
        "query_name": text(empty=False),
        "query_type": text(_TYPES, "a type of DNS records such as A or AAAA"),
        "query_class": choice("IN", "CS", "CH", "HS", "NONE", "ANY"),
        "recursion_desired": BOOLEAN,
        "valid_rcodes": ListOf(text(_CODES, "a code of DNS answers such as NOERROR or NXDOMAIN")),
        **dict.fromkeys(("validate_answer_rrs", "validate_authority_rrs", "validate_additional_rrs"), _ANSWERS),
    },
    required=("query_name",),
)
# What each prober reads.
PROBERS: dict[str, Schema] = {
    "http": _HTTP,
    "tcp": Nested({**_IP, **_SOURCE, **_TLS, "query_response": _TALK}),
    "icmp": Nested({**_IP, **_SOURCE, "payload_size": integer(0, 65507), "dont_fragment": BOOLEAN, "ttl": integer(0, 255)}),
    "dns": _DNS,
    "grpc": Nested({**_IP, **_TLS, "service": TEXT, "metadata": MapOf(ListOf(HEADER_VALUE), key=HEADER_NAME)}),
    "unix": Nested({**_TLS, "query_response": _TALK}),
}


def _module(value: dict[str, Any], where: str) -> Iterator[str]:
    prober = value["prober"]
    for name in PROBERS:
        if name in value and name != prober:
            yield f"{where} has {name}, which the prober {prober} does not read."
    if prober == "dns" and "dns" not in value:
        yield f"{where} has no dns; the prober dns needs its query_name."


_SCHEMA: Schema = MapOf(
    Nested(
        {"prober": choice(*PROBERS), "timeout": duration(zero=False, go=True), **PROBERS},
        required=("prober",),
        relations=_module,
    )
)


def problems(modules: Any, variable: str = "blackbox_exporter_modules") -> list[str]:
    """What is wrong, in full sentences that begin with the path of the value."""
    return [*_SCHEMA.judge(modules, variable)]
