"""Cilium: the agents that carry the pods' network."""

from __future__ import annotations

from dashboards.panels import Board, graph, number, variable
from dashboards.promql import flow, or_zero, quantile, series, share, top, total

POD = 'pod=~"$pod"'


def of(metric: str, *matchers: str) -> str:
    return series(f"cilium_{metric}", POD, *matchers)


regenerated = flow(of("endpoint_regenerations_total"))
NOT_READY = 'endpoint_state!="ready"'

BOARD = Board(
    title="Cilium",
    description="Drops, policies, endpoints and the health of the agents and of what they keep in eBPF maps.",
    group="network",
    variables=[variable("pod", series("cilium_version"))],
    rows={
        "Now": [
            number("Agents", "Agents that report.", "short", total(of("version"), by="count")),
            number(
                "Unreachable nodes",
                "Nodes that an agent cannot reach, by the agent that sees most of them.",
                "short",
                total(of("unreachable_nodes"), by="max"),
                thresholds=(1,),
            ),
            number(
                "Endpoints not ready",
                "Endpoints whose network is not set up.",
                "short",
                or_zero(total(of("endpoint_state", NOT_READY)), total(of("endpoint_state"))),
                thresholds=(1,),
            ),
            number(
                "Failing controllers",
                "Control loops of the agents that fail.",
                "short",
                total(of("controllers_failing")),
                thresholds=(1,),
            ),
            number(
                "Drops",
                "Packets dropped, for policy or for a fault.",
                "pps",
                or_zero(flow(of("drop_count_total")), flow(of("forward_count_total"))),
                thresholds=(1, 100),
            ),
        ],
        "Traffic": [
            graph("Forwarded", "Bytes forwarded.", "Bps", {"{{direction}}": flow(of("forward_bytes_total"), "direction")}),
            graph(
                "Drops by reason",
                "Packets dropped. Policy denied is a policy at work, or one that lacks a rule.",
                "pps",
                {"{{reason}} {{direction}}": flow(of("drop_count_total"), "reason", "direction")},
            ),
            graph(
                "Node latency, p99",
                "How long probes between the nodes take.",
                "s",
                {
                    "{{type}} {{protocol}}": quantile(
                        0.99, of("node_health_connectivity_latency_seconds_bucket"), "type", "protocol"
                    )
                },
            ),
        ],
        "Endpoints and policies": [
            graph(
                "Endpoints by state",
                "Endpoints of all agents.",
                "short",
                {"{{endpoint_state}}": total(of("endpoint_state"), "endpoint_state")},
                stacked=True,
            ),
            graph(
                "Failed regenerations",
                "Share of the endpoint regenerations that failed; their policies are old.",
                "percentunit",
                {"failed": share(flow(of("endpoint_regenerations_total", 'outcome="fail"')), regenerated)},
                highest=1,
            ),
            graph("Policies", "Policies that the agents have loaded.", "short", {"{{pod}}": of("policy")}),
        ],
        "Saturation": [
            graph(
                "eBPF map pressure",
                "How full the fullest maps are. At one, connections or services are lost.",
                "percentunit",
                {"{{map_name}}": top(10, total(of("bpf_map_pressure"), "map_name", by="max"))},
                limit=0.9,
            ),
        ],
        "Resources": [
            graph("CPU", "Cores that each agent uses.", "short", {"{{pod}}": flow(of("process_cpu_seconds_total"), "pod")}),
            graph("Memory", "Resident memory of each agent.", "bytes", {"{{pod}}": of("process_resident_memory_bytes")}),
        ],
    },
)
