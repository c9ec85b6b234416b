"""Process 1 of a sandbox node: makes the node's own view of the machine, starts its daemons, keeps them running.

It runs in namespaces of its own for processes, mounts and network (`unshare` made them), so when it dies everything
in it is gone: processes, mounts, interfaces. Only the standard library is imported: this process stays for as long
as the node does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

RESTART_PAUSE = 0.5
# Switches of the whole kernel that the kubelet sets where they differ, with what it wants: it finds them in files of the node.
KUBELET_SYSCTLS = {
    "vm/overcommit_memory": 1,
    "vm/panic_on_oom": 0,
    "kernel/panic": 10,
    "kernel/panic_on_oops": 1,
    "kernel/keys/root_maxkeys": 1_000_000,
    "kernel/keys/root_maxbytes": 25_000_000,
}


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def see_own_machine(state: Path) -> None:
    """Give the daemons their usual paths: /var/lib and /var/log in the node's folder, an empty /run, its own /proc."""
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "proc", "proc", "/proc")
    run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    for name in ("lib", "log"):
        run("mount", "--bind", str(state / name), f"/var/{name}")
    shadow_sysctls(Path("/run/sysctl"), Path("/proc/sys"))
    run("mount", "--make-rshared", "/")


def shadow_sysctls(files: Path, tree: Path) -> None:
    """Put files of the node over the kernel's switches; containers have a /proc of their own and see the kernel's."""
    for name, value in KUBELET_SYSCTLS.items():
        if (tree / name).exists():
            file = files / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{value}\n")
            run("mount", "--bind", str(file), str(tree / name))


def prepare_network() -> None:
    """Loopback and forwarding; the link to the machine is put in from outside."""
    run("ip", "link", "set", "lo", "up")
    for switch in ("net/ipv4/ip_forward", "net/ipv4/conf/all/forwarding"):
        Path("/proc/sys", switch).write_text("1")


def wait_for_link() -> None:
    """Block until the outside says the link and the control groups are in place; without that word, end."""
    if sys.stdin.readline().strip() != "go":
        sys.exit("the command that was starting this node ended early")


class Daemons:
    """The node's daemons, started at once and restarted when they end; each finds its peers by trying again."""

    def __init__(self, commands: dict[str, list[str]], log: Path, pids: Path) -> None:
        self.commands = commands
        self.log = log
        self.pids = pids
        # The objects are kept: those that are not, subprocess reaps by itself, and nobody hears of their end.
        self.running: dict[int, tuple[str, subprocess.Popen[bytes]]] = {}

    def start(self, name: str) -> None:
        with (self.log / f"{name}.log").open("ab") as output:
            process = subprocess.Popen(self.commands[name], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.running[process.pid] = name, process
        (self.pids / f"{name}.pid").write_text(str(process.pid))

    def serve(self) -> None:
        """Start all, then reap: a daemon that ended is started again, an orphan is only buried."""
        for name in self.commands:
            self.start(name)
        while True:
            pid, _status = os.waitpid(-1, 0)
            if pid in self.running:
                time.sleep(RESTART_PAUSE)
                name, _process = self.running.pop(pid)
                self.start(name)


def main() -> None:
    state = Path(sys.argv[1])
    see_own_machine(state)
    prepare_network()
    wait_for_link()
    Daemons(json.loads((state / "daemons.json").read_text()), Path("/var/log"), Path("/run")).serve()


if __name__ == "__main__":
    main()
