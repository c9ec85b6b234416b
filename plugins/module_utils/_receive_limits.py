# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits on what the routers of Thanos Receive take.

https://thanos.io/tip/components/receive.md/#limits--gates-experimental
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.longterm.metrics.plugins.module_utils import _promql_syntax
from ansible_collections.longterm.metrics.plugins.module_utils._receive_tenants import tenant_of
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, MapOf, Nested
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import URL, integer

# The default of maxSamplesPerSend, and the fewest bytes that a sample with its labels takes.
_BATCH, _BYTES = 2000, 100
_LIMIT = integer(0)
_LIMITS = Nested(
    {
        "request": Nested(dict.fromkeys(("size_bytes_limit", "series_limit", "samples_limit"), _LIMIT)),
        "head_series_limit": _LIMIT,
    }
)
_TENANT = "the name of a tenant, without slashes"
_QUERY = Leaf(
    str,
    "a query whose result has the label tenant",
    lambda query: _promql_syntax.unbalanced(query) or ("" if "tenant" in query else "a query whose result has the label tenant"),
)
_SCHEMA = Nested(
    {
        "global": Nested({"max_concurrency": _LIMIT, "meta_monitoring_url": URL, "meta_monitoring_limit_query": _QUERY}),
        "default": _LIMITS,
        "tenants": MapOf(_LIMITS, key=Leaf(str, _TENANT, lambda name: "" if name and "/" not in name else _TENANT)),
    }
)


def configuration(limits: Mapping[str, Any], query_url: str, cluster: str) -> str:
    """The file of limits as routers read it. They ask the Query at `query_url` for a tenant's series, or the one it names."""
    series = f'prometheus_tsdb_head_series{{cluster={json.dumps(cluster)},job="thanos-receive"}}'
    ours = {"meta_monitoring_url": query_url, "meta_monitoring_limit_query": f"sum by (tenant) ({series})"}
    given = limits.get("global", {})
    # Another Query may not know the label or the job.
    asked = ours if counts_series(limits) and "meta_monitoring_url" not in given else {}
    return json.dumps({"write": {**limits, "global": {**asked, **given}}}, indent=2)


def counts_series(limits: Mapping[str, Any]) -> bool:
    """Whether a limit is on the series that a tenant has in the heads of ingestors."""
    every = (limits.get("default", {}), *limits.get("tenants", {}).values())
    return any(one.get("head_series_limit") for one in every)


@dataclass(frozen=True)
class Writer:
    """What Prometheus writes to the routers: as which tenant, and how many samples at once."""

    tenant: str
    batch: int


def problems(
    limits: Any,
    options: Mapping[str, Any],
    writes: Sequence[Mapping[str, Any]],
    namespace: str,
    header: str,
    default_tenant: str,
    variable: str = "thanos_receive_limits",
) -> list[str]:
    """What is wrong with limits, in full sentences.

    Prometheus writes to the routers with these `options`, and with those of its other remote writes that go to them.
    """
    found = [*_SCHEMA.judge(limits, variable)]
    if not found:
        router = f"thanos-receive-router.{namespace}.svc"
        ours = [options, *(write for write in writes if (urlsplit(write.get("url", "")).hostname or "").startswith(router))]
        writers = (
            Writer(tenant_of(write, header, default_tenant), write.get("queueConfig", {}).get("maxSamplesPerSend", _BATCH))
            for write in ours
        )
        for writer in dict.fromkeys(writers):
            found += _too_small(limits, writer, variable)
    return list(dict.fromkeys(found))


def _too_small(limits: Mapping[str, Any], writer: Writer, variable: str) -> Iterator[str]:
    own = limits.get("tenants", {}).get(writer.tenant, {}).get("request", {})
    default = limits.get("default", {}).get("request", {})
    least = {"series_limit": writer.batch, "samples_limit": writer.batch, "size_bytes_limit": writer.batch * _BYTES}
    for name, enough in least.items():
        # A tenant without a limit of its own has the default one.
        where, limit = (f"tenants.{writer.tenant}", own[name]) if name in own else ("default", default.get(name, 0))
        if 0 < limit < enough:
            yield (
                f"{variable}.{where}.request.{name} is {limit}; must be 0 (no limit) or at least {enough}: Prometheus sends "
                f"{writer.batch} samples at once as the tenant {writer.tenant}, and drops what is refused."
            )
