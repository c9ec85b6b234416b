"""The kubelet: pods and containers it starts, its runtime, and what it says of itself."""

from __future__ import annotations

from dashboards.components import resources, targets
from dashboards.panels import Board, graph, number, variable
from dashboards.promql import flow, quantile, scraped, series, share, total

JOB = "kubelet"
of = scraped(JOB, 'node=~"$node"', 'metrics_path="/metrics"')
operations = flow(of("kubelet_runtime_operations_total"), "operation_type")

BOARD = Board(
    title="Kubelet",
    description="How fast and how well the kubelets start pods, and how their container runtime answers.",
    group="kubernetes",
    variables=[variable("node", series("kubelet_running_pods", f'job="{JOB}"'))],
    rows={
        "Now": [
            *targets(JOB, "node"),
            number("Pods", "Pods that have a sandbox.", "short", total(of("kubelet_running_pods"))),
            number(
                "Containers",
                "Containers that run.",
                "short",
                total(of("kubelet_running_containers", 'container_state="running"')),
            ),
            number(
                "Pod start, p99",
                "From a pod's creation until its containers run, image pulls left out.",
                "s",
                quantile(0.99, of("kubelet_pod_start_sli_duration_seconds_bucket")),
                thresholds=(5, 30),
            ),
        ],
        "Pods": [
            graph(
                "Containers by state",
                "Containers, whatever their state.",
                "short",
                {"{{container_state}}": total(of("kubelet_running_containers"), "container_state")},
            ),
            graph(
                "Start errors",
                "Pods and containers that could not be started.",
                "ops",
                {
                    "{{node}} pods": flow(of("kubelet_started_pods_errors_total"), "node"),
                    "{{node}} containers": flow(of("kubelet_started_containers_errors_total"), "node"),
                },
            ),
        ],
        "Container runtime": [
            graph(
                "Failed runtime operations",
                "Share of the requests to the container runtime that failed.",
                "percentunit",
                {"{{operation_type}}": share(flow(of("kubelet_runtime_operations_errors_total"), "operation_type"), operations)},
                highest=1,
            ),
            graph(
                "Runtime latency, p99",
                "How long the container runtime takes.",
                "s",
                {
                    "{{operation_type}}": quantile(
                        0.99, of("kubelet_runtime_operations_duration_seconds_bucket"), "operation_type"
                    )
                },
            ),
            graph(
                "Relist, p99",
                "How long it takes to look at all containers (PLEG); above three minutes the node is not ready.",
                "s",
                {"{{node}}": quantile(0.99, of("kubelet_pleg_relist_duration_seconds_bucket"), "node")},
            ),
        ],
        "Around it": [
            graph(
                "Requests to the API server",
                "Requests by answer; errors here are what makes a node unready.",
                "reqps",
                {"{{code}}": flow(of("rest_client_requests_total"), "code")},
            ),
            graph(
                "Volume operations, p99",
                "How long it takes to mount, unmount and attach volumes.",
                "s",
                {
                    "{{operation_name}} {{volume_plugin}}": quantile(
                        0.99, of("storage_operation_duration_seconds_bucket"), "operation_name", "volume_plugin"
                    )
                },
            ),
            graph(
                "Evictions",
                "Pods evicted because the node ran short, within an hour each.",
                "short",
                {"{{node}} {{eviction_signal}}": total(f"increase({of('kubelet_evictions')}[1h])", "node", "eviction_signal")},
            ),
        ],
        "Resources": resources(of, "node"),
    },
)
