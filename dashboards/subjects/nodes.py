"""Nodes: CPU, memory, disks, network, and what the kernel says of pressure."""

from __future__ import annotations

from dashboards.panels import Board, graph, number, rows_of, variable
from dashboards.promql import flow, per_second, scraped, series, total

of = scraped("node-exporter", 'node=~"$node"')
PHYSICAL = 'device!~"lo|veth.*|cali.*|lxc.*|cni.*|cilium.*"'
DISKS = 'device!~"loop.*|ram.*|dm-.*"'
FILES = 'fstype!~"tmpfs|ramfs|overlay|squashfs|nsfs|fuse.*|iso9660"'
IDLE = 'mode="idle"'

busy = f"1 - avg by (node) ({per_second(of('node_cpu_seconds_total', IDLE))})"
memory = f"1 - {total(of('node_memory_MemAvailable_bytes'), 'node')} / {total(of('node_memory_MemTotal_bytes'), 'node')}"
cores = total(of("node_cpu_seconds_total", IDLE), "node", by="count")
full = f"1 - max by (node, mountpoint) ({of('node_filesystem_avail_bytes', FILES)} / {of('node_filesystem_size_bytes', FILES)})"
inodes = f"1 - max by (node, mountpoint) ({of('node_filesystem_files_free', FILES)} / ({of('node_filesystem_files', FILES)} > 0))"

BOARD = Board(
    title="Nodes",
    description="Utilization, saturation and errors of each node.",
    group="kubernetes",
    variables=[variable("node", series("node_uname_info", 'job="node-exporter"'))],
    rows={
        "Now": [
            number("Busiest CPU", "The highest share of CPU time in use.", "percentunit", f"max({busy})", thresholds=(0.8, 0.95)),
            number(
                "Fullest memory", "The highest share of memory in use.", "percentunit", f"max({memory})", thresholds=(0.8, 0.9)
            ),
            number(
                "Fullest filesystem", "The highest share of space in use.", "percentunit", f"max({full})", thresholds=(0.8, 0.9)
            ),
        ],
        "CPU and memory": [
            graph("CPU", "Share of CPU time that is not idle.", "percentunit", {"{{node}}": busy}, limit=0.9, highest=1),
            graph(
                "Load per core",
                "Tasks that run or wait for a core or a disk (15 minutes), per core. Above one, some wait.",
                "short",
                {"{{node}}": f"sum by (node) ({of('node_load15')}) / {cores}"},
                limit=1,
            ),
            graph("Memory", "Share of memory that is not available.", "percentunit", {"{{node}}": memory}, limit=0.9, highest=1),
            graph(
                "Pressure",
                "Share of time in which tasks waited for a resource, as the kernel accounts it (PSI).",
                "percentunit",
                {
                    f"{{{{node}}}} {resource}": flow(of(f"node_pressure_{resource}_waiting_seconds_total"), "node")
                    for resource in ("cpu", "memory", "io")
                },
            ),
            graph(
                "Clock offset",
                "How far the clock is from its time source. Certificates, leases and the order of samples depend on it.",
                "s",
                {"{{node}}": total(of("node_timex_offset_seconds"), "node", by="max")},
                lowest=None,
            ),
        ],
        "Disks": [
            graph(
                "Filesystems", "Share of space in use.", "percentunit", {"{{node}} {{mountpoint}}": full}, limit=0.9, highest=1
            ),
            graph("Inodes", "Share of inodes in use.", "percentunit", {"{{node}} {{mountpoint}}": inodes}, limit=0.9, highest=1),
            graph(
                "Disk busy",
                "Share of time in which a disk had work. Near one, requests queue (less so on disks that work in parallel).",
                "percentunit",
                {"{{node}} {{device}}": flow(of("node_disk_io_time_seconds_total", DISKS), "node", "device")},
            ),
        ],
        "Network": [
            graph(
                "Traffic",
                "Bytes received and transmitted by the node's own interfaces.",
                "Bps",
                {
                    f"{{{{node}}}} {way}": flow(of(f"node_network_{way}_bytes_total", PHYSICAL), "node")
                    for way in ("receive", "transmit")
                },
            ),
            graph(
                "Errors and drops",
                "Packets that an interface could not handle.",
                "pps",
                {
                    f"{{{{node}}}} {way} {fault}": flow(of(f"node_network_{way}_{fault}_total", PHYSICAL), "node")
                    for way in ("receive", "transmit")
                    for fault in ("errs", "drop")
                },
            ),
        ],
        "All": [
            rows_of(
                "Nodes in numbers",
                "Every selected node.",
                {"node": "Node"},
                {
                    "CPU": ("percentunit", busy),
                    "Cores": ("short", cores),
                    "Memory used": ("percentunit", memory),
                    "Memory": ("bytes", total(of("node_memory_MemTotal_bytes"), "node")),
                    "Pods": ("short", total(series("kube_pod_info", 'node=~"$node"'), "node", by="count")),
                },
                links={"node": "kubelet"},
            ),
        ],
    },
)
