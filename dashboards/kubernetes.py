"""What the dashboards of Kubernetes objects ask alike, by kubelet and kube-state-metrics."""

from __future__ import annotations

from dashboards.promql import flow, series, total

NAMESPACE = 'namespace=~"$namespace"'
POD = 'pod=~"$pod"'
# cAdvisor also has series of whole pods and of the node's own groups, which name no container.
CONTAINER = 'container!=""'
KUBELET = 'job="kubelet"'

_RUNNING = 'phase=~"Pending|Running"'


def used(resource: str, *matchers: str, by: str) -> str:
    """Cores, or the working set in bytes, of containers."""
    if resource == "cpu":
        return flow(series("container_cpu_usage_seconds_total", KUBELET, CONTAINER, *matchers), by)
    return total(series("container_memory_working_set_bytes", KUBELET, CONTAINER, *matchers), by)


def asked(kind: str, resource: str, *matchers: str, by: str = "") -> str:
    """The requests or limits of pods that run or are to run; those of finished ones bind nothing."""
    asking = series(f"kube_pod_container_resource_{kind}", f'resource="{resource}"', *matchers)
    running = f"max by (namespace, pod) ({series('kube_pod_status_phase', _RUNNING, *matchers)} == 1)"
    return total(f"{asking} * on (namespace, pod) group_left () {running}", *filter(None, [by]))


def restarts(*matchers: str) -> str:
    """How often containers were started again within an hour."""
    return f"increase({series('kube_pod_container_status_restarts_total', *matchers)}[1h])"


def throttled(*matchers: str, by: str) -> str:
    """The share of scheduling periods in which containers with a CPU limit had to wait for it."""
    periods = flow(series("container_cpu_cfs_periods_total", KUBELET, CONTAINER, *matchers), by)
    return f"{flow(series('container_cpu_cfs_throttled_periods_total', KUBELET, CONTAINER, *matchers), by)} / ({periods} > 0)"


def of_workload(by_pod: str) -> str:
    """A value of pods, summed by the workload they belong to; a ReplicaSet stands for the Deployment that names it."""
    owners = series("kube_pod_owner", NAMESPACE, 'owner_is_controller="true"')
    joined = f'label_join({owners}, "owner", "/", "owner_kind", "owner_name")'
    named = f'label_replace({joined}, "workload", "$1", "owner", "[^/]+/(.+)")'
    named = f'label_replace({named}, "workload", "$1", "owner", "ReplicaSet/(.+)-[^-]+")'
    owner = f"max by (namespace, pod, workload) ({named})"
    return f"sum by (namespace, workload) ({by_pod} * on (namespace, pod) group_left (workload) {owner})"
