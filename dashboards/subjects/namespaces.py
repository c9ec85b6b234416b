"""Namespaces: what they use, what they asked for, and what goes wrong in them."""

from __future__ import annotations

from dashboards.kubernetes import NAMESPACE, asked, restarts, used
from dashboards.panels import Board, graph, number, rows_of, variable
from dashboards.promql import flow, series, total

quotas = {kind: series("kube_resourcequota", NAMESPACE, f'type="{kind}"') for kind in ("used", "hard")}
quota = f"max by (namespace, resource) ({quotas['used']} / ignoring (type) ({quotas['hard']} > 0))"
waiting = series("kube_pod_container_status_waiting", NAMESPACE)


def of_requests(resource: str) -> str:
    return f"{used(resource, NAMESPACE, by='namespace')} / {asked('requests', resource, NAMESPACE, by='namespace')}"


BOARD = Board(
    title="Namespaces",
    description="What each namespace uses of CPU, memory and network, against what its pods asked for.",
    group="kubernetes",
    variables=[variable("namespace", series("kube_pod_info"))],
    rows={
        "Now": [
            number(
                "Pods",
                "Pods that run or are to run.",
                "short",
                total(series("kube_pod_status_phase", NAMESPACE, 'phase=~"Pending|Running"')),
            ),
            number(
                "Pending pods",
                "Pods that are not scheduled or not started yet.",
                "short",
                total(series("kube_pod_status_phase", NAMESPACE, 'phase="Pending"')),
                thresholds=(1,),
            ),
            number(
                "Waiting containers",
                "Containers that cannot start: image, configuration or crash loop.",
                "short",
                total(waiting),
                thresholds=(1,),
            ),
            number(
                "Restarts in an hour",
                "Containers that were started again.",
                "short",
                total(restarts(NAMESPACE)),
                thresholds=(1, 10),
            ),
        ],
        "CPU": [
            graph(
                "CPU",
                "Cores used by containers.",
                "short",
                {"{{namespace}}": used("cpu", NAMESPACE, by="namespace")},
                stacked=True,
            ),
            graph(
                "CPU of requests",
                "Cores used, as a share of the cores requested. Far below one is a reservation nobody uses.",
                "percentunit",
                {"{{namespace}}": of_requests("cpu")},
            ),
        ],
        "Memory": [
            graph(
                "Memory",
                "Working set of containers.",
                "bytes",
                {"{{namespace}}": used("memory", NAMESPACE, by="namespace")},
                stacked=True,
            ),
            graph(
                "Memory of requests",
                "Working set, as a share of the memory requested. Above one, pods are evicted first when a node runs short.",
                "percentunit",
                {"{{namespace}}": of_requests("memory")},
            ),
        ],
        "Network": [
            graph(
                way.capitalize(),
                f"Bytes that pods {way}, those in the network of their node left out by the kubelet.",
                "Bps",
                {"{{namespace}}": flow(series(f"container_network_{way}_bytes_total", 'job="kubelet"', NAMESPACE), "namespace")},
            )
            for way in ("receive", "transmit")
        ],
        "Trouble": [
            graph(
                "Restarts",
                "Containers that were started again, within an hour each.",
                "short",
                {"{{namespace}}": total(restarts(NAMESPACE), "namespace")},
            ),
            graph(
                "Waiting by reason",
                "Containers that cannot start, by what the kubelet says.",
                "short",
                {
                    "{{reason}}": total(series("kube_pod_container_status_waiting_reason", NAMESPACE), "reason"),
                    "all": total(waiting),
                },
            ),
            graph(
                "Quotas",
                "Share of each resource quota in use.",
                "percentunit",
                {"{{namespace}} {{resource}}": quota},
                highest=1,
            ),
        ],
        "All": [
            rows_of(
                "Namespaces in numbers",
                "Every selected namespace.",
                {"namespace": "Namespace"},
                {
                    "CPU": ("short", used("cpu", NAMESPACE, by="namespace")),
                    "CPU requests": ("short", asked("requests", "cpu", NAMESPACE, by="namespace")),
                    "Memory": ("bytes", used("memory", NAMESPACE, by="namespace")),
                    "Memory requests": ("bytes", asked("requests", "memory", NAMESPACE, by="namespace")),
                    "Memory limits": ("bytes", asked("limits", "memory", NAMESPACE, by="namespace")),
                    "Pods": ("short", total(series("kube_pod_info", NAMESPACE), "namespace", by="count")),
                },
                links={"namespace": "workloads"},
            ),
        ],
    },
)
