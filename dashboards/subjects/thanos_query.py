"""Thanos Query: the queries of users, and its connections to the stores."""

from __future__ import annotations

from dashboards.components import resources, targets
from dashboards.panels import Board, graph, number, variable
from dashboards.promql import flow, quantile, scraped, series, share, total

JOB = "thanos-query"
of = scraped(JOB)
QUERIES = 'handler=~"query|query_range"'
asked = flow(of("http_requests_total", QUERIES))
calls = flow(of("grpc_client_handled_total"), "grpc_method")

BOARD = Board(
    title="Thanos Query",
    description="Queries that Thanos Query answers, and the Store APIs that it asks for them.",
    group="thanos",
    variables=[variable("pod", series("up", f'job="{JOB}"'))],
    rows={
        "Now": [
            *targets(JOB),
            number("Queries", "Instant and range queries.", "reqps", asked),
            number(
                "Failed queries",
                "Share of the queries that failed (5xx).",
                "percentunit",
                share(flow(of("http_requests_total", QUERIES, 'code=~"5.."')), asked),
                thresholds=(0.01, 0.05),
            ),
            number(
                "Store connections",
                "Store APIs that a Query is connected to.",
                "short",
                f"max(sum by (pod) ({of('thanos_store_nodes_grpc_connections')}))",
                thresholds=(1,),
                falling=True,
            ),
        ],
        "Queries": [
            graph(
                "Requests",
                "HTTP requests by kind and status.",
                "reqps",
                {"{{handler}} {{code}}": flow(of("http_requests_total"), "handler", "code")},
            ),
            graph(
                "Latency of instant queries",
                "How long instant queries take.",
                "s",
                {f"p{p}": quantile(p / 100, of("http_request_duration_seconds_bucket", 'handler="query"')) for p in (50, 90, 99)},
            ),
            graph(
                "Latency of range queries",
                "How long range queries take; these draw the graphs.",
                "s",
                {
                    f"p{p}": quantile(p / 100, of("http_request_duration_seconds_bucket", 'handler="query_range"'))
                    for p in (50, 90, 99)
                },
            ),
            graph(
                "Concurrency",
                "Queries that run at once, against how many may; when the two meet, queries wait.",
                "short",
                {
                    "{{pod}} running": total(of("thanos_query_concurrent_gate_queries_in_flight"), "pod"),
                    "{{pod}} limit": total(of("thanos_query_concurrent_gate_queries_max"), "pod"),
                },
            ),
        ],
        "Stores": [
            graph(
                "Connections",
                "Connected Store APIs by kind. A line that drops is a store that left.",
                "short",
                {"{{pod}} {{store_type}}": total(of("thanos_store_nodes_grpc_connections"), "pod", "store_type")},
            ),
            graph("Requests to stores", "gRPC requests to Store APIs.", "reqps", {"{{grpc_method}}": calls}),
            graph(
                "Failed requests to stores",
                "Share of the gRPC requests that failed.",
                "percentunit",
                {
                    "{{grpc_method}}": share(
                        flow(of("grpc_client_handled_total", 'grpc_code!~"OK|Canceled"'), "grpc_method"), calls
                    )
                },
                highest=1,
            ),
            graph(
                "Latency of stores, p99",
                "How long Store APIs take to answer.",
                "s",
                {"{{grpc_method}}": quantile(0.99, of("grpc_client_handling_seconds_bucket"), "grpc_method")},
            ),
        ],
        "Resources": resources(of),
    },
)
