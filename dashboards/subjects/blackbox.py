"""Blackbox exporter: targets probed from outside, as their users see them."""

from __future__ import annotations

from dashboards.components import resources
from dashboards.panels import Board, graph, number, rows_of, variable
from dashboards.promql import or_zero, scraped, series, total

TARGET = 'instance=~"$instance"'
success = series("probe_success", TARGET)
certificate = total(series("probe_ssl_earliest_cert_expiry", TARGET), "instance", by="min")
of = scraped("blackbox-exporter", 'pod=~".*"')

BOARD = Board(
    title="Blackbox probes",
    description="Whether the probed targets answer, how fast, and for how long their certificates last.",
    group="monitoring",
    variables=[variable("instance", series("probe_success"))],
    rows={
        "Now": [
            number("Targets", "Targets that are probed.", "short", total(success, by="count")),
            number(
                "Failing",
                "Targets whose last probe failed.",
                "short",
                or_zero(total(f"{success} == 0", by="count"), total(success, by="count")),
                thresholds=(1,),
            ),
            number(
                "Availability",
                "Share of the probes that succeeded within the last day.",
                "percentunit",
                f"avg(avg_over_time({success}[1d]))",
                thresholds=(0.99, 0.999),
                falling=True,
            ),
            number(
                "Slowest",
                "The longest that a probe took.",
                "s",
                total(series("probe_duration_seconds", TARGET), by="max"),
                thresholds=(1, 5),
            ),
            number(
                "First certificate to expire",
                "Time until the first certificate expires.",
                "s",
                f"min({certificate}) - time()",
                thresholds=(7 * 86400, 21 * 86400),
                falling=True,
            ),
        ],
        "Probes": [
            graph(
                "Success",
                "1 while a target answers as wanted, 0 while it does not.",
                "short",
                {"{{instance}}": total(success, "instance", by="min")},
                highest=1,
            ),
            graph(
                "Duration",
                "How long a probe takes.",
                "s",
                {"{{instance}}": total(series("probe_duration_seconds", TARGET), "instance", by="max")},
            ),
            graph(
                "Name resolution",
                "How long it takes to resolve the target's name.",
                "s",
                {"{{instance}}": total(series("probe_dns_lookup_time_seconds", TARGET), "instance", by="max")},
            ),
        ],
        "HTTP and TLS": [
            graph(
                "HTTP phases",
                "Time that HTTP probes spend in each phase, on average.",
                "s",
                {"{{phase}}": total(series("probe_http_duration_seconds", TARGET), "phase", by="avg")},
                stacked=True,
            ),
            graph(
                "HTTP status",
                "The last status of HTTP probes.",
                "none",
                {"{{instance}}": total(series("probe_http_status_code", TARGET), "instance", by="max")},
            ),
            graph(
                "Certificates",
                "Time until each certificate expires.",
                "s",
                {"{{instance}}": f"{certificate} - time()"},
                limit=14 * 86400,
            ),
        ],
        "All": [
            rows_of(
                "Targets in numbers",
                "Every selected target.",
                {"instance": "Target", "job": "Job"},
                {
                    "Succeeds": ("short", total(success, "instance", "job", by="min")),
                    "In a day": ("percentunit", f"avg by (instance, job) (avg_over_time({success}[1d]))"),
                    "Duration": ("s", total(series("probe_duration_seconds", TARGET), "instance", "job", by="max")),
                },
            ),
        ],
        "Resources": resources(of),
    },
)
