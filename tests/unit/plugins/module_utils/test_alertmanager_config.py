# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alertmanager's configuration from structured variables."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_config import Configuration

SLACK = {"channel": "#alerts", "api_url_secret": {"name": "slack", "key": "url"}}
KEY = {"name": "keys", "key": "key"}


def receiver(kind: str, **options: Any) -> dict[str, Any]:
    """Variables with one receiver, called team."""
    return {"receivers": [{"name": "team", kind: [options]}]}


def interval(**options: Any) -> dict[str, Any]:
    """Variables with one interval, called office."""
    return {"time_intervals": [{"name": "office", "time_intervals": [options]}]}


def made(variables: dict[str, Any]) -> dict[str, Any]:
    configuration = Configuration(variables)
    assert configuration.problems == []
    return configuration.config


def test_without_variables_alerts_go_nowhere_and_test_alerts_to_their_receiver() -> None:
    config = made({})
    assert config["receivers"] == [{"name": "null"}, {"name": "longterm-metrics-test"}]
    assert config["route"]["receiver"] == "null"
    assert [(route["receiver"], route["matchers"]) for route in config["route"]["routes"]] == [
        ("longterm-metrics-test", ['longterm_metrics_test="true"']),
        ("null", ['alertname=~"(Ruler)?Watchdog"']),
    ]


def test_the_test_receiver_sends_to_the_webhook_at_once_also_what_is_resolved() -> None:
    config = made({"test_webhook_url": "http://catcher:8080/"})
    assert config["receivers"][1]["webhook_configs"] == [{"url": "http://catcher:8080/", "send_resolved": True}]
    route = config["route"]["routes"][0]
    assert (route["group_by"], route["group_wait"], route["group_interval"]) == (["..."], "0s", "1s")


def test_given_routes_come_after_the_test_route_and_before_the_watchdog_s() -> None:
    routes = [{"receiver": "team", "matchers": ['alertname="Watchdog"']}]
    config = made({**receiver("slack", **SLACK), "routes": routes})
    assert [route["receiver"] for route in config["route"]["routes"]] == ["longterm-metrics-test", "team", "null"]


def test_a_key_is_the_file_of_a_secret_that_is_mounted() -> None:
    credentials = {"credentials_secret": {"name": "hook", "key": "token"}}
    configuration = Configuration(
        {
            "receivers": [
                {"name": "chat", "slack": [SLACK]},
                {
                    "name": "duty",
                    "pagerduty": [{"routing_key_secret": {"name": "pd", "key": "key"}, "details": {"key": "shown"}}],
                },
                {"name": "hook", "webhook": [{"url": "https://example.org/", "http_config": {"authorization": credentials}}]},
                {"name": "mail", "email": [{"to": "a@example.org", "auth_secret_secret": {"name": "mail", "key": "s"}}]},
            ],
            "global": {
                "smtp_from": "b@example.org",
                "smtp_smarthost": "mail:587",
                "smtp_auth_username": "c",
                "smtp_auth_password_secret": {"name": "smtp", "key": "p"},
            },
        }
    )
    assert configuration.problems == []
    assert configuration.secrets.names == {"slack", "pd", "hook", "mail", "smtp"}
    chat, duty, hook, mail = configuration.config["receivers"][2:]
    mounted = "/etc/alertmanager/secrets"
    assert chat["slack_configs"] == [{"channel": "#alerts", "api_url_file": f"{mounted}/slack/url"}]
    assert duty["pagerduty_configs"] == [{"routing_key_file": f"{mounted}/pd/key", "details": {"key": "shown"}}]
    assert hook["webhook_configs"][0]["http_config"] == {"authorization": {"credentials_file": f"{mounted}/hook/token"}}
    assert mail["email_configs"] == [{"to": "a@example.org", "auth_secret_file": f"{mounted}/mail/s"}]
    assert configuration.config["global"]["smtp_auth_password_file"] == f"{mounted}/smtp/p"


def test_a_slack_receiver_may_leave_the_url_to_the_global_options() -> None:
    url = {"slack_api_url_secret": {"name": "slack", "key": "url"}}
    made({**receiver("slack", channel="#alerts"), "global": url})


def test_yaml_s_null_is_the_receiver_of_that_name() -> None:
    assert made({"route": {"receiver": None}})["route"]["receiver"] == "null"


def test_templates_are_read_from_beside_the_configuration() -> None:
    assert made({})["templates"] == []
    assert made({"templates": {"slack.tmpl": '{{ define "a" }}{{ end }}'}})["templates"] == ["/etc/alertmanager/config/*.tmpl"]


