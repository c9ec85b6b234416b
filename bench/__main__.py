"""Print how apply_set compares with kubectl, helm and kubernetes.core on the same objects; nothing else is written."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path
from statistics import median

from sandbox import programs
from sandbox.errors import SandboxError

from . import cluster as clusters
from . import tools
from .errors import BenchError
from .measure import Bench, Figures, Run

FEW, MANY = 120, 1200
REPETITIONS = 5
# Of what takes long.
FEWER = 3

KUBECTL, CORE = "`kubectl apply --server-side`", "`kubernetes.core.k8s`, one list"
HELM, OURS = "`helm upgrade --install`", "`apply_set`"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--current",
        action="store_true",
        help="not on a sandbox of its own, but on the throw-away cluster of K8S_AUTH_KUBECONFIG and K8S_AUTH_CONTEXT",
    )
    arguments = parser.parse_args()
    try:
        measure(arguments.current)
    except (BenchError, SandboxError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


def measure(current: bool) -> None:
    table = programs.load_table()
    programs.build(["helm"], table)
    core = tools.install_kubernetes_core()
    prepare = {
        KUBECTL: tools.kubectl,
        CORE: tools.kubernetes_core(core),
        HELM: tools.helm,
        OURS: tools.apply_set,
    }
    with tempfile.TemporaryDirectory() as home:
        with (clusters.current if current else clusters.own_sandbox)(table) as cluster:
            bench = Bench(cluster, Path(home))
            with clusters.with_crd(cluster):
                few = bench.side_by_side(prepare, FEW, REPETITIONS)
                many = bench.side_by_side({OURS: tools.apply_set}, MANY, FEWER)[OURS]
            ping, ours = bench.floor(REPETITIONS)
        site = site_row(bench, table, "inventories/local" if current else "inventories/sandbox")
    kubectl, helm = (programs.Program.from_table(name, table).version for name in ("kubernetes", "helm"))
    print(f"{machine()}; kubectl {kubectl}, helm {helm}, kubernetes.core {tools.kubernetes_core_version(core)}")
    print()
    print_side_by_side(few)
    print()
    print_further(few, many, ping, ours, site)


def site_row(bench: Bench, table: dict, inventory: str) -> str:
    """site.yml on the cluster of the environment, where it has nothing to do: its figure, or why there is none."""
    target = clusters.of_environment(table)
    if target is None:
        return "skipped: K8S_AUTH_KUBECONFIG and K8S_AUTH_CONTEXT name no cluster"
    try:
        return f"{bench.site(target, inventory, FEWER):.1f} s"
    except BenchError as error:
        return f"skipped: {' '.join(str(error).split())}"


def print_side_by_side(figures: dict[str, Figures]) -> None:
    print(f"| {FEW} objects | first apply, s | no-op, s | no-op to kubectl's | API requests, first | API requests, no-op |")
    print("|---|---|---|---|---|---|")
    base = median(figures[KUBECTL].no_op.seconds)
    for name, found in figures.items():
        first, no_op = median(found.first.seconds), median(found.no_op.seconds)
        requests = f"{median(found.first.requests):.0f} | {median(found.no_op.requests):.0f}"
        print(f"| {name} | {first:.2f} | {no_op:.2f} | {no_op / base:.2f} | {requests} |")


def print_further(few: dict[str, Figures], many: Figures, ping: float, ours: float, site: str) -> None:
    base = few[OURS]
    to_kubectl = median(base.no_op.seconds) / median(few[KUBECTL].no_op.seconds)
    ahead = median(few[CORE].no_op.seconds) / median(base.no_op.seconds)
    rows = [
        ("no-op of apply_set to kubectl's", f"{to_kubectl:.2f}", "at most 0.7"),
        ("no-op of kubernetes.core to apply_set's", f"{ahead:.1f}", "at least 5"),
        (f"{MANY} objects, apply_set, first apply", growth(many.first, base.first), "at most 10 times"),
        (f"{MANY} objects, apply_set, no-op", growth(many.no_op, base.no_op), "at most 10 times"),
        ("playbook with one request, over one with ping", f"{ours - ping:.2f} s ({ours:.2f} over {ping:.2f})", "at most 0.3 s"),
        ("`site.yml`, no-op", site, ""),
    ]
    print("| further | measured | wanted |")
    print("|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def growth(many: Run, few: Run) -> str:
    more, less = median(many.seconds), median(few.seconds)
    return f"{more:.2f} s, {more / less:.1f} times that of {FEW}"


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
