"""The links between the machine and its sandboxes: a network of two addresses each."""

from __future__ import annotations

import ipaddress
import re
import subprocess
from collections.abc import Iterable

from .errors import SandboxError

NETWORK = ipaddress.IPv4Network("10.213.0.0/16")


def free(taken: Iterable[ipaddress.IPv4Network]) -> tuple[ipaddress.IPv4Address, ipaddress.IPv4Address]:
    """The two addresses of the first /30 of 10.213.0.0/16 that is not taken and that the machine does not use."""
    unavailable = [*taken, *in_use()]
    for subnet in NETWORK.subnets(new_prefix=30):
        if not any(subnet.overlaps(other) for other in unavailable):
            host_ip, node_ip = subnet.hosts()
            return host_ip, node_ip
    raise SandboxError(f"Every network in {NETWORK} is routed on this machine already; a sandbox needs a free /30 there.")


def in_use() -> list[ipaddress.IPv4Network]:
    """The networks that the machine has routes to, without the default route."""
    routes = subprocess.run(["ip", "-4", "route", "show", "table", "all"], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"\b\d+\.\d+\.\d+\.\d+(?:/\d+)?\b", routes)
    return [network for network in (ipaddress.IPv4Network(text, strict=False) for text in found) if network.prefixlen]


def ip(*words: str, prefix: list[str] | None = None) -> None:
    """Run the command `ip`, inside the node with a prefix."""
    done = subprocess.run([*(prefix or []), "ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SandboxError(f"ip {' '.join(words)}: {done.stderr.strip()}")
