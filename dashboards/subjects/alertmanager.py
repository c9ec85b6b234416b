"""Alertmanager: alerts that come in, notifications that go out, and the cluster it forms."""

from __future__ import annotations

from dashboards.components import resources, targets
from dashboards.panels import Board, graph, number, variable
from dashboards.promql import flow, quantile, scraped, series, share, top, total

JOB = "alertmanager"
of = scraped(JOB)
FAILED = "alertmanager_notifications_failed_total"
sent = flow(of("alertmanager_notifications_total"))
members = of("alertmanager_cluster_members")

BOARD = Board(
    title="Alertmanager",
    description="Alerts that Alertmanager holds, notifications it delivers, and whether its replicas know each other.",
    group="monitoring",
    variables=[variable("pod", series("alertmanager_build_info", f'job="{JOB}"'))],
    rows={
        "Now": [
            *targets(JOB),
            number("Members", "Members of the cluster, as the one sees it that sees fewest.", "short", total(members, by="min")),
            number(
                "Active alerts",
                "Alerts that are neither silenced nor inhibited.",
                "short",
                total(of("alertmanager_alerts", 'state="active"'), by="max"),
            ),
            number(
                "Failed notifications",
                "Share of the notifications that failed for good.",
                "percentunit",
                share(flow(of(FAILED)), sent),
                thresholds=(0.01, 0.1),
            ),
            number(
                "Configuration",
                "Whether the configuration in use is the one that was given: 1, or 0 where loading it failed.",
                "short",
                total(of("alertmanager_config_last_reload_successful"), by="min"),
                thresholds=(1,),
                falling=True,
            ),
        ],
        "Alerts": [
            graph(
                "Alerts by state",
                "Alerts that are held; replicas should agree.",
                "short",
                {"{{pod}} {{state}}": total(of("alertmanager_alerts"), "pod", "state")},
            ),
            graph(
                "Alerts received",
                "Alerts that Prometheus sends; firing ones are sent again and again.",
                "ops",
                {"{{pod}} {{status}}": flow(of("alertmanager_alerts_received_total"), "pod", "status")},
            ),
        ],
        "Notifications": [
            graph(
                "Notifications",
                "Notifications of the five busiest integrations, those that failed among them.",
                "ops",
                {"{{integration}}": top(5, flow(of("alertmanager_notifications_total"), "integration"))},
            ),
            graph(
                "Failed notifications by reason",
                "Notifications that failed for good: somebody was not told.",
                "ops",
                {
                    "{{integration}} {{reason}}": top(
                        5, flow(of("alertmanager_notifications_failed_total"), "integration", "reason")
                    )
                },
            ),
            graph(
                "Latency, p99",
                "How long the receiving side takes.",
                "s",
                {"{{integration}}": quantile(0.99, of("alertmanager_notification_latency_seconds_bucket"), "integration")},
            ),
        ],
        "Cluster": [
            graph(
                "Members by replica",
                "Members that each replica sees. A replica that sees fewer notifies on its own, so alerts arrive twice.",
                "short",
                {"{{pod}}": members},
            ),
            graph(
                "Gossip queue",
                "Messages to other replicas that wait to be sent.",
                "short",
                {"{{pod}}": of("alertmanager_cluster_messages_queued")},
            ),
        ],
        "Resources": resources(of),
    },
)
