"""What the machine must have before a sandbox can be made; what Debian packages is installed here."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

from . import cgroups
from .errors import SandboxError

# Below it each sandbox has its folder.
STATES = Path("/var/opt/longterm-metrics")
# A file each package brings, so that looking costs nothing.
PACKAGES = {
    "runc": "/usr/sbin/runc",
    "containernetworking-plugins": "/usr/lib/cni/ptp",
    "conntrack": "/usr/sbin/conntrack",
    "nftables": "/usr/sbin/nft",
    "iptables": "/usr/sbin/iptables",
    "ipset": "/usr/sbin/ipset",
    "iproute2": "/sbin/ip",
    "busybox-static": "/bin/busybox",
    "ca-certificates": "/etc/ssl/certs/ca-certificates.crt",
}
STATE_SPACE = 3 * 2**30


def check() -> None:
    """Raise one clear sentence where there can be no sandbox."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise SandboxError(f"The sandbox runs on Linux on x86-64; this is {platform.system()} on {platform.machine()}.")
    if os.geteuid() != 0:
        raise SandboxError("The sandbox needs root, for namespaces, control groups and mounts; run make as root.")


def prepare(state: Path) -> None:
    """Raise one clear sentence for the first thing that is missing; install the packages that are."""
    if "overlay" not in Path("/proc/filesystems").read_text():
        _load_overlay()
    existing = next(folder for folder in (state, *state.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < STATE_SPACE:
        raise SandboxError(f"A sandbox takes {STATE_SPACE >> 30} GiB in {state}, where {free >> 30} GiB are free; free some.")
    cgroups.check()
    missing = [package for package, file in PACKAGES.items() if not Path(file).exists()]
    if missing:
        _install(missing)


def _load_overlay() -> None:
    if not shutil.which("modprobe"):
        raise SandboxError("containerd needs the overlay file system, and there is no modprobe to load it; install kmod.")
    if subprocess.run(["modprobe", "overlay"], capture_output=True, check=False).returncode:
        raise SandboxError("This kernel has no overlay file system, which containerd needs for its images.")


def _install(packages: list[str]) -> None:
    if not shutil.which("apt-get"):
        raise SandboxError(f"Missing: {', '.join(packages)} (by their Debian names); install them, this system has no apt-get.")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "-qq", *command], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SandboxError(f"apt-get {command[0]} for {', '.join(packages)} failed: {done.stderr.strip()[-300:]}")
