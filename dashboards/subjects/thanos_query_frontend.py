"""Thanos Query Frontend: the queries of Grafana and of users, and how many its cache answers."""

from __future__ import annotations

from dashboards.components import resources, targets
from dashboards.panels import Board, graph, number, variable
from dashboards.promql import flow, or_zero, quantile, scraped, series, share

JOB = "thanos-query-frontend"
of = scraped(JOB)
SERVED = 'handler="query-frontend"'
RANGES = 'tripperware="query_range"'
asked = flow(of("http_requests_total", SERVED))
looked_up = flow(of("cortex_cache_fetched_keys_total", RANGES))
found = share(flow(of("cortex_cache_hits_total", RANGES)), looked_up)

BOARD = Board(
    title="Thanos Query Frontend",
    description="Queries that the Query Frontend answers for Grafana and users, from its cache or by Thanos Query.",
    group="thanos",
    variables=[variable("pod", series("up", f'job="{JOB}"'))],
    rows={
        "Now": [
            *targets(JOB),
            number("Queries", "Queries of all kinds.", "reqps", flow(of("thanos_query_frontend_queries_total"))),
            number(
                "Failed requests",
                "Share of the requests that failed (5xx).",
                "percentunit",
                share(flow(of("http_requests_total", SERVED, 'code=~"5.."')), asked),
                thresholds=(0.01, 0.05),
            ),
            number("Cache hits", "Share of the lookups of range queries that the cache answers.", "percentunit", found),
        ],
        "Queries": [
            graph(
                "Queries by kind",
                "Queries by kind; only range queries and labels are cached.",
                "reqps",
                {"{{op}}": flow(of("thanos_query_frontend_queries_total"), "op")},
            ),
            graph("Answers", "Requests by status.", "reqps", {"{{code}}": flow(of("http_requests_total", SERVED), "code")}),
            graph(
                "Latency",
                "How long requests take, those that the cache answers included.",
                "s",
                {f"p{p}": quantile(p / 100, of("http_request_duration_seconds_bucket", SERVED)) for p in (50, 90, 99)},
            ),
        ],
        "Cache": [
            graph(
                "Hits and misses",
                "Lookups of range queries in the cache, and those that were found.",
                "ops",
                {"lookups": looked_up, "hits": flow(of("cortex_cache_hits_total", RANGES))},
            ),
            graph(
                "Cache latency, p99",
                "How long the cache takes; one in memory takes next to nothing.",
                "s",
                {"{{method}}": quantile(0.99, of("cortex_cache_request_duration_seconds_bucket"), "method")},
            ),
            graph(
                "Failed cache requests",
                "Requests to memcached or Redis that failed; queries are then answered by Query.",
                "ops",
                {
                    "{{method}}": or_zero(
                        flow(of("cortex_cache_request_duration_seconds_count", 'status_code=~"5.."'), "method"),
                        flow(of("cortex_cache_request_duration_seconds_count"), "method"),
                    )
                },
            ),
        ],
        "Resources": resources(of),
    },
)
