# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits of Thanos Receive: which are right, and what the routers read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._receive_limits import configuration, problems

QUERY = "http://thanos-query.obs.svc:10902/thanos"


def found(limits: Any, *writes: dict[str, Any], **options: Any) -> list[str]:
    return problems(limits, options, writes, "obs", "THANOS-TENANT", "default-tenant", "limits")


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"global": {"max_concurrency": 30}, "default": {"request": {"samples_limit": 2000}}, "tenants": {}},
        {"tenants": {"team-a": {"request": {"series_limit": 10, "size_bytes_limit": 0}, "head_series_limit": 1000}}},
        # What Prometheus writes as has a limit of its own.
        {
            "default": {"request": {"samples_limit": 100}},
            "tenants": {"default-tenant": {"request": {"samples_limit": 0}}},
        },
    ],
)
def test_what_thanos_reads_and_prometheus_stays_below_is_right(limits: dict[str, Any]) -> None:
    assert found(limits) == []


@pytest.mark.parametrize(
    ("limits", "finding"),
    [
        ({"write": {}}, "limits has the unknown key write; it takes default, global, tenants."),
        ({"default": {"head_series": 5}}, "limits.default has the unknown key head_series; did you mean head_series_limit?"),
        (
            {"default": {"head_series_limit": "5"}},
            "limits.default.head_series_limit is the text 5; must be a whole number of at least 0.",
        ),
        ({"tenants": {"a/b": {}}}, "limits.tenants has the key a/b; must be the name of a tenant, without slashes."),
        (
            {"global": {"meta_monitoring_url": "query:9090"}},
            "limits.global.meta_monitoring_url is query:9090; must be a URL such as ",
        ),
        (
            {"default": {"request": {"samples_limit": 500}}},
            "limits.default.request.samples_limit is 500; must be 0 (no limit) or at least 2000: Prometheus sends 2000 samples "
            "at once as the tenant default-tenant, and drops what is refused.",
        ),
        (
            {"tenants": {"default-tenant": {"request": {"series_limit": 1}}}},
            "limits.tenants.default-tenant.request.series_limit is 1; must be 0 (no limit) or at least 2000: ",
        ),
    ],
)
def test_what_thanos_ignores_or_prometheus_exceeds_is_named(limits: dict[str, Any], finding: str) -> None:
    (problem,) = found(limits)
    assert problem.startswith(finding.rstrip("."))


def test_every_tenant_that_prometheus_writes_as_is_judged_by_what_it_sends_at_once() -> None:
    limits = {"tenants": {"big": {"request": {"samples_limit": 500, "size_bytes_limit": 1}}}}
    router = "http://thanos-receive-router.obs.svc.cluster.local:19291/api/v1/receive"
    assert found(limits) == []
    assert found(limits, {"url": "http://other:19291/", "headers": {"THANOS-TENANT": "big"}}) == []
    assert len(found(limits, {"url": router, "headers": {"thanos-tenant": "big"}})) == 2
    assert len(found(limits, headers={"Thanos-Tenant": "big"})) == 2
    (size,) = found(limits, headers={"Thanos-Tenant": "big"}, queueConfig={"maxSamplesPerSend": 500})
    assert size.startswith("limits.tenants.big.request.size_bytes_limit is 1; must be 0 (no limit) or at least 50000: ")


def test_the_routers_ask_query_where_a_limit_counts_the_series_of_a_tenant() -> None:
    request = {"default": {"request": {"samples_limit": 5000}}}
    heads = {"tenants": {"team-a": {"head_series_limit": 1000}}}
    assert json.loads(configuration(request, QUERY, "eu")) == {"write": {**request, "global": {}}}
    asked = {
        "meta_monitoring_url": QUERY,
        "meta_monitoring_limit_query": 'sum by (tenant) (prometheus_tsdb_head_series{cluster="eu",job="thanos-receive"})',
    }
    assert json.loads(configuration(heads, QUERY, "eu")) == {"write": {**heads, "global": asked}}
    other = {"meta_monitoring_url": "http://other:9090"}
    assert json.loads(configuration({**heads, "global": other}, QUERY, "eu"))["write"]["global"] == other
