# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters and tests that rules of settings may use, beside Jinja's own.

They say nothing about one role alone: what only one role needs is a filter plugin of the collection, taken in here by its name.
"""

from __future__ import annotations

import math
import os
import posixpath
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.longterm.metrics.plugins.filter.alertmanager_config import alertmanager_config
from ansible_collections.longterm.metrics.plugins.filter.chart_values_findings import chart_values_findings
from ansible_collections.longterm.metrics.plugins.filter.controller_path import controller_path
from ansible_collections.longterm.metrics.plugins.filter.exposure_endpoints import exposure_endpoints
from ansible_collections.longterm.metrics.plugins.filter.exposure_problems import exposure_problems
from ansible_collections.longterm.metrics.plugins.filter.grafana_settings_findings import grafana_settings_findings
from ansible_collections.longterm.metrics.plugins.filter.ini_problems import ini_problems
from ansible_collections.longterm.metrics.plugins.filter.matcher_problems import matcher_problems
from ansible_collections.longterm.metrics.plugins.filter.network_policy_findings import network_policy_findings
from ansible_collections.longterm.metrics.plugins.filter.override_rules import override_rules
from ansible_collections.longterm.metrics.plugins.module_utils import (
    _adapter_rules,
    _alertmanager_endpoint_schema,
    _allowlists,
    _arguments,
    _bucket_report,
    _cache_schema,
    _grafana_datasource_schema,
    _hashrings,
    _http_headers,
    _monitor_endpoint_schema,
    _node_collectors,
    _operator_client_schema,
    _plain_secrets,
    _probe_modules,
    _receive_limits,
    _receive_tenants,
    _remote_write_schema,
    _rule_schema,
    _scheduling_schema,
    _scrape_configs,
    _size,
    _store_groups,
)
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import formats, object_store
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.types import size, texts
from ansible_collections.longterm.metrics.plugins.test.executable import executable

_NEWEST = (10**6,)
# The Filesystem Hierarchy Standard 3.0, and what distributions add to it.
_SYSTEM_FOLDERS = frozenset(
    (
        *("bin", "boot", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "lost+found", "media", "mnt", "nix", "opt"),
        *("proc", "root", "run", "sbin", "snap", "srv", "sys", "tmp", "usr", "var"),
    )
)
# Where data may be: below these, but for folders that a node's own programs have there.
_DATA_FOLDERS = ("/home", "/media", "/mnt", "/opt", "/srv", "/var/lib", "/var/opt")
_TAKEN_FOLDERS = (
    *("/opt/bin", "/opt/cni", "/opt/containerd", "/opt/rke", "/var/lib/lost+found"),
    *(
        f"/var/lib/{name}"
        for name in (
            *("apt", "calico", "cilium", "cloud", "cni", "containerd", "containers", "crio", "dbus", "docker", "dpkg", "etcd"),
            *("k0s", "kubelet", "longhorn", "machines", "minikube", "NetworkManager", "nfs", "portables", "private", "rancher"),
            *("rook", "rpm", "selinux", "snapd", "sudo", "systemd", "ubuntu-advantage"),
        )
    ),
)
_OWN_RULES = Path(__file__).parents[3] / "roles" / "rules" / "files"


def version(text: Any) -> tuple[int, ...]:
    """The numbers of a release, to compare: `v3.15.0` is (3, 15, 0). What has none (`latest`) counts as the newest."""
    found = re.search(r"\d+\.\d+(\.\d+)?", str(text))
    return tuple(map(int, found[0].split("."))) if found else _NEWEST


def tag_says(image: str, release: str) -> bool:
    """Whether the tag of an image is that release, where both say which they are."""
    tag = re.search(r":v?(\d+\.\d+(\.\d+)?)", image)
    return not tag or version(release) == _NEWEST or version(tag[1]) == version(release)


def without_slash(path: str) -> str:
    """A path without a slash at its end, so that two can be compared."""
    return path.rstrip("/")


def path_of(url: str) -> str:
    """The path of a URL, without a slash at its end."""
    return without_slash(re.sub(r"^[a-z+]+://[^/]*", "", url))


def misses(url: str, namespace: str, services: Mapping[str, str], port: int = 80) -> bool:
    """Whether a URL leads to one of these Services of the namespace, but not to its port and path, `:9090/prometheus`.

    `port` is that of a URL without one.

    Those are empty for a Service that it must not lead to. None of ours has TLS.
    """
    found = re.fullmatch(r"(https?)://([^/:]+)(:\d+)?(/.*)?", url)
    for name, place in services.items() if found else ():
        if found and is_service(found[2], name, namespace):
            return found[1] != "http" or without_slash(f"{found[3] or f':{port}'}{found[4] or ''}") != place
    return False


def is_service(host: str, name: str, namespace: str) -> bool:
    """Whether a host is a Service of the cluster's own namespace, by one of its names; clusters elsewhere have other domains."""
    return host in (name, *(f"{name}.{namespace}{domain}" for domain in ("", ".svc", ".svc.cluster.local")))


