# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The caches of Thanos: what is right, and what is wrong before Thanos ignores it or does not start."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cache_schema import problems

MEMCACHED = {"addresses": ["dnssrvnoa+_client._tcp.memcached.caches.svc"]}
REDIS = {"addr": "redis.caches.svc:6379"}


def in_memory(**config: Any) -> dict[str, Any]:
    return {"type": "IN-MEMORY", "config": config}


@pytest.mark.parametrize(
    ("kind", "cache"),
    [
        ("responses", {}),
        ("responses", in_memory(max_size="256MB", validity="24h")),
        ("responses", in_memory(max_size_items=1000)),
        ("responses", {"type": "MEMCACHED", "config": {**MEMCACHED, "max_item_size": "1MiB", "expiration": "6h"}}),
        ("responses", {"type": "REDIS", "config": {**REDIS, "tls_enabled": True, "tls_config": {"insecure_skip_verify": True}}}),
        ("index", {**in_memory(max_size="1GB", max_item_size="100MB"), "enabled_items": ["Postings"]}),
        (
            "index",
            {
                "type": "REDIS",
                "config": {"addr": "a:6379", "tls_enabled": True, "tls_config": {"ca_file": "/ca", "min_version": "1.2"}},
            },
        ),
        ("index", {"type": "REDIS", "config": {"addr": "a:6379,b:6379"}}),
        ("index", in_memory(max_size="50MB", max_item_size="10MB")),
        ("index", {"type": "MEMCACHED", "config": {**MEMCACHED, "set_async_circuit_breaker_config": {"failure_percent": 0.05}}}),
        ("bucket", {"type": "MEMCACHED", "config": MEMCACHED, "blocks_iter_ttl": "15s", "chunk_subrange_size": 16000}),
    ],
)
def test_what_thanos_reads_is_right(kind: str, cache: dict[str, Any]) -> None:
    assert problems(cache, "cache", kind) == []


@pytest.mark.parametrize(
    ("kind", "cache", "finding"),
    [
        ("responses", {"config": {}}, " has no type; it is required."),
        ("responses", {"type": "GROUPCACHE", "config": {}}, ".type is GROUPCACHE; must be IN-MEMORY, MEMCACHED or REDIS."),
        ("responses", {"type": "MEMCACHED"}, " has no config; it is required."),
        ("responses", {"type": "MEMCACHED", "config": {}}, ".config has no addresses; it is required."),
        (
            "responses",
            {"type": "MEMCACHED", "config": {"addresses": []}},
            ".config.addresses has 0 entries; must have at least 1.",
        ),
        *(
            (
                kind,
                {"type": "MEMCACHED", "config": {"addresses": [address]}},
                f".config.addresses[0] is {address}; must be host:port, or a name to look up such as "
                "dnssrvnoa+_client._tcp.memcached.caches.svc.",
            )
            for kind, address in {"index": "memcached.caches.svc", "bucket": "dns+memcached", "responses": "a+b:11211"}.items()
        ),
        ("responses", {"type": "REDIS", "config": {}}, ".config has no addr; it is required."),
        (
            "index",
            {"type": "REDIS", "config": {"addr": "r:70000"}},
            ".config.addr is r:70000; must be host:port, several with a comma in between.",
        ),
        (
            "bucket",
            in_memory(max_size="100MB"),
            ".config.max_size is 100MB; must be at least 125MiB, or max_item_size must be set to less.",
        ),
        (
            "index",
            {"type": "REDIS", "config": {**REDIS, "tls_enabled": True, "tls_config": {"cert_file": "/a"}}},
            ".config.tls_config has cert_file and no key_file; one needs the other.",
        ),
        (
            "index",
            {"type": "REDIS", "config": {**REDIS, "tls_config": {"server_name": "redis"}}},
            ".config has tls_config and not tls_enabled; set tls_enabled to true.",
        ),
        (
            "bucket",
            {"type": "MEMCACHED", "config": {**MEMCACHED, "set_async_circuit_breaker_config": {"failure_percent": 5}}},
            ".config.set_async_circuit_breaker_config.failure_percent is 5; must be a share above 0 and of at most 1, "
            "such as 0.05.",
        ),
        (
            "bucket",
            {"type": "MEMCACHED", "config": {**MEMCACHED, "set_async_circuit_breaker_config": {"consecutive_failures": 0}}},
            ".config.set_async_circuit_breaker_config.consecutive_failures is 0; must be a whole number of at least 1.",
        ),
        ("responses", in_memory(), ".config has no max_size; set it, such as 256MB, or max_size_items."),
        ("responses", in_memory(max_size="0B"), ".config has no max_size; set it, such as 256MB, or max_size_items."),
        ("responses", in_memory(max_size="256MB", validty="1h"), ".config has the unknown key validty; did you mean validity?"),
        ("responses", in_memory(max_size="much"), ".config.max_size is much; must be a size such as 10MB or 1GiB."),
        # Of a private authority, whose certificate the Query Frontend could not verify.
        (
            "responses",
            {"type": "REDIS", "config": {**REDIS, "tls_config": {"ca_file": "/ca"}}},
            ".config.tls_config has the unknown key ca_file; it takes insecure_skip_verify.",
        ),
        ("responses", {**in_memory(max_size="1MB"), "ttl": "1h"}, " has the unknown key ttl; it takes config, type."),
        (
            "index",
            in_memory(max_size="1MB", max_item_size="2MB"),
            ".config.max_item_size is 2MB; must not be larger than max_size, 1MB.",
        ),
        (
            "index",
            {**in_memory(max_size="1GB"), "enabled_items": ["Chunks"]},
            ".enabled_items[0] is Chunks; must be Postings, Series or ExpandedPostings.",
        ),
        (
            "bucket",
            {"type": "MEMCACHED", "config": MEMCACHED, "block_iter_ttl": "1m"},
            " has the unknown key block_iter_ttl; did you mean blocks_iter_ttl?",
        ),
    ],
)
def test_what_thanos_would_ignore_or_not_start_with_is_named(kind: str, cache: dict[str, Any], finding: str) -> None:
    assert problems(cache, "cache", kind) == [f"cache{finding}"]


def test_no_finding_shows_a_password() -> None:
    said = problems({"type": "REDIS", "config": {**REDIS, "password": ["hunter2"]}}, "cache", "responses")
    assert said
    assert "hunter2" not in str(said)
