# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._probe_modules import problems

CERTIFICATE = {"tls_config": {"ca_file": "/etc/ca.crt"}}


@pytest.mark.parametrize(
    "module",
    [
        {"prober": "http", "timeout": "1.5s", "http": {"valid_status_codes": [200, 301], "method": "HEAD", **CERTIFICATE}},
        {
            "prober": "http",
            "http": {"fail_if_header_matches": [{"header": "Set-Cookie", "regexp": "a.*", "allow_missing": True}]},
        },
        {"prober": "http", "http": {"enable_http3": True, "enable_http2": False, "valid_http_versions": ["HTTP/3.0"]}},
        {
            "prober": "tcp",
            "tcp": {
                "tls": True,
                "query_response": [{"expect": "^220"}, {"send": "EHLO me"}, {"starttls": True}, {"send": b"\x00"}],
            },
        },
        {"prober": "icmp", "icmp": {"ttl": 5, "payload_size": 56, "source_ip_address": "2001:db8::1"}},
        {"prober": "icmp"},
        {"prober": "dns", "dns": {"query_name": "example.org", "query_type": "AAAA", "valid_rcodes": ["NOERROR"]}},
        {"prober": "grpc", "grpc": {"service": "shop", "metadata": {"tenant": ["a"]}, **CERTIFICATE}},
        {"prober": "unix", "unix": {"query_response": [{"expect_bytes": "ok"}]}},
    ],
)
def test_a_module_that_the_exporter_takes_has_no_findings(module: dict[str, Any]) -> None:
    assert problems({"mine": module}) == []


@pytest.mark.parametrize(
    ("module", "finding"),
    [
        ({}, "m.mine has no prober; it is required."),
        ({"prober": "https"}, "m.mine.prober is https; must be http, tcp, icmp, dns, grpc or unix."),
        ({"prober": "websocket"}, "m.mine.prober is websocket; must be http, tcp, icmp, dns, grpc or unix."),
        ({"prober": "tcp", "timout": "5s"}, "m.mine has the unknown key timout; did you mean timeout?"),
        (
            {"prober": "tcp", "timeout": 5},
            "m.mine.timeout is the number 5; must be a duration such as 30s, 5m or 1h30m, longer than 0.",
        ),
        ({"prober": "tcp", "timeout": "1d"}, "m.mine.timeout is 1d; must be a duration such as 30s, 5m or 1h30m, longer than 0."),
        ({"prober": "tcp", "http": {}}, "m.mine has http, which the prober tcp does not read."),
        ({"prober": "http", "http": None}, "m.mine.http is null; must be a dictionary."),
        (
            {"prober": "http", "http": {"valid_status_code": [200]}},
            "m.mine.http has the unknown key valid_status_code; did you mean valid_status_codes?",
        ),
        (
            {"prober": "http", "http": {"valid_status_codes": ["2xx"]}},
            "m.mine.http.valid_status_codes[0] is text; must be a whole number from 100 to 599.",
        ),
        (
            {"prober": "http", "http": {"valid_status_codes": [20]}},
            "m.mine.http.valid_status_codes[0] is 20; must be a whole number from 100 to 599.",
        ),
        (
            {"prober": "http", "http": {"valid_status_codes": 200}},
            "m.mine.http.valid_status_codes is the number 200; must be a list.",
        ),
        (
            {"prober": "http", "http": {"fail_if_body_matches_regexp": ["(?!ok)"]}},
            "m.mine.http.fail_if_body_matches_regexp[0] is (?!ok); must be a regular expression: RE2 has no lookaheads.",
        ),
        (
            {"prober": "http", "http": {"fail_if_header_matches": [{"header": "a"}]}},
            "m.mine.http.fail_if_header_matches[0] has no regexp; it is required.",
        ),
        (
            {"prober": "http", "http": {"fail_if_ssl": True, "fail_if_not_ssl": True}},
            "m.mine.http has fail_if_ssl and fail_if_not_ssl, so every probe would fail; only one of them is allowed.",
        ),
        (
            {"prober": "http", "http": {"valid_http_versions": ["HTTP/3.0"]}},
            "m.mine.http.valid_http_versions has HTTP/3.0, which needs enable_http3.",
        ),
        (
            {"prober": "http", "http": {"enable_http3": True}},
            "m.mine.http.enable_http2 is true; must be false with enable_http3.",
        ),
        (
            {"prober": "http", "http": {"enable_http3": True, "enable_http2": False, "valid_http_versions": ["HTTP/1.1"]}},
            "m.mine.http.valid_http_versions is HTTP/1.1; must be HTTP/3.0 alone with enable_http3.",
        ),
        (
            {"prober": "http", "http": {"tls_config": {"insecure_skip": True}}},
            "m.mine.http.tls_config has the unknown key insecure_skip; did you mean insecure_skip_verify?",
        ),
        (
            {"prober": "http", "http": {"body": "a", "body_file": "b"}},
            "m.mine.http has body and body_file; only one of body, body_file is allowed.",
        ),
        (
            {"prober": "tcp", "tcp": {"query_response": [{"expect": "a", "expect_bytes": "b"}]}},
            "m.mine.tcp.query_response[0] has expect and expect_bytes; only one of expect, expect_bytes is allowed.",
        ),
        (
            {"prober": "icmp", "icmp": {"preferred_ip_protocol": "ipv4"}},
            "m.mine.icmp.preferred_ip_protocol is ipv4; must be ip4 or ip6.",
        ),
        ({"prober": "icmp", "icmp": {"ttl": 256}}, "m.mine.icmp.ttl is 256; must be a whole number from 0 to 255."),
        (
            {"prober": "dns", "dns": {"query_name": "a", "query_type": "AAA"}},
            "m.mine.dns.query_type is AAA; must be a type of DNS records such as A or AAAA.",
        ),
        (
            {"prober": "dns", "dns": {"query_name": "a", "valid_rcodes": ["OK"]}},
            "m.mine.dns.valid_rcodes[0] is OK; must be a code of DNS answers such as NOERROR or NXDOMAIN.",
        ),
        ({"prober": "dns"}, "m.mine has no dns; the prober dns needs its query_name."),
        ({"prober": "dns", "dns": {}}, "m.mine.dns has no query_name; it is required."),
        (
            {"prober": "dns", "dns": {"query_name": "a", "validate_answer_rrs": {"fail_if_matches_regex": []}}},
            "m.mine.dns.validate_answer_rrs has the unknown key fail_if_matches_regex; did you mean fail_if_matches_regexp?",
        ),
        ({"prober": "grpc", "grpc": {"metadata": {"a": "b"}}}, "m.mine.grpc.metadata.a is text; must be a list."),
    ],
)
def test_a_module_that_the_exporter_refuses_or_passes_over_is_named(module: dict[str, Any], finding: str) -> None:
    assert problems({"mine": module}, "m") == [finding]


@pytest.mark.parametrize("given", [None, [], "http", 1])
def test_what_is_no_dictionary_is_refused_by_name(given: Any) -> None:
    (finding,) = problems(given)
    assert finding.startswith("blackbox_exporter_modules is ")
    assert finding.endswith("; must be a dictionary.")