def is_store_of(address: str, name: str, namespace: str) -> bool:
    """The same of the address of a Store API, `dnssrv+_grpc._tcp.thanos-query.metrics.svc`."""
    host = re.sub(r"^([a-z]+\+)?(_[a-z]+\._tcp\.)?|:\d+$", "", address)
    return is_service(host, name, namespace)


def repeated(items: list[Any]) -> list[Any]:
    """The entries that a list has more than once."""
    return [item for number, item in enumerate(items) if item in items[:number]]


def words(value: Any) -> list[Any]:
    """A list, or text with commas as one; anything else is its one entry."""
    if isinstance(value, str):
        return [word.strip() for word in value.split(",")]
    return value if isinstance(value, list) else [value]


def secrets_in(settings: Any, variable: str, remedy: str) -> list[str]:
    """A sentence for each secret in plain text, which names where it is and never what it is."""
    found = _plain_secrets.paths(settings)
    return [f"{variable}{'' if path.startswith('[') else '.'}{path} holds a secret in plain text; {remedy}." for path in found]


def unmounted(settings: Any, variable: str, folder: str, secrets: list[str], mounted_by: str) -> list[str]:
    """A sentence for each file below `folder` of a Secret that is not among those which `mounted_by` names."""
    file = re.compile(re.escape(folder) + r"/([^/\s}]+)/")
    return [
        f"{path} names a file of the Secret {name}, which is not mounted; add it to {mounted_by}."
        for path, text in texts(variable, settings)
        for name in file.findall(text)
        if name not in secrets
    ]


def is_data_folder(path: str) -> bool:
    """Whether a folder of a node may hold data: one of its own, not one of the system or of the node's programs."""
    if path.split("/")[1] not in _SYSTEM_FOLDERS:
        return path != "/"
    return any(_is_below(path, folder) for folder in _DATA_FOLDERS) and not any(
        path == folder or _is_below(path, folder) for folder in _TAKEN_FOLDERS
    )


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")


def normal_path(path: str) -> str:
    """An absolute path as it is without . and .. and double slashes."""
    return posixpath.normpath(path).replace("//", "/")


def overlaps(path: str, others: list[Any]) -> bool:
    """Whether a folder is one of the others, or is inside one, or the other way round."""
    own = f"{os.path.realpath(path)}/"
    return any(
        own.startswith(other) or other.startswith(own) for other in (f"{os.path.realpath(each)}/" for each in others if each)
    )


def chart_version(reference: str) -> str:
    """The version that a chart in a folder has; empty for an archive, which says so only to helm."""
    described = _file(reference) / "Chart.yaml"
    try:
        chart = yaml.safe_load(described.read_text()) if os.path.isfile(described) else {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return "none: its Chart.yaml is no YAML"
    return str(chart.get("version", "")) if isinstance(chart, dict) else "none: its Chart.yaml is no dictionary"


def ambiguous_parents(references: list[Mapping[str, Any]]) -> list[Any]:
    """Parents of a route that several references name without a section of their own (the CRD of gateway-api v1.4)."""
    defaults = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "namespace": ""}
    parents = [tuple({**defaults, **one}[name] for name in (*defaults, "name")) for one in references]
    sections = [(parent, one.get("sectionName", "")) for parent, one in zip(parents, references, strict=True)]
    return [
        parent
        for parent, section in sections
        if parents.count(parent) > 1 and (not section or sections.count((parent, section)) > 1)
    ]


def memory_limit(resources: Mapping[str, Any]) -> float:
    """The bytes that resources allow a container; without a limit any number."""
    limits = resources.get("limits") or {}
    return formats.quantity(limits["memory"]) if "memory" in limits else math.inf


def requested(resources: Mapping[str, Any], name: str) -> float:
    """What resources ask of a node; Kubernetes takes the limit where there is no request."""
    return float(formats.quantity((resources.get("requests") or {}).get(name, (resources.get("limits") or {}).get(name, 0))))


def memory_of_cache(cache: Mapping[str, Any]) -> float:
    """The bytes of memory that a cache of Thanos takes; none where it is elsewhere, or its form is for other rules to judge."""
    config = cache.get("config")
    size = config.get("max_size") if cache.get("type") == "IN-MEMORY" and isinstance(config, Mapping) else None
    return float(_size.parse(size)) if isinstance(size, str) and formats.is_size(size) else 0


