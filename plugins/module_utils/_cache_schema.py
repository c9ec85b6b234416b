# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The caches of Thanos: of the answers to queries, of the index of blocks, and of the bucket.

Thanos ignores unknown options of most of them. Source: pkg/queryfrontend/config.go, pkg/store/cache and pkg/cacheutil of
Thanos v0.42, and https://thanos.io/tip/components/store.md/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _size
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, Nested, Schema, shown
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import (
    BOOLEAN,
    GO_DURATION,
    SECRET,
    TEXT,
    choice,
    duration,
    integer,
    text,
)

# What Thanos takes for max_item_size where it is not set.
_LARGEST_ITEM = "125MiB"
_SIZE = text(_size.PATTERN, "a size such as 10MB or 1GiB")
_COUNT = integer(0)
_AT_LEAST_ONE = integer(1)
# Only a record of services says the port.
_PORT = r":0*([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])"
_SERVER = rf"(dnssrv|dnssrvnoa)\+[^\s/@,+]+|((dns|dnsdualstack)\+)?[^\s/@,+]+{_PORT}"
_ADDRESS = text(_SERVER, "host:port, or a name to look up such as dnssrvnoa+_client._tcp.memcached.caches.svc", empty=False)
_ADDRESSES = text(rf"[^\s/@,]+{_PORT}(,[^\s/@,]+{_PORT})*", "host:port, several with a comma in between", empty=False)
_SHARE = "a share above 0 and of at most 1, such as 0.05"
_BREAKER = Nested(
    {
        "enabled": BOOLEAN,
        "open_duration": GO_DURATION,
        "failure_percent": Leaf((int, float), _SHARE, lambda value: "" if 0 < value <= 1 else _SHARE),
        **dict.fromkeys(("half_open_max_requests", "min_requests"), _COUNT),
        "consecutive_failures": _AT_LEAST_ONE,
    }
)
_ASYNC: Mapping[str, Schema] = {
    "max_async_concurrency": _AT_LEAST_ONE,
    "max_async_buffer_size": _AT_LEAST_ONE,
}
# The Query Frontend does not read it.
_BROKEN: Mapping[str, Schema] = {"set_async_circuit_breaker_config": _BREAKER}
_MEMCACHED: Mapping[str, Schema] = {
    **_ASYNC,
    "addresses": ListOf(_ADDRESS, least=1, unique=True),
    "timeout": GO_DURATION,
    "max_idle_connections": _COUNT,
    "max_get_multi_concurrency": _COUNT,
    "max_get_multi_batch_size": _COUNT,
    "max_item_size": _SIZE,
    "dns_provider_update_interval": duration(zero=False, go=True),
    "auto_discovery": BOOLEAN,
}
_TLS = dict.fromkeys(("ca_file", "cert_file", "key_file", "server_name"), TEXT)
_REDIS: Mapping[str, Schema] = {
    **_ASYNC,
    "addr": _ADDRESSES,
    "username": TEXT,
    "password": SECRET,
    "db": _COUNT,
    "master_name": TEXT,
    "tls_enabled": BOOLEAN,
    **dict.fromkeys(("dial_timeout", "read_timeout", "write_timeout"), GO_DURATION),
    **dict.fromkeys(("max_get_multi_concurrency", "get_multi_batch_size"), _COUNT),
    **dict.fromkeys(("max_set_multi_concurrency", "set_multi_batch_size"), _COUNT),
}


def _has_a_size(config: dict[str, Any], where: str) -> Iterator[str]:
    # Thanos would only warn, and cache nothing.
    if not config.get("max_size_items") and not _bytes(config.get("max_size", "")):
        yield f"{where} has no max_size; set it, such as 256MB, or max_size_items."


def _items_fit(config: dict[str, Any], where: str) -> Iterator[str]:
    item, whole = config.get("max_item_size", _LARGEST_ITEM), config.get("max_size", "250MiB")
    if _bytes(item) > _bytes(whole):
        if "max_item_size" in config:
            yield f"{where}.max_item_size is {shown(item)}; must not be larger than max_size, {shown(whole)}."
        else:
            yield f"{where}.max_size is {shown(whole)}; must be at least {_LARGEST_ITEM}, or max_item_size must be set to less."


