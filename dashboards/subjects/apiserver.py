"""The Kubernetes API server: requests, errors, latency, queues and its storage."""

from __future__ import annotations

from dashboards.components import resources, targets
from dashboards.panels import Board, graph, number, rows_of, variable
from dashboards.promql import flow, or_zero, quantile, scraped, series, share, top, total

JOB = "apiserver"
of = scraped(JOB, 'instance=~"$instance"')
requests = "apiserver_request_total"
ERRORS = 'code=~"5.."'
# Watches and tunnels are long by nature.
SHORT = 'verb!~"WATCH|CONNECT"'
executing = total(of("apiserver_flowcontrol_current_executing_seats"), "instance", "priority_level")
seats = total(of("apiserver_flowcontrol_nominal_limit_seats"), "instance", "priority_level")

BOARD = Board(
    title="API server",
    description="Traffic, errors, latency and saturation of the Kubernetes API server.",
    group="kubernetes",
    variables=[variable("instance", series("up", f'job="{JOB}"'))],
    rows={
        "Now": [
            *targets(JOB, "instance"),
            number(
                "Availability",
                "Share of the requests that were not answered by an error of the server (5xx).",
                "percentunit",
                f"1 - ({share(flow(of(requests, ERRORS)), flow(of(requests)))})",
                thresholds=(0.99, 0.999),
                falling=True,
            ),
            number(
                "Latency, p99",
                "How long requests take, watches and tunnels left out.",
                "s",
                quantile(0.99, of("apiserver_request_sli_duration_seconds_bucket", SHORT)),
                thresholds=(1, 5),
            ),
        ],
        "Requests": [
            graph("Requests by verb", "Requests by what they do.", "reqps", {"{{verb}}": flow(of(requests), "verb")}),
            graph(
                "Errors by code",
                "Answers that were errors of client (4xx) or server (5xx).",
                "reqps",
                {"{{code}}": flow(of(requests, 'code=~"[45].."'), "code")},
            ),
            graph(
                "Latency by verb, p99",
                "How long requests take, the time in webhooks and queues left out.",
                "s",
                {"{{verb}}": quantile(0.99, of("apiserver_request_sli_duration_seconds_bucket", SHORT), "verb")},
            ),
        ],
        "Saturation": [
            graph(
                "Seats in use",
                "Share of each priority level's seats in use. Above one it borrows from others; then requests queue.",
                "percentunit",
                {"{{instance}} {{priority_level}}": f"{executing} / ({seats} > 0)"},
            ),
            graph(
                "Rejected",
                "Requests that priority and fairness turned away (429), by priority level and reason.",
                "reqps",
                {
                    "{{priority_level}} {{reason}}": flow(
                        of("apiserver_flowcontrol_rejected_requests_total"), "priority_level", "reason"
                    ),
                    "all": or_zero(flow(of("apiserver_flowcontrol_rejected_requests_total")), flow(of(requests))),
                },
            ),
        ],
        "Storage and admission": [
            graph(
                "etcd latency, p99",
                "How long etcd takes, by operation.",
                "s",
                {"{{operation}}": quantile(0.99, of("etcd_request_duration_seconds_bucket"), "operation")},
            ),
            graph(
                "Objects",
                "The ten kinds with most objects in etcd.",
                "short",
                {"{{resource}}.{{group}}": top(10, total(of("apiserver_resource_objects"), "resource", "group", by="max"))},
            ),
            graph(
                "Webhook latency, p99",
                "How long admission webhooks take; requests wait for them.",
                "s",
                {"{{name}}": quantile(0.99, of("apiserver_admission_webhook_admission_duration_seconds_bucket"), "name")},
            ),
            rows_of(
                "Deprecated APIs in use",
                "API versions that clients still ask for and that a coming release removes.",
                {"group": "Group", "version": "Version", "resource": "Resource", "removed_release": "Removed in"},
                {
                    "Asked for": (
                        "short",
                        total(
                            of("apiserver_requested_deprecated_apis"), "group", "version", "resource", "removed_release", by="max"
                        ),
                    )
                },
            ),
        ],
        "Resources": resources(of, "instance"),
    },
)
