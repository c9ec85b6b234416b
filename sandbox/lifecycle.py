"""A sandbox cluster that is wanted: made when there is none, repaired when it does not work."""

from __future__ import annotations

import contextlib
import sys
import time

from . import network, node
from .errors import SandboxError
from .node import Node

# How long a cluster may take to recover before all of its daemons are restarted.
PATIENCE = 60
# States of a process that a signal stopped, as /proc shows them.
STOPPED = ("T", "t")


def up(cluster: Node, table: dict) -> None:
    """Make the cluster, or repair the existing one. One that was never completed is made again."""
    # Without its last step a node can be Ready and lack images and manifests.
    if cluster.complete.exists():
        repair(cluster)
    else:
        node.make(cluster, table)


def repair(cluster: Node) -> None:
    """Make the cluster work again and print how. Nothing is removed: only the user gives a cluster up."""
    if cluster.pid() and cluster.ready():
        return
    mended = _Mended(cluster, time.time())
    if cluster.pid():
        _tell(cluster, "is not Ready; repairing it")
    else:
        _tell(cluster, "does not run; starting it again with its data")
        _resume(cluster)
        mended.told.update(cluster.daemons)
    try:
        try:
            node.wait("the node", mended, cluster, PATIENCE)
        except SandboxError:
            _tell(cluster, f"is still not Ready after {PATIENCE} s; restarting all of its daemons")
            _restart_all(cluster)
            mended.told.update(cluster.daemons)
            node.wait("the node", mended, cluster)
        node.wait_for_the_rest(cluster)
    except SandboxError as error:
        raise SandboxError(f"{error} Nothing was removed; to remove it: make sandbox-down NAME={cluster.name}") from None
    _tell(cluster, "is repaired")


class _Mended:
    """Whether the cluster works; each look restarts the daemons that are stopped, and tells once of each that does not run."""

    def __init__(self, cluster: Node, since: float) -> None:
        self.cluster = cluster
        self.since = since
        self.told: set[str] = set()

    def __call__(self) -> bool:
        for name, state in self.cluster.daemons_down().items():
            stopped = state in STOPPED
            if name not in self.told:
                self.told.add(name)
                _tell(self.cluster, f"{name} {'is stopped' if stopped else 'has ended'}; restarting it")
            # Process 1 restarts those that ended.
            if stopped:
                self.cluster.restart(name)
        return self.cluster.ready(since=self.since)


def _restart_all(cluster: Node) -> None:
    for name in cluster.daemons:
        # One that has just ended is being restarted.
        with contextlib.suppress(SandboxError):
            cluster.restart(name)


def _resume(cluster: Node) -> None:
    """Start process 1 and the daemons again, with the addresses and the data that the cluster had."""
    with node.one_at_a_time():
        node.clear(cluster)
        own = cluster.network
        if own is None or any(own.overlaps(other) for other in network.in_use()):
            raise SandboxError(
                f"Sandbox {cluster.name} cannot be started again: this machine uses its network {own} for something else. "
                f"Free it, or remove the sandbox with its data: make sandbox-down NAME={cluster.name}"
            )
        host_ip, node_ip = own.hosts()
        process = node.start(cluster, f"{host_ip}/30", f"{node_ip}/30")
    node.let_go(process)


def _tell(cluster: Node, what: str) -> None:
    print(f"sandbox {cluster.name} {what}", file=sys.stderr, flush=True)
