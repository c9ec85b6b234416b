"""Thanos Sidecar: uploads blocks of Prometheus and serves its samples."""

from __future__ import annotations

from dashboards.components import bucket, grpc_server, resources, shipper, targets
from dashboards.panels import Board, number, variable
from dashboards.promql import scraped, series, total

JOB = "thanos-sidecar"
of = scraped(JOB)

BOARD = Board(
    title="Thanos Sidecar",
    description="Whether blocks of Prometheus reach the bucket, and how fast the sidecar serves what is not there yet.",
    group="thanos",
    variables=[variable("pod", series("up", f'job="{JOB}"'))],
    rows={
        "Now": [
            *targets(JOB),
            number(
                "Prometheus reached",
                "Sidecars that reach their Prometheus.",
                "short",
                total(of("thanos_sidecar_prometheus_up")),
                thresholds=(1,),
                falling=True,
            ),
            number(
                "Failed uploads",
                "Uploads that failed within a day.",
                "short",
                total(f"increase({of('thanos_shipper_upload_failures_total')}[1d])"),
                thresholds=(1,),
            ),
            number(
                "Corrupted blocks",
                "Blocks that cannot be read and are not uploaded.",
                "short",
                total(of("thanos_shipper_corrupted_blocks_total")),
                thresholds=(1,),
            ),
        ],
        "Uploads": shipper(of),
        "Store API": grpc_server(of),
        "Bucket": bucket(of),
        "Resources": resources(of),
    },
)
