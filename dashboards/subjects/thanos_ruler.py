"""Thanos Ruler: rules over all that Thanos Query sees."""

from __future__ import annotations

from dashboards.components import resources, shipper, targets
from dashboards.panels import Board, graph, number, variable
from dashboards.promql import flow, quantile, scraped, series, share, top, total

JOB = "thanos-ruler"
of = scraped(JOB)
evaluated = flow(of("prometheus_rule_evaluations_total"))

BOARD = Board(
    title="Thanos Ruler",
    description="How the rules evaluated over Thanos Query do, and whether their alerts leave the Ruler.",
    group="thanos",
    variables=[variable("pod", series("up", f'job="{JOB}"'))],
    rows={
        "Now": [
            *targets(JOB),
            number("Rules", "Rules that are loaded.", "short", total(of("thanos_rule_loaded_rules"))),
            number(
                "Failed evaluations",
                "Share of the rule evaluations that failed.",
                "percentunit",
                share(flow(of("prometheus_rule_evaluation_failures_total")), evaluated),
                thresholds=(0.001, 0.01),
            ),
            number(
                "Configuration",
                "Whether the rules in use are those that were given: 1, or 0 where loading them failed.",
                "short",
                total(of("thanos_rule_config_last_reload_successful"), by="min"),
                thresholds=(1,),
                falling=True,
            ),
        ],
        "Rules": [
            graph(
                "Rule groups",
                "Time the slowest groups take, as a share of their interval. At one, evaluations are missed.",
                "percentunit",
                {
                    "{{rule_group}}": top(
                        10,
                        f"max by (rule_group) ({of('prometheus_rule_group_last_duration_seconds')}"
                        f" / {of('prometheus_rule_group_interval_seconds')})",
                    )
                },
                limit=1,
            ),
            graph(
                "Evaluations with warnings",
                "Evaluations over an answer that was not complete, by what is done then.",
                "ops",
                {"{{strategy}}": flow(of("thanos_rule_evaluation_with_warnings_total"), "strategy")},
            ),
        ],
        "Queries": [
            graph(
                "Requests",
                "Requests to Thanos Query and Alertmanager.",
                "reqps",
                {"{{client}} {{code}}": flow(of("http_client_request_total"), "client", "code")},
            ),
            graph(
                "Latency, p99",
                "How long Thanos Query and Alertmanager take to answer.",
                "s",
                {"{{client}}": quantile(0.99, of("http_client_request_duration_seconds_bucket"), "client")},
            ),
        ],
        "Alerts": [
            graph(
                "Alerts sent",
                "Alerts sent to each Alertmanager.",
                "ops",
                {"{{alertmanager}}": flow(of("thanos_alert_sender_alerts_sent_total"), "alertmanager")},
            ),
            graph(
                "Alerts lost",
                "Alerts dropped for want of room in the queue, or because no Alertmanager took them.",
                "ops",
                {
                    "{{pod}} queue full": flow(of("thanos_alert_queue_alerts_dropped_total"), "pod"),
                    "{{pod}} not taken": flow(of("thanos_alert_sender_alerts_dropped_total"), "pod"),
                },
            ),
        ],
        "Uploads": shipper(of),
        "Resources": resources(of),
    },
)
