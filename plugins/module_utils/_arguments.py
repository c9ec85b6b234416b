# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Further arguments of programs: what sets an option that a role sets itself, sets one twice, or is no argument."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _re2
from ansible_collections.longterm.metrics.plugins.module_utils._node_collectors import COLLECTORS

_ARGUMENT = re.compile(r"--([A-Za-z][A-Za-z0-9._-]*)(=[^\x00-\x08\n\r\x7f]*)?", re.ASCII)

# What templates set, by the variable of further arguments, and the variable to use instead where there is one. A test holds this
# against what is rendered.
_BUCKET = {"objstore.config-file": "metrics_objstore_config", "objstore.config": "metrics_objstore_config"}
_THANOS = {"grpc-address": "", "http-address": "", "data-dir": "", "disable-admin-operations": "", **_BUCKET}
_FRONTEND = "thanos_query_frontend"
_INTERVALS = ("split-interval", "min-split-interval", "max-split-interval")
_EXCLUDE = "node_exporter_exclude"
OWN: Mapping[str, Mapping[str, str]] = {
    "thanos_query_extra_args": {
        "grpc-address": "",
        "http-address": "",
        "query.auto-downsampling": "",
        "query.replica-label": "thanos_query_replica_labels",
        "query.promql-engine": "thanos_query_engine",
        "query.mode": "thanos_query_mode",
        "query.partition-label": "thanos_query_partition_labels",
        "deduplication.func": "thanos_query_deduplication_func",
        "query.timeout": "thanos_query_timeout",
        "query.max-concurrent": "thanos_query_max_concurrent",
        "store.response-timeout": "thanos_query_store_response_timeout",
        "store.limits.request-series": "thanos_query_series_limit",
        "store.limits.request-samples": "thanos_query_samples_limit",
        "store.sd-dns-interval": "thanos_query_dns_interval",
        "endpoint": "thanos_query_endpoints",
        "endpoint-strict": "thanos_query_strict_endpoints",
        "web.external-prefix": "thanos_query_external_prefix",
        "web.route-prefix": "thanos_query_route_prefix",
        "web.prefix-header": "thanos_query_prefix_header",
    },
    "thanos_query_frontend_extra_args": {
        "http-address": "",
        "query-frontend.downstream-url": "",
        "query-frontend.downstream-tripper-config": "",
        "query-frontend.compress-responses": "",
        "cache-compression-type": "",
        "query-frontend.forward-header": f"{_FRONTEND}_forward_headers",
        "query-frontend.log-queries-longer-than": f"{_FRONTEND}_log_queries_longer_than",
        "query-frontend.vertical-shards": f"{_FRONTEND}_vertical_shards",
        "query-range.horizontal-shards": f"{_FRONTEND}_horizontal_shards",
        **{f"query-range.{name}": f"{_FRONTEND}_{name.replace('-', '_')}" for name in _INTERVALS},
        **{f"{kind}.response-cache-max-freshness": f"{_FRONTEND}_cache_max_freshness" for kind in ("query-range", "labels")},
        **{
            f"{kind}.response-cache-config{file}": f"{_FRONTEND}_cache{'_secret' if file else ''}"
            for kind in ("query-range", "labels")
            for file in ("", "-file")
        },
    },
    "thanos_store_extra_args": {
        **_THANOS,
        "sync-block-duration": "thanos_store_sync_block_duration",
        "ignore-deletion-marks-delay": "thanos_store_ignore_deletion_marks_delay",
        "min-time": "thanos_store_boundaries",
        "max-time": "thanos_store_boundaries",
        "selector.relabel-config": "thanos_store_shards",
        "selector.relabel-config-file": "thanos_store_shards",
        "chunk-pool-size": "thanos_store_chunk_pool_size",
        "store.enable-index-header-lazy-reader": "thanos_store_lazy_index_headers",
        "store.grpc.series-max-concurrency": "thanos_store_max_concurrent",
        "store.limits.request-series": "thanos_store_series_limit",
        "store.limits.request-samples": "thanos_store_samples_limit",
        "store.grpc.downloaded-bytes-limit": "thanos_store_downloaded_bytes_limit",
        "index-cache-size": "thanos_store_index_cache_size",
        "index-cache.config": "thanos_store_index_cache",
        "index-cache.config-file": "thanos_store_index_cache_secret",
        "store.caching-bucket.config": "thanos_store_bucket_cache",
        "store.caching-bucket.config-file": "thanos_store_bucket_cache_secret",
    },
    "thanos_bucket_web_extra_args": {
        "http-address": "",
        "disable-admin-operations": "",
        **_BUCKET,
        "label": "thanos_bucket_web_label",
        "refresh": "thanos_bucket_web_refresh",
        "web.external-prefix": "thanos_bucket_web_external_prefix",
        "web.route-prefix": "thanos_bucket_web_external_prefix",
    },
    "thanos_ruler_extra_args": {
        **{name: variable for name, variable in _THANOS.items() if name != "disable-admin-operations"},
        "rule-file": "rules_ruler_extra_files",
        "label": "",
        "query": "",
        "query.config": "",
        "query.config-file": "",
        "alert.label-drop": "",
        "alert.query-url": "thanos_ruler_alert_query_url",
        "alertmanagers.url": "thanos_ruler_alertmanagers",
        "alertmanagers.config": "thanos_ruler_alertmanagers_secret",
        "alertmanagers.config-file": "thanos_ruler_alertmanagers_secret",
        "eval-interval": "thanos_ruler_evaluation_interval",
        "resend-delay": "thanos_ruler_resend_delay",
        "tsdb.retention": "thanos_ruler_retention",
        # The operator sets it.
        "http.config": "",
        # The reloader, the proofs and Query ask at the root and without TLS.
        "web.route-prefix": "",
        "web.external-prefix": "",
        "grpc-server-tls-cert": "",
        "grpc-server-tls-key": "",
        "grpc-server-tls-client-ca": "",
        # With it there is nothing that Query could ask the Ruler for.
        "remote-write.config": "",
        "remote-write.config-file": "",
    },
    "thanos_compact_extra_args": {
        **{name: variable for name, variable in _THANOS.items() if name != "grpc-address"},
        "wait": "",
        "wait-interval": "thanos_compact_wait_interval",
        "retention.resolution-raw": "thanos_compact_retention_raw",
        "retention.resolution-5m": "thanos_compact_retention_5m",
        "retention.resolution-1h": "thanos_compact_retention_1h",
        "delete-delay": "thanos_compact_delete_delay",
        "consistency-delay": "thanos_compact_consistency_delay",
        "compact.concurrency": "thanos_compact_concurrency",
        "compact.enable-vertical-compaction": "thanos_compact_vertical_compaction",
        "deduplication.replica-label": "thanos_compact_deduplication_labels",
        "deduplication.func": "thanos_compact_deduplication_func",
    },
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