def test_the_receivers_of_every_kind_get_alertmanager_s_name() -> None:
    variables = {
        "receivers": [
            {"name": "a", "discord": [{"webhook_url_secret": KEY}], "telegram": [{"bot_token_secret": KEY, "chat_id": -5}]},
            {"name": "b", "labels": {"team": "web"}},
        ]
    }
    assert made(variables)["receivers"][2:] == [
        {
            "name": "a",
            "discord_configs": [{"webhook_url_file": "/etc/alertmanager/secrets/keys/key"}],
            "telegram_configs": [{"bot_token_file": "/etc/alertmanager/secrets/keys/key", "chat_id": -5}],
        },
        {"name": "b", "labels": {"team": "web"}},
    ]


@pytest.mark.parametrize("engine", ["operator", "helm"])
@pytest.mark.parametrize(
    ("variables", "path"),
    [
        (receiver("discord", webhook_url_secret=KEY), "alertmanager_receivers[0].discord[0].webhook_url_secret"),
        (receiver("msteams", webhook_url_secret=KEY), "alertmanager_receivers[0].msteams[0].webhook_url_secret"),
        ({"receivers": [{"name": "a", "labels": {"b": "c"}}]}, "alertmanager_receivers[0].labels"),
        ({"routes": [{"labels": {"b": "c"}}]}, "alertmanager_routes[0].labels"),
        (
            {"inhibit_rules": [{"name": "a", "source_matchers": ["b=c"], "target_matchers": ["d=e"]}]},
            "alertmanager_inhibit_rules[0].name",
        ),
    ],
)
def test_what_the_operator_does_not_read_takes_the_engine_standalone(engine: str, variables: dict[str, Any], path: str) -> None:
    made({**variables, "engine": "standalone"})
    [problem] = Configuration({**variables, "engine": engine}).problems
    assert problem.startswith(f"{path} needs prometheus_engine standalone: Prometheus Operator does not read ")
    assert problem.endswith("; or use an AlertmanagerConfig object.")


@pytest.mark.parametrize(
    ("retention", "repeat", "good"), [("120h", "5d", True), ("120h", "121h", False), ("30m", "1h", False), ("4h", "4h", True)]
)
@pytest.mark.parametrize("place", ["route", "routes"])
def test_nothing_is_repeated_after_alertmanager_has_forgotten_it(place: str, retention: str, repeat: str, good: bool) -> None:
    root = {"repeat_interval": "1m"}
    variables = (
        {"route": {"repeat_interval": repeat}} if place == "route" else {"route": root, "routes": [{"repeat_interval": repeat}]}
    )
    path = "alertmanager_route" if place == "route" else "alertmanager_routes[0]"
    told = f"{path}.repeat_interval is {repeat}; must be at most alertmanager_retention, which is {retention}."
    assert Configuration({**variables, "retention": retention}).problems == ([] if good else [told])


def test_alertmanager_s_own_repeat_interval_counts_where_the_root_route_has_none() -> None:
    [problem] = Configuration({"route": {}, "retention": "3h"}).problems
    assert problem.startswith("alertmanager_route.repeat_interval is 4h; must be at most alertmanager_retention")


