"""Thanos Receive: takes samples by remote write, replicates and uploads them."""

from __future__ import annotations

from dashboards.components import resources, shipper, targets
from dashboards.panels import Board, graph, number, variable
from dashboards.promql import flow, quantile, scraped, series, share, total

JOB = "thanos-receive"
ROUTER = "thanos-receive-router"
of = scraped(JOB)
of_router = scraped(ROUTER)
WRITES = 'handler="receive"'
written = flow(of_router("http_requests_total", WRITES))
replicated = flow(of_router("thanos_receive_replications_total"))

BOARD = Board(
    title="Thanos Receive",
    description="Samples that arrive by remote write, how they are forwarded and replicated, and whether they reach the bucket.",
    group="thanos",
    variables=[variable("pod", series("up", f'job=~"{JOB}|{ROUTER}"'))],
    rows={
        "Now": [
            *targets(JOB),
            number("Writes", "Remote write requests.", "reqps", written),
            number(
                "Failed writes",
                "Share of the remote writes that failed (5xx); senders try again.",
                "percentunit",
                share(flow(of_router("http_requests_total", WRITES, 'code=~"5.."')), written),
                thresholds=(0.01, 0.05),
            ),
        ],
        "Remote write": [
            graph(
                "Writes by status",
                "Remote write requests by status.",
                "reqps",
                {"{{code}}": flow(of_router("http_requests_total", WRITES), "code")},
            ),
            graph(
                "Write latency",
                "How long a remote write takes, replication included.",
                "s",
                {f"p{p}": quantile(p / 100, of_router("http_request_duration_seconds_bucket", WRITES)) for p in (50, 90, 99)},
            ),
            graph(
                "Samples",
                "Samples that arrive, by status and tenant.",
                "short",
                {"{{code}} {{tenant}}": flow(of_router("thanos_receive_write_samples_sum"), "code", "tenant")},
            ),
        ],
        "Replication": [
            graph(
                "Forwarded",
                "Requests forwarded to ingestors.",
                "reqps",
                {"{{result}}": flow(of_router("thanos_receive_forward_requests_total"), "result")},
            ),
            graph(
                "Failed replications",
                "Share of the replications that did not reach enough replicas.",
                "percentunit",
                {"replications": share(flow(of_router("thanos_receive_replications_total", 'result="error"')), replicated)},
                highest=1,
            ),
        ],
        "Storage": [
            graph(
                "Head series by tenant",
                "Series in memory.",
                "short",
                {"{{pod}} {{tenant}}": total(of("prometheus_tsdb_head_series"), "pod", "tenant")},
            ),
            graph(
                "Hashring",
                "Ingestors of the hashring as each router knows it; routers should agree.",
                "short",
                {"{{pod}} {{name}}": total(of_router("thanos_receive_hashring_nodes"), "pod", "name")},
            ),
        ],
        "Uploads": shipper(of),
        "Resources": resources(of),
    },
)
