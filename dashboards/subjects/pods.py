"""Pods: what their containers use, and why they do not run."""

from __future__ import annotations

from dashboards.kubernetes import CONTAINER, KUBELET, NAMESPACE, POD, asked, restarts, throttled
from dashboards.panels import Board, graph, number, rows_of, variable
from dashboards.promql import flow, or_zero, series, top, total

SHOWN = 20
BY = ("namespace", "pod")
LEGEND = "{{namespace}}/{{pod}}"
ready = series("kube_pod_status_ready", NAMESPACE, POD, 'condition="true"')
running = series("kube_pod_status_phase", NAMESPACE, POD, 'phase="Running"')
cpu = flow(series("container_cpu_usage_seconds_total", KUBELET, CONTAINER, NAMESPACE, POD), *BY)
memory = total(series("container_memory_working_set_bytes", KUBELET, CONTAINER, NAMESPACE, POD), *BY)
started = series("kube_pod_start_time", NAMESPACE, POD)
placed = series("kube_pod_info", NAMESPACE, POD)
ended = series("kube_pod_container_status_last_terminated_reason", NAMESPACE, POD)


def against(usage: str, kind: str, resource: str) -> str:
    return f"{usage} / ({asked(kind, resource, NAMESPACE, POD, by='namespace, pod')} > 0)"


BOARD = Board(
    title="Pods",
    description="CPU, memory, network and disk of pods, and what keeps them from running. Graphs show the twenty with most.",
    group="kubernetes",
    variables=[
        variable("namespace", series("kube_pod_info")),
        variable("pod", series("kube_pod_info", NAMESPACE)),
    ],
    rows={
        "Now": [
            number("Running", "Pods in the phase Running.", "short", total(running)),
            number(
                "Running, not ready",
                "Running pods that get no traffic from Services.",
                "short",
                f"{total(running)} - {total(f'{running} * on (namespace, pod) {ready}')}",
                thresholds=(1,),
            ),
            number(
                "Restarts in an hour",
                "Containers that were started again.",
                "short",
                total(restarts(NAMESPACE, POD)),
                thresholds=(1, 10),
            ),
            number(
                "Out of memory",
                "Containers whose last end was the kernel's, for want of memory.",
                "short",
                or_zero(
                    total(series("kube_pod_container_status_last_terminated_reason", NAMESPACE, POD, 'reason="OOMKilled"')),
                    total(running, by="count"),
                ),
                thresholds=(1,),
            ),
        ],
        "CPU": [
            graph("CPU", "Cores used.", "short", {LEGEND: top(SHOWN, cpu)}),
            graph(
                "CPU throttled",
                "Share of the time in which a container with a CPU limit had work and was made to wait.",
                "percentunit",
                {LEGEND: top(SHOWN, throttled(NAMESPACE, POD, by="namespace, pod"))},
                limit=0.25,
                highest=1,
            ),
        ],
        "Memory": [
            graph("Memory", "Working set: what the kernel cannot take back.", "bytes", {LEGEND: top(SHOWN, memory)}),
            graph(
                "Memory of limits",
                "Working set, as a share of the limit. At one, the kernel ends the container.",
                "percentunit",
                {LEGEND: top(SHOWN, against(memory, "limits", "memory"))},
                limit=0.9,
            ),
        ],
        "Network": [
            graph(
                f"Network {way}",
                f"Bytes that pods {way}.",
                "Bps",
                {LEGEND: top(SHOWN, flow(series(f"container_network_{way}_bytes_total", KUBELET, NAMESPACE, POD), *BY))},
            )
            for way in ("receive", "transmit")
        ],
        "Trouble": [
            graph(
                "Restarts",
                "Containers that were started again, within an hour each.",
                "short",
                {LEGEND: top(SHOWN, total(restarts(NAMESPACE, POD), *BY))},
            ),
            graph(
                "Waiting by reason",
                "Containers that cannot start, by what the kubelet says.",
                "short",
                {
                    "{{namespace}}/{{pod}} {{reason}}": total(
                        series("kube_pod_container_status_waiting_reason", NAMESPACE, POD), *BY, "reason"
                    )
                },
            ),
            graph(
                "Last end by reason",
                "Why containers that were started again had ended.",
                "short",
                {"{{namespace}}/{{pod}} {{reason}}": total(ended, *BY, "reason")},
            ),
            rows_of(
                "Pods in numbers",
                "Every selected pod, and the node it runs on.",
                {"namespace": "Namespace", "pod": "Pod", "node": "Node"},
                {
                    "Age": (
                        "s",
                        total(f"(time() - {started}) * on (namespace, pod) group_left (node) {placed}", *BY, "node", by="max"),
                    ),
                    "CPU": ("short", total(f"{cpu} * on (namespace, pod) group_left (node) {placed}", *BY, "node")),
                    "Memory": ("bytes", total(f"{memory} * on (namespace, pod) group_left (node) {placed}", *BY, "node")),
                },
                links={"node": "nodes"},
            ),
        ],
    },
)
