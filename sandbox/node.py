"""One sandbox cluster, seen from the machine: made, found, taken away.

The node lives in namespaces of its own. On the machine itself there are only its folder, its control groups, one end
of a link, and the process that holds the namespaces.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import ipaddress
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import cgroups, daemons, network, pki, programs
from .errors import SandboxError
from .machine import STATES

THROW_AWAY = "longterm.metrics/throw-away"
START_TIMEOUT = 120
PROC = Path("/proc")
# How long a heartbeat of the kubelet counts; by Kubernetes' default.
LEASE_SECONDS = 40
# States of a process that works, as /proc shows them.
RUNNING = ("R", "S", "D", "I")


@dataclass(frozen=True)
class Node:
    """A cluster of one node, by name."""

    name: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9]{0,8}", self.name):
            raise SandboxError(
                f"A sandbox is not called {self.name!r}: use 1 to 9 lower-case letters and digits, a letter first."
            )

    @property
    def id(self) -> str:
        """The name of the node, of its control groups and of its link."""
        return f"lm-{self.name}"

    @property
    def state(self) -> Path:
        return STATES / self.name

    @property
    def kubeconfig(self) -> Path:
        return self.state / "kubeconfig"

    @property
    def complete(self) -> Path:
        """Written last: the making of a node without it was interrupted."""
        return self.state / "complete"

    @property
    def network(self) -> ipaddress.IPv4Network | None:
        """The network that the cluster's certificates and configuration name; None before there is a kubeconfig."""
        with contextlib.suppress(FileNotFoundError):
            address = re.search(r"https://([\d.]+):", self.kubeconfig.read_text())
            if address:
                return ipaddress.IPv4Network(f"{address.group(1)}/30", strict=False)
        return None

    def pid(self) -> int | None:
        """Process 1 of the node as the machine numbers it; None when it does not run."""
        for pid in cgroups.processes(self.id):
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{pid}/status").read_text()
                numbers = re.search(r"^NSpid:\s*(.+)$", status, re.MULTILINE)
                if numbers and numbers.group(1).split()[1:] == ["1"]:
                    return pid
        return None

    def enter(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command inside the node."""
        pid = self.pid()
        if pid is None:
            raise SandboxError(f"Sandbox {self.name} does not run; start it with `make sandbox-up`.")
        inside = ["nsenter", f"--target={pid}", "--mount", "--net", "--pid", "--", *command]
        done = subprocess.run(inside, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if check and done.returncode:
            raise SandboxError(f"{' '.join(command[:4])} in sandbox {self.name}: {(done.stderr or done.stdout).strip()[-500:]}")
        return done

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        command = [str(_kubectl()), f"--kubeconfig={self.kubeconfig}", *arguments]
        done = subprocess.run(command, env=_environment(), input=stdin, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SandboxError(f"kubectl {' '.join(arguments[:3])}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def restart(self, daemon: str) -> None:
        """Kill one daemon; process 1 of the node starts it again."""
        self.enter("sh", "-c", f'kill -9 "$(cat /run/{daemon}.pid)"')

    @property
    def daemons(self) -> list[str]:
        return list(json.loads((self.state / "daemons.json").read_text()))

    def daemons_down(self) -> dict[str, str]:
        """The daemons that do not run, each with the state of its process; the state is empty when there is none."""
        root = PROC / str(self.pid()) / "root"
        states = dict.fromkeys(self.daemons, "")
        for name in states:
            with contextlib.suppress(OSError):
                process = (root / "run" / f"{name}.pid").read_text()
                # The command's name, in parentheses, may hold anything.
                states[name] = (root / "proc" / process / "stat").read_text().rpartition(")")[2].split()[0]
        return {name: state for name, state in states.items() if state not in RUNNING}

    def ready(self, since: float | None = None) -> bool:
        """Whether all daemons run, and the kubelet has said after `since`, a time.time(), that the node is Ready."""
        # Without it nothing can be said about the node.
        _kubectl()
        if self.daemons_down():
            return False
        if since is None:
            since = time.time() - LEASE_SECONDS
        status = "{.items[0].status.conditions[?(@.type=='Ready')].status} {.items[1].spec.renewTime}"
        what = [f"node/{self.id}", f"lease/{self.id}", "--namespace=kube-node-lease", "--request-timeout=10s"]
        with contextlib.suppress(SandboxError):
            ready, _, heartbeat = self.kubectl("get", *what, f"--output=jsonpath={status}").partition(" ")
            return ready == "True" and datetime.datetime.fromisoformat(heartbeat).timestamp() > since
        return False


def make(node: Node, table: dict) -> None:
    """Make the cluster, over whatever an interrupted making left. The base is built already."""
    down(node)
    process, node_ip = _claim(node)
    pki.create(node.state / "pki", node.id, str(node_ip), daemons.SERVICE_IP)
    daemons.write(node.state, node.id, str(node_ip), table)
    _write_private(node.kubeconfig, (node.state / "config" / "admin.kubeconfig").read_bytes())
    let_go(process)
    wait("the API server", lambda: node.kubectl("get", "--raw=/readyz") == "ok", node)
    node.kubectl("label", "namespace", "kube-system", f"{THROW_AWAY}=true", "--overwrite")
    import_images(node, table["base_images"], table)
    for file in sorted((Path(__file__).parent / "manifests").glob("*.yaml")):
        node.kubectl("apply", "--server-side", "-f", "-", stdin=_manifest(file, table))
    wait("the node", node.ready, node)
    wait_for_the_rest(node)
    node.complete.touch()


def wait_for_the_rest(node: Node) -> None:
    """Wait for what comes after the node."""
    wait("the cluster's own pods", lambda: _pods_ready(node), node)
    wait("the firewall", lambda: _policies_enforced(node), node)


def down(node: Node) -> None:
    """End every process of the node; its mounts and interfaces end with them. Then its groups and its folder go."""
    clear(node)
    if node.state.exists():
        shutil.rmtree(node.state)
    with one_at_a_time(), contextlib.suppress(OSError):
        STATES.rmdir()


def clear(node: Node) -> None:
    """Remove all of the node but its folder."""
    left = cgroups.destroy(node.id)
    if left:
        raise SandboxError(f"Sandbox {node.name}: control group {left[0]} is still in use; look at its cgroup.procs.")
    if Path("/sys/class/net", node.id).exists():
        subprocess.run(["ip", "link", "delete", node.id], capture_output=True, check=False)


def import_images(node: Node, names: list[str], table: dict) -> None:
    """Put images into the node's containerd; those it has are left alone."""
    ctr = str(programs.Program.from_table("containerd", table).bin / "ctr")
    wait("containerd", lambda: node.enter(ctr, "version", check=False).returncode == 0, node)
    have = set(node.enter(ctr, "--namespace=k8s.io", "images", "list", "--quiet").stdout.split())
    for name in names:
        if programs.image_reference(name, table) not in have:
            archive = programs.image_archive(name, table)
            node.enter(ctr, "--namespace=k8s.io", "images", "import", "--local", str(archive))


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Held while what all sandboxes of the machine share is looked at and changed: the networks, and the folder of folders.

    The lock is on the folder above, which stays, so that nothing is left behind.
    """
    STATES.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(STATES.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _claim(node: Node) -> tuple[subprocess.Popen[bytes], ipaddress.IPv4Address]:
    """Take a folder and a network for the node: its process 1, which waits for the word to go on, and its address."""
    with one_at_a_time():
        for name in ("lib", "log"):
            (node.state / name).mkdir(parents=True)
        node.state.chmod(0o700)
        # Those of sandboxes that do not run are kept for them.
        taken = [Node(file.parent.name).network for file in STATES.glob("*/kubeconfig")]
        host_ip, node_ip = network.free(one for one in taken if one)
        return start(node, f"{host_ip}/30", f"{node_ip}/30"), node_ip


def start(node: Node, host_address: str, node_address: str) -> subprocess.Popen[bytes]:
    """Start process 1 in new namespaces and give it its groups and its link; "go" on its input lets it go."""
    cgroups.create(node.id)
    unshare = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation=private"]
    with (node.state / "log" / "init.log").open("ab") as log:
        process = subprocess.Popen(
            [*unshare, sys.executable, str(Path(__file__).with_name("init.py")), str(node.state)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            env=_environment(),
        )
    pid = _child_of(process)
    cgroups.enter(node.id, process.pid)
    cgroups.enter(node.id, pid)
    network.ip("link", "add", node.id, "type", "veth", "peer", "name", "eth0", "netns", str(pid))
    network.ip("address", "add", host_address, "dev", node.id)
    network.ip("link", "set", node.id, "up")
    inside = ["nsenter", f"--target={pid}", "--net", "--"]
    network.ip("address", "add", node_address, "dev", "eth0", prefix=inside)
    network.ip("link", "set", "eth0", "up", prefix=inside)
    # Addresses of Services need a route before kube-proxy makes them those of pods. There is no other way out, and who tries one,
    # as for an image that was not built, is told so at once.
    network.ip("route", "add", daemons.SERVICE_CIDR, "via", host_address.split("/")[0], prefix=inside)
    network.ip("route", "add", "unreachable", "default", prefix=inside)
    return process


def let_go(process: subprocess.Popen[bytes]) -> None:
    """Give process 1 the word to start the daemons."""
    assert process.stdin
    process.stdin.write(b"go\n")
    process.stdin.close()


def _environment() -> dict[str, str]:
    """The caller's without its proxies: no proxy has a way to the node, and the node has none to a proxy."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def _child_of(process: subprocess.Popen[bytes]) -> int:
    deadline = time.monotonic() + 10
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while time.monotonic() < deadline and process.poll() is None:
        found = children.read_text().split()
        if found:
            return int(found[0])
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    raise SandboxError("unshare could not make the node's namespaces; it needs root with CAP_SYS_ADMIN.")


def _kubectl() -> Path:
    """The kubectl of the release that the table pins; another checkout's may be all that was built."""
    binary = programs.Program.from_table("kubernetes", programs.load_table()).bin / "kubectl"
    if not binary.exists():
        raise SandboxError(f"There is no kubectl at {binary}; `make sandbox-up` builds it.")
    return binary


def _manifest(file: Path, table: dict) -> str:
    text = file.read_text().replace("{dns_ip}", daemons.DNS_IP)
    for name in table["base_images"]:
        key = name.rsplit("/", 1)[-1].replace("-", "_")
        text = text.replace(f'"{{{key}}}"', programs.image_reference(name, table))
    return text


def _pods_ready(node: Node) -> bool:
    """DNS and storage answer, and pods of the default service account can be made."""
    unavailable = "{.items[*].status.unavailableReplicas}{.items[?(@.status.observedGeneration<1)].metadata.name}"
    node.kubectl("get", "serviceaccount", "default")
    return not node.kubectl("get", "deployments", "--namespace=kube-system", f"--output=jsonpath={unavailable}").strip()


def _policies_enforced(node: Node) -> bool:
    """The firewall has rules for pods; it makes them of all that it knows, at once."""
    return "KUBE-POD-FW-" in node.enter("/usr/sbin/iptables-save", "--table=filter").stdout


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def wait(what: str, condition: Callable[[], bool], node: Node, timeout: float | None = None) -> None:
    timeout = START_TIMEOUT if timeout is None else timeout
    deadline = time.monotonic() + timeout
    pause = 0.1
    while time.monotonic() < deadline:
        with contextlib.suppress(SandboxError):
            if condition():
                return
        time.sleep(pause)
        pause = min(pause * 1.5, 1)
    raise SandboxError(f"Sandbox {node.name}: {what} was not ready after {timeout} s; its logs are in {node.state}/log.")
