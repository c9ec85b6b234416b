"""Prometheus: scraping, storage, rules, queries and the alerts it sends."""

from __future__ import annotations

from dashboards.components import resources
from dashboards.panels import Board, graph, number, rows_of, variable
from dashboards.promql import flow, or_zero, quantile, scraped, series, share, top, total

JOB = "prometheus"
of = scraped(JOB)
ingested = flow(of("prometheus_tsdb_head_samples_appended_total"), "pod")
evaluated = flow(of("prometheus_rule_evaluations_total"))
every = series("up")
REJECTED = ("sample_out_of_order", "sample_out_of_bounds", "sample_duplicate_timestamp", "exceeded_sample_limit")

BOARD = Board(
    title="Prometheus",
    description="What Prometheus scrapes and stores, how its rules and queries do, and whether alerts leave it.",
    group="monitoring",
    # A sidecar is another job of the same pod; the reloader is another target of this job.
    variables=[variable("pod", series("prometheus_build_info", f'job="{JOB}"'))],
    rows={
        "Now": [
            number(
                "Targets down",
                "Targets of any job whose last scrape failed.",
                "short",
                or_zero(total(f"{every} == 0", by="count"), total(every, by="count")),
                thresholds=(1,),
            ),
            number(
                "Failed rules",
                "Share of the rule evaluations that failed.",
                "percentunit",
                share(flow(of("prometheus_rule_evaluation_failures_total")), evaluated),
                thresholds=(0.001, 0.01),
            ),
            number(
                "Configuration",
                "Whether the configuration in use is the one that was given: 1, or 0 where loading it failed.",
                "short",
                total(of("prometheus_config_last_reload_successful"), by="min"),
                thresholds=(1,),
                falling=True,
            ),
        ],
        "Scraping": [
            graph("Samples", "Samples appended.", "short", {"{{pod}}": ingested}),
            graph(
                "Rejected samples",
                "Samples or scrapes that were not taken: out of order, out of bounds, twice, or over a limit.",
                "ops",
                {
                    f"{{{{pod}}}} {reason.replace('_', ' ')}": flow(of(f"prometheus_target_scrapes_{reason}_total"), "pod")
                    for reason in REJECTED
                },
            ),
        ],
        "Storage": [
            graph(
                "Head series",
                "Series in memory. This, more than anything, decides how much memory Prometheus takes.",
                "short",
                {"{{pod}}": of("prometheus_tsdb_head_series")},
            ),
            graph(
                "New series",
                "Series that come into being. Many all the time is churn: labels that change.",
                "ops",
                {"{{pod}}": flow(of("prometheus_tsdb_head_series_created_total"), "pod")},
            ),
            graph(
                "Failures of storage",
                "Compactions, reloads, checkpoints and writes that failed, within an hour each.",
                "short",
                {
                    f"{{{{pod}}}} {name}": total(f"increase({of(metric)}[1h])", "pod")
                    for name, metric in (
                        ("compactions", "prometheus_tsdb_compactions_failed_total"),
                        ("reloads", "prometheus_tsdb_reloads_failures_total"),
                        ("checkpoints", "prometheus_tsdb_checkpoint_creations_failed_total"),
                        ("log corruptions", "prometheus_tsdb_wal_corruptions_total"),
                    )
                },
            ),
        ],
        "Rules and alerts": [
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
                "Alerts sent",
                "Alerts sent to each Alertmanager, and those dropped because none took them.",
                "ops",
                {
                    "{{pod}} to {{alertmanager}}": flow(of("prometheus_notifications_sent_total"), "pod", "alertmanager"),
                    "{{pod}} failed to {{alertmanager}}": flow(
                        of("prometheus_notifications_errors_total"), "pod", "alertmanager"
                    ),
                    "{{pod}} dropped": flow(of("prometheus_notifications_dropped_total"), "pod"),
                },
            ),
        ],
        "Queries": [
            graph(
                "Query latency, p99",
                "Time that queries, rules among them, spend in each phase.",
                "s",
                {"{{slice}}": quantile(0.99, of("prometheus_engine_query_duration_histogram_seconds_bucket"), "slice")},
            ),
            rows_of(
                "Scrape jobs",
                "Every job, its targets, and what they bring.",
                {"job": "Job"},
                {
                    "Samples": ("short", total(series("scrape_samples_post_metric_relabeling"), "job")),
                    "Targets": ("short", total(every, "job", by="count")),
                    "Up": ("short", total(every, "job")),
                    "Slowest scrape": ("s", total(series("scrape_duration_seconds"), "job", by="max")),
                },
            ),
        ],
        "Resources": resources(of),
    },
)
