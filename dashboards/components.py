"""What the dashboards of several components show alike."""

from __future__ import annotations

from collections.abc import Callable

from dashboards.panels import Panel, graph, number
from dashboards.promql import flow, or_zero, per_second, quantile, series, share, total

Scraped = Callable[..., str]


def targets(job: str, name: str = "pod") -> list[Panel]:
    """Whether the component can be seen at all."""
    up = series("up", f'job="{job}"', f'{name}=~"${name}"')
    down = or_zero(total(f"{up} == 0", by="count"), total(up, by="count"))
    said = "Targets whose last scrape failed. What a component that is down would show is missing below."
    return [number("Down", said, "short", down, thresholds=(1,))]


def resources(of: Scraped, name: str = "pod") -> list[Panel]:
    """What the processes take, by their own account."""
    legend = f"{{{{{name}}}}}"
    return [
        graph("CPU", "Cores that each process uses.", "short", {legend: per_second(of("process_cpu_seconds_total"))}),
        graph("Memory", "Resident memory of each process.", "bytes", {legend: of("process_resident_memory_bytes")}),
    ]


def grpc_server(of: Scraped) -> list[Panel]:
    """Rate, errors and latency of the gRPC requests that others make to the component."""
    every = "grpc_server_handled_total"
    failed = 'grpc_code!~"OK|Canceled|NotFound"'
    series_call = 'grpc_method="Series"'
    return [
        graph("gRPC requests", "Store API requests served.", "reqps", {"{{grpc_method}}": flow(of(every), "grpc_method")}),
        graph(
            "gRPC errors",
            "Share of the requests that failed; cancelled ones, whose caller went away, are left out.",
            "percentunit",
            {"{{grpc_method}}": share(flow(of(every, failed), "grpc_method"), flow(of(every), "grpc_method"))},
            highest=1,
        ),
        graph(
            "gRPC latency of Series",
            "How long it takes to stream the series that a query asks for.",
            "s",
            {
                f"p{percent}": quantile(percent / 100, of("grpc_server_handling_seconds_bucket", series_call))
                for percent in (50, 90, 99)
            },
        ),
    ]


def bucket(of: Scraped) -> list[Panel]:
    """Errors and latency of what the component does in the bucket."""
    failed = "thanos_objstore_bucket_operation_failures_total"
    return [
        graph(
            "Failed bucket operations",
            "Operations on the object store that failed. Any is worth a look: permissions, quota, or the network.",
            "ops",
            {"{{operation}}": flow(of(failed), "operation")},
        ),
        graph(
            "Bucket latency, p99",
            "How long operations on the object store take.",
            "s",
            {"{{operation}}": quantile(0.99, of("thanos_objstore_bucket_operation_duration_seconds_bucket"), "operation")},
        ),
    ]


def shipper(of: Scraped) -> list[Panel]:
    """Whether blocks reach the bucket."""
    last = total(of("thanos_objstore_bucket_last_successful_upload_time"), "pod", by="max")
    return [
        graph(
            "Uploads",
            "Blocks that were uploaded, and uploads that failed and are tried again, within an hour each.",
            "short",
            {
                "{{pod}}": total(f"increase({of('thanos_shipper_uploads_total')}[1h])", "pod"),
                "{{pod}} failed": total(f"increase({of('thanos_shipper_upload_failures_total')}[1h])", "pod"),
            },
        ),
        graph(
            "Since the last upload",
            "Age of the newest block in the bucket. Prometheus cuts a block every two hours, so more than three mean trouble.",
            "s",
            {"{{pod}}": f"time() - ({last} > 0)"},
            limit=3 * 3600,
        ),
    ]
