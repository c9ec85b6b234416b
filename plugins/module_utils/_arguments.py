# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Further arguments of programs: what sets an option that a role sets itself, sets one twice, or is no argument."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _re2, _thanos_arguments
from ansible_collections.longterm.metrics.plugins.module_utils._node_collectors import COLLECTORS

_ARGUMENT = re.compile(r"--([A-Za-z][A-Za-z0-9._-]*)(=[^\x00-\x08\n\r\x7f]*)?", re.ASCII)

# What templates set, by the variable of further arguments, and the variable to use instead where there is one. A test holds this
# against what is rendered.
_EXCLUDE = "node_exporter_exclude"
OWN: Mapping[str, Mapping[str, str]] = {
    **_thanos_arguments.OWN,
    "node_exporter_extra_args": {
        "web.listen-address": "node_exporter_port",
        "path.rootfs": "",
        "path.sysfs": "",
        "path.udev.data": "",
        "collector.filesystem.mount-points-exclude": f"{_EXCLUDE}_mount_points",
        "collector.filesystem.fs-types-exclude": f"{_EXCLUDE}_fs_types",
        "collector.netdev.device-exclude": f"{_EXCLUDE}_net_devices",
        "collector.netclass.ignored-devices": f"{_EXCLUDE}_net_devices",
        # node_exporter does not start with one of these beside its counterpart.
        "collector.filesystem.mount-points-include": f"{_EXCLUDE}_mount_points",
        "collector.filesystem.ignored-mount-points": f"{_EXCLUDE}_mount_points",
        "collector.filesystem.fs-types-include": f"{_EXCLUDE}_fs_types",
        "collector.filesystem.ignored-fs-types": f"{_EXCLUDE}_fs_types",
        "collector.netdev.device-include": f"{_EXCLUDE}_net_devices",
        "collector.netdev.device-whitelist": f"{_EXCLUDE}_net_devices",
        "collector.netdev.device-blacklist": f"{_EXCLUDE}_net_devices",
        "collector.disable-defaults": "node_exporter_disabled_collectors",
        **{f"collector.{name}": "node_exporter_collectors or node_exporter_disabled_collectors" for name in COLLECTORS},
    },
    "kube_state_metrics_extra_args": {
        "port": "",
        "telemetry-port": "",
        "resources": "kube_state_metrics_resources",
        "metric-labels-allowlist": "kube_state_metrics_labels",
        "metric-annotations-allowlist": "kube_state_metrics_annotations",
    },
    "prometheus_adapter_extra_args": {
        "secure-port": "",
        "cert-dir": "",
        "config": "prometheus_adapter_rules or prometheus_adapter_external_rules",
        "prometheus-url": "prometheus_adapter_url",
        "metrics-relist-interval": "prometheus_adapter_relist_interval",
        "metrics-max-age": "prometheus_adapter_max_age",
    },
}
# Flags of node_exporter and kube-state-metrics that take regular expressions, and those that exclude each other.
_FILTERS = re.compile(r"(in|ex)clude$|(allow|deny|opt-in-)list$")
_OPPOSITES = (("include", "exclude"), ("allowlist", "denylist"))
# What a program takes more than once.
_REPEATABLE = re.compile(
    r"enable-feature|selector-label|store\.sd-files|endpoint-group(-strict)?|query\.partition-label|grpc-server-tls-(ciphers|curves)"
    r"|deduplication\.replica-label|restore-ignored-label|grpc-query-endpoint"
    r"|collector\.(textfile\.directory|perf\.(tracepoint|(hardware|software|cache)-profilers))|collector\.sysctl\.include(-info)?|prometheus-header"
)


def problems(arguments: Any, variable: str) -> list[str]:
    """What is wrong, in full sentences. They show names of arguments alone: a value may be a secret."""
    if not isinstance(arguments, list | tuple):
        return [f"{variable} must be a list of arguments, such as [--log.level=debug]."]
    found: list[str] = []
    seen: dict[str, int] = {}
    for number, argument in enumerate(arguments):
        where = f"{variable}[{number}]"
        match = _ARGUMENT.fullmatch(argument) if isinstance(argument, str) else None
        if not match:
            found.append(f"{where} is no argument; must be text such as --log.level=debug, name and value in one.")
            continue
        # Of a flag that is on or off there is a counterpart.
        name = re.sub("^no-", "", match[1])
        if name in OWN[variable]:
            instead = OWN[variable][name]
            found.append(
                f"{where} sets --{match[1]}, which the role sets; {f'use {instead} instead' if instead else 'leave it out'}."
            )
        elif name in seen and (not _REPEATABLE.fullmatch(name) or argument == arguments[seen[name]]):
            found.append(f"{where} sets --{match[1]}, as {variable}[{seen[name]}] does; keep one.")
        elif _FILTERS.search(name) and (words := _re2.problem((match[2] or "=")[1:])):
            found.append(f"{where} sets --{match[1]} to no regular expression: {words}.")
        elif (other := _counterpart(name)) in seen:
            found.append(f"{where} sets --{match[1]}, which excludes --{other} of {variable}[{seen[other]}]; keep one.")
        seen.setdefault(name, number)
    return found


def _counterpart(name: str) -> str:
    """The flag that a program does not take beside this one; empty where there is none."""
    for one, other in _OPPOSITES:
        for this, that in ((one, other), (other, one)):
            if name.endswith(this):
                return name.removesuffix(this) + that
    return ""
