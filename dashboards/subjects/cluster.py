"""The cluster as a whole: what to look at first."""

from __future__ import annotations

from dashboards.kubernetes import CONTAINER, KUBELET, asked, restarts
from dashboards.panels import Board, graph, number, rows_of
from dashboards.promql import flow, or_zero, per_second, series, share, top, total

READY = 'condition="Ready",status="true"'
FIRING = series("ALERTS", 'alertstate="firing"')
URGENT = series("ALERTS", 'alertstate="firing"', 'alertname!~"(Ruler)?Watchdog"')

IDLE = 'mode="idle"'

cpu_usage = f"1 - avg({per_second(series('node_cpu_seconds_total', IDLE))})"
memory_usage = f"1 - {total(series('node_memory_MemAvailable_bytes'))} / {total(series('node_memory_MemTotal_bytes'))}"


def allocatable(resource: str) -> str:
    return total(series("kube_node_status_allocatable", f'resource="{resource}"'))


BOARD = Board(
    title="Cluster",
    description="Health, saturation and traffic of the whole cluster.",
    group="kubernetes",
    rows={
        "Now": [
            number(
                "Nodes not ready",
                "Nodes whose condition Ready is false or unknown.",
                "short",
                f"{total(series('kube_node_info'), by='count')} - {total(series('kube_node_status_condition', READY))}",
                thresholds=(1,),
            ),
            number(
                "CPU used", "Share of all nodes' CPU time that is not idle.", "percentunit", cpu_usage, thresholds=(0.75, 0.9)
            ),
            number(
                "Memory used",
                "Share of all nodes' memory that is not available.",
                "percentunit",
                memory_usage,
                thresholds=(0.8, 0.9),
            ),
            number(
                "Targets down",
                "Scrape targets that Prometheus cannot reach.",
                "short",
                or_zero(total(f"{series('up')} == 0", by="count"), total(series("up"), by="count")),
                thresholds=(1,),
            ),
            number(
                "Firing alerts",
                "Alerts that fire, the Watchdog aside.",
                "short",
                or_zero(total(URGENT, by="count"), total(FIRING, by="count")),
                thresholds=(1,),
            ),
        ],
        "Saturation": [
            graph(
                "CPU",
                "Cores in use, and what the pods request and may use, against what the nodes offer.",
                "short",
                {
                    "used": flow(series("node_cpu_seconds_total", 'mode!~"idle|iowait|steal"')),
                    "requested": asked("requests", "cpu"),
                    # No pod need have one.
                    "limits": or_zero(asked("limits", "cpu"), asked("requests", "cpu")),
                    "allocatable": allocatable("cpu"),
                },
            ),
            graph(
                "Memory",
                "Memory in use, and what the pods request and may use, against what the nodes offer.",
                "bytes",
                {
                    "used": f"{total(series('node_memory_MemTotal_bytes'))} - {total(series('node_memory_MemAvailable_bytes'))}",
                    "requested": asked("requests", "memory"),
                    "limits": asked("limits", "memory"),
                    "allocatable": allocatable("memory"),
                },
            ),
            graph(
                "Pods by phase",
                "Pods by phase, against how many the nodes take.",
                "short",
                {
                    "{{phase}}": total(series("kube_pod_status_phase"), "phase") + " > 0",
                    "allocatable": allocatable("pods"),
                },
            ),
            graph(
                "Network",
                "Traffic of the nodes' interfaces, those of pods and the loopback left out.",
                "Bps",
                {
                    direction: flow(
                        series(f"node_network_{direction}_bytes_total", 'device!~"lo|veth.*|cali.*|lxc.*|cni.*|cilium.*"')
                    )
                    for direction in ("receive", "transmit")
                },
            ),
        ],
        "By namespace": [
            graph(
                "CPU by namespace",
                "Cores used by the containers of the ten busiest namespaces.",
                "short",
                {"{{namespace}}": top(10, flow(series("container_cpu_usage_seconds_total", KUBELET, CONTAINER), "namespace"))},
                stacked=True,
            ),
            graph(
                "Memory by namespace",
                "Working set of the containers of the ten largest namespaces.",
                "bytes",
                {"{{namespace}}": top(10, total(series("container_memory_working_set_bytes", KUBELET, CONTAINER), "namespace"))},
                stacked=True,
            ),
        ],
        "Trouble": [
            graph(
                "Container restarts",
                "Restarts within an hour each, by namespace.",
                "short",
                {"{{namespace}}": total(restarts(), "namespace")},
            ),
            graph(
                "API server errors",
                "Share of the requests to the API server that it could not serve (5xx).",
                "percentunit",
                {
                    "errors": share(
                        flow(series("apiserver_request_total", 'job="apiserver"', 'code=~"5.."')),
                        flow(series("apiserver_request_total", 'job="apiserver"')),
                    )
                },
            ),
            rows_of(
                "Alerts",
                "Alerts that fire now, and how many of each.",
                {"alertname": "Alert", "severity": "Severity", "namespace": "Namespace"},
                {"Firing": ("short", total(FIRING, "alertname", "severity", "namespace", by="count"))},
                links={"namespace": "namespaces"},
            ),
        ],
    },
)
