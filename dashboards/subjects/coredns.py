"""CoreDNS: the cluster's name resolution."""

from __future__ import annotations

from dashboards.components import resources, targets
from dashboards.panels import Board, graph, number, variable
from dashboards.promql import flow, quantile, scraped, series, share

JOB = "coredns"
of = scraped(JOB)
answers = flow(of("coredns_dns_responses_total"))
hits = flow(of("coredns_cache_hits_total"))
lookups = flow(of("coredns_cache_requests_total"))

BOARD = Board(
    title="CoreDNS",
    description="Traffic, errors and latency of the cluster's DNS, and how much its cache saves.",
    group="kubernetes",
    variables=[variable("pod", series("up", f'job="{JOB}"'))],
    rows={
        "Now": [
            *targets(JOB),
            number("Queries", "DNS queries.", "reqps", flow(of("coredns_dns_requests_total"))),
            number(
                "Server failures",
                "Share of the answers that say SERVFAIL.",
                "percentunit",
                share(flow(of("coredns_dns_responses_total", 'rcode="SERVFAIL"')), answers),
                thresholds=(0.01, 0.05),
            ),
            number(
                "Latency, p99",
                "How long an answer takes.",
                "s",
                quantile(0.99, of("coredns_dns_request_duration_seconds_bucket")),
                thresholds=(0.1, 1),
            ),
            number("Cache hits", "Share of the lookups that the cache answers.", "percentunit", share(hits, lookups)),
        ],
        "Traffic": [
            graph(
                "Queries by type",
                "DNS queries by the type of record asked for.",
                "reqps",
                {"{{type}}": flow(of("coredns_dns_requests_total"), "type")},
            ),
            graph(
                "Answers by code",
                "Answers by what they say. NXDOMAIN in numbers is mostly search paths tried in vain.",
                "reqps",
                {"{{rcode}}": flow(of("coredns_dns_responses_total"), "rcode")},
            ),
        ],
        "Latency and errors": [
            graph(
                "Latency",
                "How long an answer takes.",
                "s",
                {f"p{p}": quantile(p / 100, of("coredns_dns_request_duration_seconds_bucket")) for p in (50, 90, 99)},
            ),
            graph(
                "Upstream latency, p99",
                "How long the servers take that queries are forwarded to.",
                "s",
                {"{{to}}": quantile(0.99, of("coredns_proxy_request_duration_seconds_bucket"), "to")},
            ),
            graph(
                "Upstream failures",
                "Failed health checks of the servers that queries are forwarded to, and queries refused for their number.",
                "ops",
                {
                    "unhealthy {{to}}": flow(of("coredns_proxy_healthcheck_failures_total"), "to"),
                    "all unhealthy": flow(of("coredns_forward_healthcheck_broken_total")),
                    "refused": flow(of("coredns_forward_max_concurrent_rejects_total")),
                },
            ),
            graph(
                "Panics",
                "Queries that crashed a plugin. Any is a fault in CoreDNS.",
                "ops",
                {"{{pod}}": flow(of("coredns_panics_total"), "pod")},
            ),
        ],
        "Cache": [
            graph(
                "Cache",
                "Lookups in the cache, and how they end.",
                "reqps",
                {"hits {{type}}": flow(of("coredns_cache_hits_total"), "type"), "misses": flow(of("coredns_cache_misses_total"))},
            ),
        ],
        "Resources": resources(of),
    },
)
