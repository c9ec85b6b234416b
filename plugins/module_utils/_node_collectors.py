# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collectors of node_exporter 1.12 on Linux.

https://github.com/prometheus/node_exporter/tree/v1.12.1/collector
"""

from __future__ import annotations

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._schema import ListOf, nearest, shown
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import TEXT

_NAMES = """
arp bcache bcachefs bonding btrfs buddyinfo cgroups conntrack cpu cpu_vulnerabilities cpufreq diskstats dmi dmmultipath drbd
drm edac entropy ethtool fibrechannel filefd filesystem hwmon infiniband interrupts ipvs kernel_hung ksmd lnstat loadavg
logind mdadm meminfo meminfo_numa mountstats netclass netdev netstat network_route nfs nfsd ntp nvme nvmesubsystem os
pcidevice perf powersupplyclass pressure processes qdisc rapl runit schedstat selinux slabinfo sockstat softirqs softnet stat
supervisord swap sysctl systemd tapestats tcpstat textfile thermal_zone time timex udp_queues uname vmstat watchdog wifi xfrm
xfs zfs zoneinfo
"""
COLLECTORS = frozenset(_NAMES.split())
_SCHEMA = ListOf(TEXT, unique=True)


def problems(collectors: Any, variable: str) -> list[str]:
    """What is wrong with names of collectors, in full sentences."""
    found = [*_SCHEMA.judge(collectors, variable)]
    for number, name in enumerate(collectors if isinstance(collectors, list | tuple) else ()):
        if isinstance(name, str) and name not in COLLECTORS:
            hint = nearest(name, COLLECTORS)
            found.append(f"{variable}[{number}] is {shown(name)}, which is no collector of node_exporter; {hint}")
    return found