def _switched_on(config: dict[str, Any], where: str) -> Iterator[str]:
    if config.get("tls_config") and not config.get("tls_enabled"):
        yield f"{where} has tls_config and not tls_enabled; set tls_enabled to true."


def _bytes(size: str) -> int:
    return _size.parse(size) if size else 0


# What Thanos Query Frontend reads of Redis's options: neither a prefix, nor a certificate authority or certificates of its own.
_RESPONSES: Mapping[str, Nested] = {
    "IN-MEMORY": Nested({"max_size": _SIZE, "max_size_items": _COUNT, "validity": GO_DURATION}, relations=_has_a_size),
    "MEMCACHED": Nested({**_MEMCACHED, "expiration": GO_DURATION}, required=("addresses",)),
    "REDIS": Nested(
        {**_REDIS, "tls_config": Nested({"insecure_skip_verify": BOOLEAN}), "expiration": GO_DURATION},
        required=("addr",),
        relations=_switched_on,
    ),
}
_STORE: Mapping[str, Nested] = {
    "IN-MEMORY": Nested({"max_size": _SIZE, "max_item_size": _SIZE}, relations=_items_fit),
    "MEMCACHED": Nested({**_MEMCACHED, **_BROKEN}, required=("addresses",)),
    "REDIS": Nested(
        {
            **_REDIS,
            **_BROKEN,
            "prefix": TEXT,
            "cache_size": _SIZE,
            "tls_config": Nested(
                {**_TLS, "insecure_skip_verify": BOOLEAN, "min_version": choice("1.0", "1.1", "1.2", "1.3")},
                together=("cert_file key_file",),
            ),
        },
        required=("addr",),
        relations=_switched_on,
    ),
}
_TIMES_TO_LIVE = (
    *("chunk_object_attrs_ttl", "chunk_subrange_ttl", "blocks_iter_ttl"),
    *("metafile_exists_ttl", "metafile_doesnt_exist_ttl", "metafile_content_ttl"),
)
# For each kind of cache: the options of each type, and the keys beside `type` and `config`.
_KINDS: Mapping[str, tuple[Mapping[str, Nested], Mapping[str, Schema]]] = {
    "responses": (_RESPONSES, {}),
    "index": (
        _STORE,
        {"enabled_items": ListOf(choice("Postings", "Series", "ExpandedPostings"), unique=True), "ttl": GO_DURATION},
    ),
    "bucket": (
        _STORE,
        {
            "chunk_subrange_size": _AT_LEAST_ONE,
            "max_chunks_get_range_requests": _COUNT,
            "metafile_max_size": _SIZE,
            **dict.fromkeys(_TIMES_TO_LIVE, GO_DURATION),
        },
    ),
}


def problems(cache: Any, variable: str, kind: str) -> list[str]:
    """What is wrong with a cache's configuration, in full sentences; nothing with an empty one, for which there is no cache.

    `kind` is what is cached: `responses` of queries, the `index` of blocks, or what is read of the `bucket`.
    """
    if not cache:
        return []
    types, beside = _KINDS[kind]
    whole = Nested({"type": choice(*types), "config": Nested({}), **beside}, required=("type", "config"))
    options = types.get(cache.get("type", "")) if isinstance(cache, Mapping) and isinstance(cache.get("type"), str) else None
    if options:
        whole = Nested({**whole.fields, "config": options}, required=whole.required)
        return [*whole.judge(cache, variable)]
    # Which options there are depends on the type.
    known = {name: value for name, value in cache.items() if name != "config"} if isinstance(cache, Mapping) else cache
    return [
        *Nested({name: schema for name, schema in whole.fields.items() if name != "config"}, required=("type",)).judge(
            known, variable
        )
    ]