def rule_problems(
    paths: list[str],
    ruler_paths: list[str],
    overrides: Mapping[str, Any],
    labels: Mapping[str, Any],
    disabled: list[str],
    interval: str,
    runbook_base: str,
    together: bool,
) -> list[str]:
    """What is wrong with rule files of Prometheus and of the Ruler, and with the changes to their alerts."""
    texts: list[dict[str, str]] = [{}, {}]
    unread: list[str] = []
    for variable, named, read in zip(("rules_extra_files", "rules_ruler_extra_files"), (paths, ruler_paths), texts, strict=True):
        for path in filter(_exists, named):
            try:
                read[path] = _file(path).read_text(encoding="utf-8")
            except OSError as error:
                unread.append(f"{variable}: {path} cannot be read: {error.strerror}.")
            except UnicodeDecodeError:
                unread.append(f"{variable}: {path} is not UTF-8; convert it.")
    made = override_rules(
        _read_all(_OWN_RULES),
        extra=texts[0],
        ruler=_read_all(_OWN_RULES / "ruler"),
        ruler_extra=texts[1],
        together=together,
        overrides=overrides,
        labels=labels,
        groups_disabled=disabled,
        interval=interval,
        runbook_base=runbook_base,
    )
    return [*unread, *made["problems"]]


def _read_all(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.glob("*.yml"))}


def _exists(path: str) -> bool:
    # Unlike Path.is_file, it says no to a name that is too long.
    return os.path.isfile(_file(path))


def _file(path: str) -> Path:
    return Path(controller_path(path))


FILTERS: dict[str, Callable[..., Any]] = {
    "ambiguous_parents": ambiguous_parents,
    "adapter_rule_problems": _adapter_rules.problems,
    "alertmanager_config": alertmanager_config,
    "bytes": size,
    "alertmanager_endpoint_problems": _alertmanager_endpoint_schema.problems,
    "own_alertmanager_problems": _alertmanager_endpoint_schema.own_problems,
    "allowlist_problems": _allowlists.problems,
    "argument_problems": _arguments.problems,
    "boundary_problems": _store_groups.problems,
    "price_problems": _bucket_report.price_problems,
    "cache_problems": _cache_schema.problems,
    "chart_values_findings": chart_values_findings,
    "chart_version": chart_version,
    "collector_problems": _node_collectors.problems,
    "datasource_problems": _grafana_datasource_schema.problems,
    "exposure_endpoints": exposure_endpoints,
    "exposure_problems": exposure_problems,
    "matcher_problems": matcher_problems,
    "hashring_problems": _hashrings.problems,
    "memory_limit": memory_limit,
    "memory_of_cache": memory_of_cache,
    "misses": misses,
    "monitor_endpoint_problems": _monitor_endpoint_schema.problems,
    "ini_problems": ini_problems,
    "grafana_settings_findings": grafana_settings_findings,
    "network_policy_findings": network_policy_findings,
    "objstore_problems": object_store.problems,
    "path_of": path_of,
    "probe_module_problems": _probe_modules.problems,
    "quantity": formats.quantity,
    "repeated": repeated,
    "receive_tenant_problems": _receive_tenants.problems,
    "requested": requested,
    "receive_limit_problems": _receive_limits.problems,
    "receive_option_problems": _remote_write_schema.receive_problems,
    "remote_write_problems": _remote_write_schema.problems,
    "rule_problems": rule_problems,
    "scheduling_problems": _scheduling_schema.problems,
    "scrape_config_problems": _scrape_configs.problems,
    "seconds": formats.seconds,
    "secrets_in": secrets_in,
    "size": _size.parse,
    "normal_path": normal_path,
    "overlaps": overlaps,
    "is_data_folder": is_data_folder,
    "tag_says": tag_says,
    "test_label_problems": lambda value, variable: [*_rule_schema.uses_of_test_label(value, variable)],
    "unmounted": unmounted,
    "version": version,
    "without_references": _operator_client_schema.without_references,
    "without_slash": without_slash,
    "words": words,
}
TESTS: dict[str, Callable[..., bool]] = {
    "reserved_header": _http_headers.is_reserved,
    "executable": executable,
    "existing_file": _exists,
    "existing_path": lambda path: os.path.exists(_file(path)),
    "matching": lambda text, pattern: isinstance(text, str) and re.fullmatch(pattern, text) is not None,
    "store_of": is_store_of,
    "private_key": lambda text: re.search("AGE-SECRET-KEY|PRIVATE KEY", str(text)) is not None,
}
