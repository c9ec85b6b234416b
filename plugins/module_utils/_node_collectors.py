# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collectors of node_exporter 1.12 on Linux.

https://github.com/prometheus/node_exporter/tree/v1.12.1/collector
"""

from __future__ import annotations

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._schema import nearest

_NAMES = """
arp bcache bcachefs bonding btrfs buddyinfo cgroups conntrack cpu cpu_vulnerabilities cpufreq diskstats dmi dmmultipath drbd
drm edac entropy ethtool fibrechannel filefd filesystem hwmon infiniband interrupts ipvs kernel_hung ksmd lnstat loadavg
logind mdadm meminfo meminfo_numa mountstats netclass netdev netstat network_route nfs nfsd ntp nvme nvmesubsystem os
pcidevice perf powersupplyclass pressure processes qdisc rapl runit schedstat selinux slabinfo sockstat softirqs softnet stat
supervisord swap sysctl systemd tapestats tcpstat textfile thermal_zone time timex udp_queues uname vmstat watchdog wifi xfrm
xfs zfs zoneinfo
"""
COLLECTORS = frozenset(_NAMES.split())


def problems(collectors: Any, variable: str) -> list[str]:
    """What is wrong with names of collectors, in full sentences."""
    if not isinstance(collectors, list | tuple):
        return [f"{variable} must be a list of collectors, such as [systemd, processes]."]
    found = []
    for number, name in enumerate(collectors):
        where = f"{variable}[{number}]"
        if name not in COLLECTORS:
            found.append(f"{where} is {name}, which is no collector of node_exporter; {nearest(str(name), COLLECTORS)}")
        elif name in collectors[:number]:
            found.append(f"{where} is {name}, as {variable}[{[*collectors].index(name)}] is; must be unique.")
    return found
