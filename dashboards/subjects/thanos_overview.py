"""Thanos as a whole: the way of a sample into the bucket and back."""

from __future__ import annotations

from dashboards.panels import Board, graph, number, rows_of
from dashboards.promql import flow, or_zero, quantile, scraped, series, share, total

EVERY = 'job=~"thanos-.*"'
up = series("up", EVERY)
query = scraped("thanos-query", 'handler=~"query|query_range"')
asked = flow(query("http_requests_total"))
operations = flow(series("thanos_objstore_bucket_operations_total", EVERY), "job")
uploaded = series("thanos_objstore_bucket_last_successful_upload_time", 'job=~"thanos-(sidecar|receive|ruler)"')
age = f"time() - {series('process_start_time_seconds', EVERY)}"
uptime = total(
    f"({age}) * on (job, pod) group_left (version) {series('thanos_build_info', EVERY)}", "job", "pod", "version", by="max"
)

BOARD = Board(
    title="Thanos",
    description="Whether blocks reach the bucket, are compacted and read back, and how queries over all of it do.",
    group="thanos",
    rows={
        "Now": [
            number(
                "Down",
                "Components whose last scrape failed.",
                "short",
                or_zero(total(f"{up} == 0", by="count"), total(up, by="count")),
                thresholds=(1,),
            ),
            number(
                "Failed queries",
                "Share of the queries that failed (5xx).",
                "percentunit",
                share(flow(query("http_requests_total", 'code=~"5.."')), asked),
                thresholds=(0.01, 0.05),
            ),
            number(
                "Compactor halted",
                "1 where the Compactor runs and does nothing more; its log says why.",
                "short",
                total(series("thanos_compact_halted", EVERY), by="max"),
                thresholds=(1,),
            ),
            number(
                "Failed uploads",
                "Uploads of blocks that failed within a day.",
                "short",
                total(f"increase({series('thanos_shipper_upload_failures_total', EVERY)}[1d])"),
                thresholds=(1,),
            ),
        ],
        "Reading": [
            graph(
                "Queries",
                "Instant and range queries by status.",
                "reqps",
                {"{{handler}} {{code}}": flow(query("http_requests_total"), "handler", "code")},
            ),
            graph(
                "Query latency, p99",
                "How long queries take.",
                "s",
                {"{{handler}}": quantile(0.99, query("http_request_duration_seconds_bucket"), "handler")},
            ),
            graph(
                "Store API latency, p99",
                "How long the components take to stream the series of a query.",
                "s",
                {"{{job}}": quantile(0.99, series("grpc_server_handling_seconds_bucket", EVERY, 'grpc_method="Series"'), "job")},
            ),
        ],
        "The bucket": [
            graph(
                "Since the last upload",
                "Age of the newest block of each uploader. Prometheus cuts a block every two hours.",
                "s",
                {"{{job}} {{pod}}": f"time() - (max by (job, pod) ({uploaded}) > 0)"},
                limit=3 * 3600,
            ),
            graph(
                "Failed bucket operations",
                "Share of the operations on the object store that failed.",
                "percentunit",
                {"{{job}}": share(flow(series("thanos_objstore_bucket_operation_failures_total", EVERY), "job"), operations)},
                highest=1,
            ),
            graph(
                "Work for the Compactor",
                "What waits to be compacted, downsampled and deleted.",
                "short",
                {
                    what: total(series(f"thanos_compact_todo_{metric}", EVERY))
                    for what, metric in (
                        ("compactions", "compactions"),
                        ("blocks to compact", "compaction_blocks"),
                        ("blocks to downsample", "downsample_blocks"),
                        ("blocks to delete", "deletion_blocks"),
                    )
                },
            ),
            graph(
                "Blocks served",
                "Blocks that each Store Gateway has loaded; replicas should agree.",
                "short",
                {"{{pod}}": total(series("thanos_bucket_store_blocks_loaded", EVERY), "pod")},
            ),
        ],
        "Resources": [
            graph(
                "CPU",
                "Cores that the components use.",
                "short",
                {"{{job}}": flow(series("process_cpu_seconds_total", EVERY), "job")},
                stacked=True,
            ),
            graph(
                "Memory",
                "Resident memory of the components.",
                "bytes",
                {"{{job}}": total(series("process_resident_memory_bytes", EVERY), "job")},
                stacked=True,
            ),
            rows_of(
                "Components",
                "Every component, and its version.",
                {"job": "Component", "pod": "Pod", "version": "Version"},
                {
                    "Uptime": ("s", uptime),
                },
            ),
        ],
    },
)
