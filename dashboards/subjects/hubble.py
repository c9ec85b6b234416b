"""Hubble: flows that Cilium sees, by protocol and verdict."""

from __future__ import annotations

from dashboards.panels import Board, graph, number, variable
from dashboards.promql import flow, or_zero, quantile, series, share, top

POD = 'pod=~"$pod"'


def of(metric: str, *matchers: str) -> str:
    return series(f"hubble_{metric}", POD, *matchers)


flows = flow(of("flows_processed_total"))
answers = flow(of("dns_responses_total"))
served = flow(of("http_requests_total"))

BOARD = Board(
    title="Hubble",
    description="Flows between workloads, and what Hubble sees in them of TCP, DNS and HTTP.",
    group="network",
    variables=[variable("pod", series("hubble_flows_processed_total"))],
    rows={
        "Now": [
            number("Flows", "Flows that Hubble sees.", "ops", flows),
            number("Dropped", "Flows that were dropped.", "ops", or_zero(flow(of("drop_total")), flows), thresholds=(1, 100)),
            number(
                "DNS errors",
                "Share of the DNS answers that are errors.",
                "percentunit",
                share(flow(of("dns_responses_total", 'rcode!="No Error"')), answers),
                thresholds=(0.05, 0.2),
            ),
            number(
                "HTTP errors",
                "Share of the HTTP answers that are errors of the server (5xx).",
                "percentunit",
                share(flow(of("http_requests_total", 'status=~"5.."')), served),
                thresholds=(0.01, 0.05),
            ),
            number(
                "Lost events",
                "Events that Hubble was too slow for; what it shows is not complete.",
                "ops",
                or_zero(flow(of("lost_events_total")), flows),
                thresholds=(1,),
            ),
        ],
        "Flows": [
            graph(
                "Flows by verdict",
                "Flows, and what became of them.",
                "ops",
                {"{{verdict}}": flow(of("flows_processed_total"), "verdict")},
            ),
            graph(
                "Flows by kind",
                "Flows by what was seen of them.",
                "ops",
                {"{{type}} {{subtype}}": flow(of("flows_processed_total"), "type", "subtype")},
            ),
            graph(
                "Drops by reason",
                "Flows that were dropped.",
                "ops",
                {"{{reason}} {{protocol}}": flow(of("drop_total"), "reason", "protocol")},
            ),
        ],
        "TCP and ports": [
            graph(
                "TCP flags",
                "SYN without as many SYN-ACK is a service that does not answer; RST one that refuses.",
                "pps",
                {"{{flag}}": flow(of("tcp_flags_total"), "flag")},
            ),
            graph(
                "Busiest ports",
                "The ten ports with most packets.",
                "pps",
                {"{{protocol}}/{{port}}": top(10, flow(of("port_distribution_total"), "protocol", "port"))},
            ),
        ],
        "DNS": [
            graph(
                "DNS queries", "Queries by the type of record.", "reqps", {"{{qtypes}}": flow(of("dns_queries_total"), "qtypes")}
            ),
            graph("DNS answers", "Answers by what they say.", "reqps", {"{{rcode}}": flow(of("dns_responses_total"), "rcode")}),
        ],
        "HTTP": [
            graph(
                "HTTP requests",
                "Requests by status, where a policy lets Cilium look into HTTP.",
                "reqps",
                {"{{method}} {{status}}": flow(of("http_requests_total"), "method", "status")},
            ),
            graph(
                "HTTP latency",
                "How long requests take.",
                "s",
                {f"p{p}": quantile(p / 100, of("http_request_duration_seconds_bucket")) for p in (50, 90, 99)},
            ),
        ],
    },
)
