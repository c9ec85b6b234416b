# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flags of Thanos that the role thanos sets, by the variable for further ones, with the variable that a flag comes from.

Empty where no variable sets it.
"""

from __future__ import annotations

from collections.abc import Mapping

_BUCKET = {"objstore.config-file": "metrics_objstore_config", "objstore.config": "metrics_objstore_config"}
_THANOS = {"grpc-address": "", "http-address": "", "data-dir": "", "disable-admin-operations": "", **_BUCKET}
_RECEIVE = {
    "grpc-address": "",
    "http-address": "",
    "remote-write.address": "",
    "receive.capnproto-address": "",
    # Routers speak gRPC with ingestors, and Prometheus HTTP with routers, without TLS.
    "receive.replication-protocol": "",
    "grpc-server-tls-cert": "",
    "grpc-server-tls-key": "",
    "grpc-server-tls-client-ca": "",
    "remote-write.server-tls-cert": "",
    "remote-write.server-tls-key": "",
    "remote-write.server-tls-client-ca": "",
    "label": "",
    "receive.tenant-header": "thanos_receive_tenant_header",
    "receive.tenant-label-name": "thanos_receive_tenant_label",
    "receive.default-tenant-id": "thanos_receive_default_tenant",
}
_FRONTEND = "thanos_query_frontend"
_INTERVALS = ("split-interval", "min-split-interval", "max-split-interval")
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
    "thanos_receive_extra_args": {
        **{name: variable for name, variable in _RECEIVE.items() if name != "receive.tenant-header"},
        **_BUCKET,
        "tsdb.path": "",
        "tsdb.retention": "thanos_receive_retention",
        "tsdb.out-of-order.time-window": "thanos_receive_out_of_order_window",
        "tsdb.too-far-in-future.time-window": "thanos_receive_future_window",
        "tsdb.min-block-duration": "thanos_receive_block_duration",
        "tsdb.max-block-duration": "thanos_receive_block_duration",
        # With them an ingestor would be a router, too.
        "receive.hashrings": "",
        "receive.hashrings-file": "",
        "receive.local-endpoint": "",
    },
    "thanos_receive_router_extra_args": {
        **_RECEIVE,
        "receive.hashrings": "thanos_receive_hashrings",
        "receive.hashrings-file": "thanos_receive_hashrings",
        "receive.hashrings-file-refresh-interval": "",
        "receive.limits-config": "thanos_receive_limits",
        "receive.limits-config-file": "thanos_receive_limits",
        "receive.hashrings-algorithm": "",
        "receive.replication-factor": "thanos_receive_replication_factor",
        "receive.local-endpoint": "",
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
}
