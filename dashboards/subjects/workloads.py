"""Workloads: Deployments, StatefulSets, DaemonSets and Jobs, and what their pods use."""

from __future__ import annotations

from dashboards.kubernetes import CONTAINER, KUBELET, NAMESPACE, of_workload, restarts
from dashboards.panels import Board, graph, number, rows_of, variable
from dashboards.promql import flow, or_zero, series, top, total

# Label -> name of the kind, the metrics of the replicas that are wanted and of those that are ready.
KINDS = {
    "deployment": ("Deployments", "kube_deployment_spec_replicas", "kube_deployment_status_replicas_ready"),
    "statefulset": ("StatefulSets", "kube_statefulset_replicas", "kube_statefulset_status_replicas_ready"),
    "daemonset": ("DaemonSets", "kube_daemonset_status_desired_number_scheduled", "kube_daemonset_status_number_ready"),
}
JOBS = series("kube_job_status_failed", NAMESPACE)


def missing(kind: str) -> str:
    _name, wanted, ready = KINDS[kind]
    return f"{total(series(wanted, NAMESPACE), 'namespace', kind)} - {total(series(ready, NAMESPACE), 'namespace', kind)}"


def replicas(which: int) -> str:
    """The replicas wanted (1) or ready (2) of all kinds, with the labels `kind` and `workload`."""
    found = []
    for kind, metrics in KINDS.items():
        named = f'label_replace({series(metrics[which], NAMESPACE)}, "workload", "$1", "{kind}", "(.+)")'
        found.append(f'sum by (namespace, kind, workload) (label_replace({named}, "kind", "{kind}", "", ""))')
    return " or ".join(found)


def per_pod(metric: str) -> str:
    return total(series(metric, KUBELET, CONTAINER, NAMESPACE), "namespace", "pod")


BOARD = Board(
    title="Workloads",
    description="Whether workloads have the replicas they want, and what these use.",
    group="kubernetes",
    variables=[variable("namespace", series("kube_pod_info"))],
    rows={
        "Now": [
            *(
                number(
                    f"{name}: missing replicas",
                    f"Replicas of {name} that are wanted and not ready.",
                    "short",
                    total(missing(kind)),
                    thresholds=(1,),
                )
                for kind, (name, _wanted, _ready) in KINDS.items()
            ),
            number(
                "Failed jobs",
                "Jobs with failed pods.",
                "short",
                or_zero(total(f"{JOBS} > 0", by="count"), total(series("kube_namespace_status_phase"))),
                thresholds=(1,),
            ),
        ],
        "Replicas": [
            graph(
                "Missing replicas",
                "Replicas that are wanted and not ready, over time.",
                "short",
                {f"{{{{namespace}}}}/{{{{{kind}}}}}": missing(kind) for kind in KINDS},
            ),
            graph(
                "Restarts",
                "Containers that were started again within an hour each, of the ten workloads with most.",
                "short",
                {"{{namespace}}/{{workload}}": top(10, of_workload(total(restarts(NAMESPACE), "namespace", "pod")))},
            ),
            graph(
                "Autoscaling",
                "Replicas that HorizontalPodAutoscalers hold, as a share of their maximum.",
                "percentunit",
                {
                    "{{namespace}}/{{horizontalpodautoscaler}}": total(
                        f"{series('kube_horizontalpodautoscaler_status_current_replicas', NAMESPACE)}"
                        f" / {series('kube_horizontalpodautoscaler_spec_max_replicas', NAMESPACE)}",
                        "namespace",
                        "horizontalpodautoscaler",
                        by="max",
                    )
                },
                highest=1,
            ),
        ],
        "Usage": [
            graph(
                "CPU",
                "Cores used by the twenty busiest workloads.",
                "short",
                {
                    "{{namespace}}/{{workload}}": top(
                        20,
                        of_workload(
                            flow(series("container_cpu_usage_seconds_total", KUBELET, CONTAINER, NAMESPACE), "namespace", "pod")
                        ),
                    )
                },
                stacked=True,
            ),
            graph(
                "Memory",
                "Working set of the twenty largest workloads.",
                "bytes",
                {"{{namespace}}/{{workload}}": top(20, of_workload(per_pod("container_memory_working_set_bytes")))},
                stacked=True,
            ),
            *(
                graph(
                    f"Network {way}",
                    f"Bytes that the pods of the ten busiest workloads {way}.",
                    "Bps",
                    {
                        "{{namespace}}/{{workload}}": top(
                            10,
                            of_workload(
                                flow(series(f"container_network_{way}_bytes_total", KUBELET, NAMESPACE), "namespace", "pod")
                            ),
                        )
                    },
                )
                for way in ("receive", "transmit")
            ),
        ],
        "All": [
            rows_of(
                "Replicas in numbers",
                "Every workload with replicas, and how many it wants and has.",
                {"namespace": "Namespace", "kind": "Kind", "workload": "Workload"},
                {
                    "Wanted": ("short", replicas(1)),
                    "Ready": ("short", replicas(2)),
                },
                links={"namespace": "pods"},
            ),
        ],
    },
)
