"""The node's control groups, on cgroup v1 (one folder per hierarchy) and v2 (one folder)."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

from .errors import SandboxError

ROOT = Path("/sys/fs/cgroup")
V1 = ("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd", "unified")


def check() -> None:
    """Make and remove groups, or raise one clear sentence: in an ordinary container they can only be read."""
    trial = f"lm-trial-{os.getpid()}"
    if not folders(trial):
        raise SandboxError(f"The sandbox needs control groups, and there are none in {ROOT}; mount them.")
    try:
        create(trial)
    except OSError as error:
        raise SandboxError(
            f"The sandbox cannot make control groups here ({error}); it needs a machine, or a container that is privileged."
        ) from error
    finally:
        _remove(trial)


def folders(node: str) -> list[Path]:
    """Where the node's groups are on this machine."""
    if (ROOT / "cgroup.controllers").exists():
        return [ROOT / node]
    return [ROOT / hierarchy / node for hierarchy in V1 if (ROOT / hierarchy).is_dir()]


def create(node: str) -> None:
    """Make the root of the node's pods, and `system` below it for its daemons."""
    for folder in folders(node):
        folder.mkdir(exist_ok=True)
        if folder.parent == ROOT:
            _enable_v2(ROOT)
            _enable_v2(folder)
        elif folder.parent.name == "cpuset":
            for file in ("cpuset.cpus", "cpuset.mems"):
                (folder / file).write_text((folder.parent / file).read_text())
            (folder / "cgroup.clone_children").write_text("1")
        (folder / "system").mkdir(exist_ok=True)


def _enable_v2(folder: Path) -> None:
    controllers = (folder / "cgroup.controllers").read_text().split()
    (folder / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in controllers))


def enter(node: str, pid: int) -> None:
    for folder in folders(node):
        (folder / "system" / "cgroup.procs").write_text(str(pid))


def processes(node: str) -> set[int]:
    """Every process of the node, daemons and pods, as the machine numbers them."""
    found: set[int] = set()
    for folder in folders(node):
        for file in folder.rglob("cgroup.procs"):
            with contextlib.suppress(OSError):
                found.update(int(pid) for pid in file.read_text().split())
    return found - {0}


def memory_bytes(node: str) -> int:
    """Resident memory of all of the node's processes, without the page cache."""
    for folder in folders(node):
        stat = folder / "memory.stat"
        if stat.exists():
            values = dict(line.split() for line in stat.read_text().splitlines())
            return int(values.get("total_rss", values.get("anon", 0)))
    return 0


def destroy(node: str, timeout: float = 20) -> list[str]:
    """Kill what is in the groups and remove them; what could not be removed in time is returned."""
    deadline = time.monotonic() + timeout
    while True:
        for pid in processes(node):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        left = _remove(node)
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.1)


def _remove(node: str) -> list[str]:
    left = []
    for folder in folders(node):
        if not folder.exists():
            continue
        for child in sorted(folder.rglob("*"), key=lambda path: len(path.parts), reverse=True):
            if child.is_dir():
                with contextlib.suppress(OSError):
                    child.rmdir()
        try:
            folder.rmdir()
        except OSError:
            left.append(str(folder))
    return left
