"""Prometheus Operator: whether it turns custom resources into what they ask for."""

from __future__ import annotations

from dashboards.components import resources, targets
from dashboards.panels import Board, graph, number, variable
from dashboards.promql import flow, quantile, scraped, series, share, total

JOB = "prometheus-operator"
of = scraped(JOB)
reconciled = flow(of("prometheus_operator_reconcile_operations_total"), "controller")

BOARD = Board(
    title="Prometheus Operator",
    description="Reconciliation, its errors, and the resources that the operator manages or rejects.",
    group="monitoring",
    variables=[variable("pod", series("up", f'job="{JOB}"'))],
    rows={
        "Now": [
            *targets(JOB),
            number("Ready controllers", "Controllers that watch and reconcile.", "short", total(of("prometheus_operator_ready"))),
            number(
                "Failed objects",
                "Objects whose last reconciliation failed.",
                "short",
                total(of("prometheus_operator_syncs", 'status="failed"')),
                thresholds=(1,),
            ),
            number(
                "Rejected resources",
                "Monitors, probes and rules that are invalid and left out.",
                "short",
                total(of("prometheus_operator_managed_resources", 'state="rejected"')),
                thresholds=(1,),
            ),
        ],
        "Reconciliation": [
            graph("Reconciliations", "Reconciliations by controller.", "ops", {"{{controller}}": reconciled}),
            graph(
                "Failed reconciliations",
                "Share of the reconciliations that failed.",
                "percentunit",
                {"{{controller}}": share(flow(of("prometheus_operator_reconcile_errors_total"), "controller"), reconciled)},
                highest=1,
            ),
            graph(
                "Latency, p99",
                "How long one reconciliation takes.",
                "s",
                {"{{controller}}": quantile(0.99, of("prometheus_operator_reconcile_duration_seconds_bucket"), "controller")},
            ),
        ],
        "Resources managed": [
            graph(
                "Selected resources",
                "Resources that a Prometheus, Alertmanager or Ruler selects.",
                "short",
                {"{{resource}}": total(of("prometheus_operator_managed_resources", 'state="selected"'), "resource")},
            ),
            graph(
                "Rejected resources by kind",
                "Resources that are selected but invalid; an event on each says why.",
                "short",
                {"{{resource}}": total(of("prometheus_operator_managed_resources", 'state="rejected"'), "resource")},
            ),
            graph(
                "StatefulSets made anew",
                "StatefulSets deleted and made again because an immutable field changed, within an hour each.",
                "short",
                {
                    "{{controller}}": total(
                        f"increase({of('prometheus_operator_reconcile_sts_delete_create_total')}[1h])", "controller"
                    )
                },
            ),
        ],
        "API server": [
            graph(
                "Requests",
                "Requests to the API server by answer.",
                "reqps",
                {"{{status_code}}": flow(of("prometheus_operator_kubernetes_client_http_requests_total"), "status_code")},
            ),
            graph(
                "Failed watches",
                "Lists and watches that the API server refused; often a missing permission or CRD.",
                "ops",
                {
                    "{{controller}} lists": flow(of("prometheus_operator_list_operations_failed_total"), "controller"),
                    "{{controller}} watches": flow(of("prometheus_operator_watch_operations_failed_total"), "controller"),
                },
            ),
        ],
        "Resources": resources(of),
    },
)