def test_a_template_that_is_called_is_alertmanager_s_own_or_defined_by_a_file() -> None:
    title = {"title": '{{ template "slack.default.title" . }}', "text": '{{ template "own.text" . }}'}
    variables = receiver("slack", **SLACK, **title)
    made({**variables, "templates": {"a.tmpl": '{{ define "own.text" }}x{{ end }}'}})
    [problem] = Configuration({**variables, "templates": {"a.tmpl": '{{ define "own.txt" }}x{{ end }}'}}).problems
    assert problem == "alertmanager_receivers[0].slack[0].text calls the template own.text; did you mean own.txt?"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        (
            {"route": {"receiver": "nobody"}},
            "alertmanager_route.receiver is nobody; the receivers are null, longterm-metrics-test.",
        ),
        ({"route": {"receiver": "nul"}}, "alertmanager_route.receiver is nul; did you mean null?"),
        ({"routes": [{"routes": [{"receiver": "x"}]}]}, "alertmanager_routes[0].routes[0].receiver is x; the receivers are "),
        (
            {"routes": [{"routes": [{"contniue": True}]}]},
            "alertmanager_routes[0].routes[0] has the unknown option contniue; did you mean continue?",
        ),
        ({"routes": {"receiver": "null"}}, "alertmanager_routes is a mapping; must be a list."),
        ({"routes": ["null"]}, "alertmanager_routes[0] is null; must be a mapping."),
        ({"routes": [{"routes": "a"}]}, "alertmanager_routes[0].routes is a; must be a list."),
        ({"routes": [{"continue": "yes"}]}, "alertmanager_routes[0].continue is yes; must be true or false."),
        (
            {"routes": [{"matchers": ["severity critical"]}]},
            "alertmanager_routes[0].matchers[0] is severity critical; must be a label, ",
        ),
        (
            {"routes": [{"matchers": "severity=critical"}]},
            "alertmanager_routes[0].matchers is severity=critical; must be a list.",
        ),
        (
            {"routes": [{"mute_time_intervals": ["night"]}]},
            "alertmanager_routes[0].mute_time_intervals[0] is night; alertmanager_time_intervals has none.",
        ),
        ({"route": {"matchers": ['a="b"']}}, "alertmanager_route has the unknown option matchers; "),
        (
            {"route": {"group_wait": "soon"}},
            "alertmanager_route.group_wait is soon; must be a duration such as 30s, 5m or 1d12h.",
        ),
        ({"route": {"group_wait": 30}}, "alertmanager_route.group_wait is 30; must be a duration such as 30s, 5m or 1d12h."),
        ({"route": {"group_interval": "0s"}}, "alertmanager_route.group_interval is 0s; must be above 0."),
        ({"route": {"group_by": ["...", "alertname"]}}, "alertmanager_route.group_by has ... beside other labels; "),
        ({"route": {"group_by": ["a", "b", "a"]}}, "alertmanager_route.group_by has a more than once."),
        ({"route": {"group_by": "alertname"}}, "alertmanager_route.group_by is alertname; must be a list."),
        ({"receivers": [{"slack": [SLACK]}]}, "alertmanager_receivers[0] needs name."),
        ({"receivers": [{"name": 5}]}, "alertmanager_receivers[0].name is 5; must be text."),
        ({"receivers": [{"name": "a"}, {"name": "a"}]}, "alertmanager_receivers[1] has the name a, which another receiver has."),
        ({"receivers": [{"name": "null"}]}, "alertmanager_receivers[0] has the name null, which another receiver has; null and "),
        (
            {"receivers": [{"name": "a", "slac": []}]},
            "alertmanager_receivers[0] has the unknown option slac; did you mean slack?",
        ),
        (
            {"receivers": [{"name": "a", "labels": {"name": "b"}}]},
            "alertmanager_receivers[0].labels.name is b; must be the name of the receiver.",
        ),
        ({"receivers": [{"name": "a", "slack": SLACK}]}, "alertmanager_receivers[0].slack is a mapping; must be a list."),
        ({"inhibit_rules": [{"source_matchers": ['a="b"']}]}, "alertmanager_inhibit_rules[0] needs target_matchers."),
        (
            {"inhibit_rules": [{"source_matchers": ["a=b"], "target_matchers": ["c=d"], "equal": [5]}]},
            "alertmanager_inhibit_rules[0].equal[0] is 5; must be the name of a label.",
        ),
        ({"time_intervals": [{"time_intervals": []}]}, "alertmanager_time_intervals[0] needs name."),
        (
            interval(times=[{"start_time": 540, "end_time": "17:00"}]),
            "alertmanager_time_intervals[0].time_intervals[0].times[0].start_time is 540; must be a time such as ",
        ),
        (
            interval(times=[{"start_time": "22:00", "end_time": "06:00"}]),
            "alertmanager_time_intervals[0].time_intervals[0].times[0] starts at 22:00 and ends at 06:00; ",
        ),
        (
            interval(weekdays=["mon"]),
            "alertmanager_time_intervals[0].time_intervals[0].weekdays[0] is mon; must be a day such as monday, ",
        ),
        ({"templates": {"a/b.tmpl": ""}}, "alertmanager_templates has the file a/b.tmpl; "),
        ({"templates": {"a.tmpl": "{{ if .x }}"}}, "alertmanager_templates.a.tmpl is no Go template: it has if without end."),
        ({"templates": {"a.tmpl": 5}}, "alertmanager_templates.a.tmpl is 5; must be text."),
        ({"templates": ["a.tmpl"]}, "alertmanager_templates is a list; must be a mapping."),
        (
            {"global": {"slack_api_url": "https://hooks.slack.com/"}},
            "alertmanager_global.slack_api_url would be readable in the manifests; ",
        ),
        ({"global": {"smtp_port": 25}}, "alertmanager_global has the unknown option smtp_port; did you mean "),
        (
            {"global": {"http_config": {"folow_redirects": True}}},
            "alertmanager_global.http_config has the unknown option folow_redirects; did you mean follow_redirects?",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_path(variables: dict[str, Any], told: str) -> None:
    [problem] = Configuration(variables).problems
    assert problem.startswith(told), problem


def test_no_problem_repeats_a_key() -> None:
    problems = Configuration(receiver("slack", api_url="https://hooks.slack.com/services/T0/B0/key")).problems
    assert "B0/key" not in " ".join(problems)


def test_all_problems_are_told_at_once() -> None:
    assert len(Configuration({"route": {"receiver": "a"}, "routes": [{"receiver": "b"}]}).problems) == 2
