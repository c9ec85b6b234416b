# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits on what the routers of Thanos Receive take.

https://thanos.io/tip/components/receive.md/#limits--gates-experimental
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, MapOf, Nested
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import URL, integer, text

_LIMIT = integer(0)
_LIMITS = Nested(
    {
        "request": Nested(dict.fromkeys(("size_bytes_limit", "series_limit", "samples_limit"), _LIMIT)),
        "head_series_limit": _LIMIT,
    }
)
_TENANT = "the name of a tenant, without slashes"
_SCHEMA = Nested(
    {
        "global": Nested(
            {"max_concurrency": _LIMIT, "meta_monitoring_url": URL, "meta_monitoring_limit_query": text(empty=False)}
        ),
        "default": _LIMITS,
        "tenants": MapOf(_LIMITS, key=Leaf(str, _TENANT, lambda name: "" if name and "/" not in name else _TENANT)),
    }
)


def configuration(limits: Mapping[str, Any], query_url: str) -> str:
    """The file of limits as routers read it. They ask the Query at `query_url` for a tenant's series, or the one it names."""
    ours = {"meta_monitoring_url": query_url} if counts_series(limits) else {}
    return json.dumps({"write": {**limits, "global": {**ours, **limits.get("global", {})}}}, indent=2)


def counts_series(limits: Mapping[str, Any]) -> bool:
    """Whether a tenant may have so many series in the heads of ingestors and no more."""
    every = (limits.get("default", {}), *limits.get("tenants", {}).values())
    return any(one.get("head_series_limit") for one in every)


def problems(limits: Any, tenant: str, batch: int, variable: str) -> list[str]:
    """What is wrong with limits, in full sentences, where Prometheus writes as `tenant` with `batch` samples at once."""
    found = [*_SCHEMA.judge(limits, variable)]
    return found or [*_too_small(limits, tenant, batch, variable)]


def _too_small(limits: Mapping[str, Any], tenant: str, batch: int, variable: str) -> Iterator[str]:
    # A tenant without a limit of its own has the default one.
    for where, one in ((f"tenants.{tenant}", limits.get("tenants", {}).get(tenant, {})), ("default", limits.get("default", {}))):
        request = one.get("request", {})
        for name in ("series_limit", "samples_limit"):
            overridden = where == "default" and name in limits.get("tenants", {}).get(tenant, {}).get("request", {})
            if not overridden and 0 < request.get(name, 0) < batch:
                yield (
                    f"{variable}.{where}.request.{name} is {request[name]}; must be 0 (no limit) or at least {batch}, which "
                    f"Prometheus sends at once as the tenant {tenant}: it drops what is refused."
                )
