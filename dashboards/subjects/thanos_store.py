"""Thanos Store Gateway: serves the blocks of the bucket."""

from __future__ import annotations

from dashboards.components import bucket, grpc_server, resources, targets
from dashboards.panels import Board, graph, number, variable
from dashboards.promql import flow, scraped, series, share, total

JOB = "thanos-store"
of = scraped(JOB)
lookups = flow(of("thanos_store_index_cache_requests_total"), "item_type")

BOARD = Board(
    title="Thanos Store Gateway",
    description="Blocks that the Store Gateways serve, how fast they do, and what their caches save.",
    group="thanos",
    variables=[variable("pod", series("up", f'job="{JOB}"'))],
    rows={
        "Now": [
            *targets(JOB),
            number(
                "Blocks",
                "Blocks that the Store Gateway with most has loaded.",
                "short",
                total(of("thanos_bucket_store_blocks_loaded"), by="max"),
            ),
            number(
                "Failed loads",
                "Blocks that could not be loaded.",
                "short",
                total(of("thanos_bucket_store_block_load_failures_total")),
                thresholds=(1,),
            ),
        ],
        "Blocks": [
            graph(
                "Blocks loaded",
                "Blocks that each Store Gateway serves; replicas should agree.",
                "short",
                {"{{pod}}": total(of("thanos_bucket_store_blocks_loaded"), "pod")},
            ),
            graph(
                "Blocks by state",
                "Blocks found in the bucket, and why some are left out.",
                "short",
                {"{{state}}": total(of("thanos_blocks_meta_synced"), "state", by="max")},
            ),
        ],
        "Store API": grpc_server(of),
        "Saturation and caches": [
            graph(
                "Concurrency",
                "Requests for series that run at once, against how many may; when the two meet, queries wait.",
                "short",
                {
                    "{{pod}} running": total(of("thanos_bucket_store_series_gate_queries_in_flight"), "pod"),
                    "{{pod}} limit": total(of("thanos_bucket_store_series_gate_queries_max"), "pod"),
                },
            ),
            graph(
                "Index cache hits",
                "Share of the lookups that the index cache answers.",
                "percentunit",
                {"{{item_type}}": share(flow(of("thanos_store_index_cache_hits_total"), "item_type"), lookups)},
                highest=1,
            ),
        ],
        "Bucket": bucket(of),
        "Resources": resources(of),
    },
)
