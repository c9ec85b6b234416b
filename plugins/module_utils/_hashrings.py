# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hashrings of Thanos Receive: which ingestors keep the samples of each tenant.

https://thanos.io/tip/components/receive.md/#hashring-configuration
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._schema import ListOf, Nested
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import choice, integer, text

SERVICE = "thanos-receive"
PORT = 10901
_MATCHERS = choice("exact", "glob")
_TENANTS = ListOf(text(r"[^/\s]+", "the name of a tenant, without slashes"), 1, unique=True)
# As Go's filepath.Match reads it.
_GLOB = re.compile(r"([^\[\\]|\\.|\[\^?(?:[^\]\\-]|\\.)(?:[^\]\\]|\\.)*\])+")
_NAME = text("[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?", "a name of at most 20 letters, digits and hyphens, in lower case")
_SHARDS = Nested(
    {
        "shard_size": integer(1),
        "cache_size": integer(1),
        "overrides": ListOf(
            # Thanos matches nothing where the type is left out here.
            Nested(
                {"shard_size": integer(1), "tenants": _TENANTS, "tenant_matcher_type": _MATCHERS},
                required=("shard_size", "tenants", "tenant_matcher_type"),
            )
        ),
    },
    required=("shard_size",),
)
_SCHEMA = ListOf(
    Nested(
        {
            "name": _NAME,
            "replicas": integer(1, 1000),
            "tenants": _TENANTS,
            "tenant_matcher_type": _MATCHERS,
            "shuffle_sharding_config": _SHARDS,
        },
        required=("name", "replicas"),
    ),
    1,
    unique="name",
)


@dataclass(frozen=True)
class Group:
    """The ingestors of a hashring: a StatefulSet of that name."""

    name: str
    hashring: str
    replicas: int

    def pods(self) -> list[str]:
        return [f"{self.name}-{number}" for number in range(self.replicas)]

    def addresses(self, namespace: str) -> list[str]:
        """Where routers reach them. Receive hashes the address as text, so it must never change."""
        return [f"{pod}.{SERVICE}.{namespace}.svc:{PORT}" for pod in self.pods()]


def groups(hashrings: Sequence[Mapping[str, Any]]) -> Iterator[Group]:
    for ring in hashrings:
        yield Group(f"{SERVICE}-{ring['name']}", ring["name"], int(ring["replicas"]))


def configuration(hashrings: Sequence[Mapping[str, Any]], namespace: str) -> str:
    """The file of hashrings, as routers read it."""
    made = [
        {
            "hashring": ring["name"],
            **{name: ring[name] for name in ("tenants", "tenant_matcher_type", "shuffle_sharding_config") if name in ring},
            "endpoints": [{"address": address} for group in groups([ring]) for address in group.addresses(namespace)],
        }
        for ring in hashrings
    ]
    return json.dumps(made, indent=2)


def config_hash(content: str) -> int:
    """What a router that has read this file shows as thanos_receive_config_hash."""
    return int.from_bytes(hashlib.sha256(content.encode()).digest()[:6], "little")


def problems(hashrings: Any, factor: int, variable: str) -> list[str]:
    """What is wrong with hashrings for this replication factor, in full sentences."""
    found = [*_SCHEMA.judge(hashrings, variable)]
    return found or [*_relations(hashrings, factor, variable)]


def _relations(hashrings: Sequence[Mapping[str, Any]], factor: int, variable: str) -> Iterator[str]:
    yield from _tenants(hashrings, variable)
    for number, ring in enumerate(hashrings):
        where, last, total = f"{variable}[{number}]", number == len(hashrings) - 1, ring["replicas"]
        if total < factor:
            yield f"{where}.replicas is {total}; must be at least thanos_receive_replication_factor, {factor}."
        if "tenants" in ring and last:
            yield f"{where}.tenants must be left out of the last hashring, which keeps the samples of every other tenant."
        if "tenants" not in ring and not last:
            yield f"{where} has no tenants; the first hashring that matches wins, so only the last may leave them out."
        if "tenant_matcher_type" in ring and "tenants" not in ring:
            yield f"{where} has tenant_matcher_type and no tenants; it needs them."
        yield from _shards(ring.get("shuffle_sharding_config") or {}, factor, total, f"{where}.shuffle_sharding_config")


def _tenants(hashrings: Sequence[Mapping[str, Any]], variable: str) -> Iterator[str]:
    """Tenants that no hashring or override ever gets, or that make Thanos answer nobody."""
    places = [(f"{variable}[{number}]", ring) for number, ring in enumerate(hashrings)]
    seen: set[str] = set()
    for where, ring in places:
        yield from _matched(ring, where, seen)
        overridden: set[str] = set()
        for number, override in enumerate((ring.get("shuffle_sharding_config") or {}).get("overrides", ())):
            yield from _matched(override, f"{where}.shuffle_sharding_config.overrides[{number}]", overridden)


def _matched(one: Mapping[str, Any], where: str, seen: set[str]) -> Iterator[str]:
    glob = one.get("tenant_matcher_type") == "glob"
    for number, tenant in enumerate(one.get("tenants", ())):
        place = f"{where}.tenants[{number}] is {tenant}"
        if tenant in seen:
            yield f"{place}, as an earlier one is; the first that matches has it."
        elif glob and not _GLOB.fullmatch(tenant):
            yield f"{place}; must be a pattern such as team-* or team-[ab]."
        elif not glob and re.search(r"[*?\[]", tenant):
            yield f"{place}; must be the name of a tenant unless tenant_matcher_type is glob."
        seen.add(tenant)


def _shards(config: Mapping[str, Any], factor: int, total: int, where: str) -> Iterator[str]:
    places = [(where, config), *((f"{where}.overrides[{number}]", one) for number, one in enumerate(config.get("overrides", ())))]
    for place, one in places:
        if one and not factor <= (size := one["shard_size"]) <= total:
            yield (
                f"{place}.shard_size is {size}; must be at least thanos_receive_replication_factor, {factor}, and at most "
                f"{total}, the ingestors of the hashring."
            )
