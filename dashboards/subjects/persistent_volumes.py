"""Persistent volumes: how full they are, when they will be, and whether claims are bound."""

from __future__ import annotations

from dashboards.kubernetes import KUBELET, NAMESPACE
from dashboards.panels import Board, graph, number, rows_of, variable
from dashboards.promql import or_zero, series, total

CLAIM = 'persistentvolumeclaim=~"$persistentvolumeclaim"'
BY = ("namespace", "persistentvolumeclaim")
LEGEND = "{{namespace}}/{{persistentvolumeclaim}}"


def volume(what: str) -> str:
    return series(f"kubelet_volume_stats_{what}", KUBELET, NAMESPACE, CLAIM)


def of_claims(metric: str, *matchers: str) -> str:
    return series(metric, NAMESPACE, CLAIM, *matchers)


full = f"max by (namespace, persistentvolumeclaim) ({volume('used_bytes')} / {volume('capacity_bytes')})"
inodes = f"max by (namespace, persistentvolumeclaim) ({volume('inodes_used')} / ({volume('inodes')} > 0))"
phases = of_claims("kube_persistentvolumeclaim_status_phase")
requested = of_claims("kube_persistentvolumeclaim_resource_requests_storage_bytes")
classes = of_claims("kube_persistentvolumeclaim_info")
free = volume("available_bytes")
full_in = f"min by (namespace, persistentvolumeclaim) ({free} / (-deriv({free}[6h]) > 0))"
classed = f"{requested} * on (namespace, persistentvolumeclaim) group_left (storageclass) {classes}"
by_class = total(classed, "storageclass")

BOARD = Board(
    title="Persistent volumes",
    description="Space and inodes of volumes as the kubelet sees them, and the state of claims.",
    group="kubernetes",
    variables=[
        variable("namespace", series("kube_persistentvolumeclaim_info")),
        variable("persistentvolumeclaim", series("kube_persistentvolumeclaim_info", NAMESPACE)),
    ],
    rows={
        "Now": [
            number("Claims", "Claims of the selected namespaces.", "short", total(classes, by="count")),
            number(
                "Claims not bound",
                "Claims that wait for a volume, or have lost theirs.",
                "short",
                total(of_claims("kube_persistentvolumeclaim_status_phase", 'phase!="Bound"')),
                thresholds=(1,),
            ),
            number("Requested", "Storage that the claims request.", "bytes", total(requested)),
            number(
                "Volumes failed",
                "Volumes that could not be reclaimed.",
                "short",
                or_zero(
                    total(series("kube_persistentvolume_status_phase", 'phase="Failed"')),
                    total(series("kube_persistentvolume_status_phase")),
                ),
                thresholds=(1,),
            ),
            number("Fullest", "The highest share of space in use.", "percentunit", f"max({full})", thresholds=(0.8, 0.9)),
        ],
        "Space": [
            graph("Space used", "Share of each volume's space in use.", "percentunit", {LEGEND: full}, limit=0.9, highest=1),
            graph("Space free", "Bytes left on each volume.", "bytes", {LEGEND: total(volume("available_bytes"), *BY, by="min")}),
            graph(
                "Full in",
                "Time until a volume is full if it goes on filling as in the last six hours.",
                "s",
                {LEGEND: full_in},
                limit=4 * 24 * 3600,
            ),
        ],
        "Inodes and claims": [
            graph("Inodes used", "Share of each volume's inodes in use.", "percentunit", {LEGEND: inodes}, limit=0.9, highest=1),
            graph("Claims by phase", "Claims by phase.", "short", {"{{phase}}": total(phases, "phase")}, stacked=True),
            graph(
                "Requested by class",
                "Storage that claims request, by storage class.",
                "bytes",
                {"{{storageclass}}": by_class},
                stacked=True,
            ),
        ],
        "All": [
            rows_of(
                "Claims in numbers",
                "Every selected claim; space in use is empty where the kind of volume does not tell it.",
                {"namespace": "Namespace", "persistentvolumeclaim": "Claim"},
                {
                    "Requested": ("bytes", total(requested, *BY)),
                    "Bound": ("short", total(of_claims("kube_persistentvolumeclaim_status_phase", 'phase="Bound"'), *BY)),
                },
                links={"namespace": "pods"},
            ),
        ],
    },
)
