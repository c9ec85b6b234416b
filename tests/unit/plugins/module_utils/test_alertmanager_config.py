# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alertmanager's configuration from structured variables."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_config import Configuration

SLACK = {"channel": "#alerts", "api_url_secret": {"name": "slack", "key": "url"}}


def receiver(kind: str, **options: Any) -> dict[str, Any]:
    """Variables with one receiver, called team."""
    return {"receivers": [{"name": "team", kind: [options]}]}


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
        ("null", ['alertname="Watchdog"']),
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
                "smtp_auth_password_secret": {"name": "smtp", "key": "p"},
            },
        }
    )
    assert configuration.problems == []
    assert configuration.secrets == {"slack", "pd", "hook", "mail", "smtp"}
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
    assert made({"templates": {"slack.tmpl": "{{ define }}"}})["templates"] == ["/etc/alertmanager/config/*.tmpl"]


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        (
            {"route": {"receiver": "nobody"}},
            "alertmanager_route.receiver is nobody; the receivers are null, longterm-metrics-test",
        ),
        ({"routes": [{"routes": [{"receiver": "nobody"}]}]}, "alertmanager_routes[0].routes[0].receiver is nobody"),
        ({"routes": [{"receivers": "null"}]}, "alertmanager_routes[0] has the unknown option receivers"),
        ({"routes": {"receiver": "null"}}, "alertmanager_routes must be a list"),
        ({"routes": ["null"]}, "alertmanager_routes[0] must be a mapping"),
        ({"routes": [{"matchers": ["severity critical"]}]}, "alertmanager_routes[0].matchers has the malformed matcher"),
        ({"routes": [{"matchers": "severity=critical"}]}, "alertmanager_routes[0].matchers must be a list"),
        ({"routes": [{"mute_time_intervals": ["night"]}]}, "mute_time_intervals names night; the intervals are none"),
        ({"route": {"matchers": ['a="b"']}}, "alertmanager_route has the unknown option matchers"),
        ({"route": {"group_wait": "soon"}}, "alertmanager_route.group_wait is soon"),
        ({"route": {"group_interval": "0s"}}, "alertmanager_route.group_interval is 0s"),
        ({"route": {"group_by": ["...", "alertname"]}}, "alertmanager_route.group_by has ... beside other labels"),
        ({"receivers": [{"slack": [SLACK]}]}, "alertmanager_receivers[0] has no name"),
        ({"receivers": [{"name": "a"}, {"name": "a"}]}, "alertmanager_receivers[1] has the name a, which another receiver has"),
        ({"receivers": [{"name": "null"}]}, "alertmanager_receivers[0] has the name null"),
        ({"receivers": [{"name": "a", "slac": []}]}, "alertmanager_receivers[0] has the unknown option slac"),
        (receiver("slack", **SLACK, chanel="#a"), "alertmanager_receivers[0] (team) slack[0] has the unknown option chanel"),
        (receiver("slack", channel="#a"), "slack[0] needs api_url_secret or app_token_secret"),
        (receiver("slack", api_url="https://hooks.slack.com/services/T"), "slack[0].api_url would stand readable"),
        (receiver("slack", api_url_secret="slack"), "slack[0].api_url_secret must name a key of a Secret"),
        (receiver("slack", api_url_secret={"name": "../x", "key": "y"}), "slack[0].api_url_secret must name a key of a Secret"),
        (receiver("pagerduty", severity="critical"), "pagerduty[0] needs routing_key_secret or service_key_secret"),
        (receiver("webhook", url="http://a", url_secret={"name": "a", "key": "b"}), "needs url or url_secret, not both"),
        (receiver("webhook", url="https://user:word@example.org/"), "webhook[0].url holds a password"),
        (receiver("email", to="a@example.org"), "email[0] needs smarthost"),
        ({"inhibit_rules": [{"source_matchers": ['a="b"']}]}, "alertmanager_inhibit_rules[0] has no target_matchers"),
        ({"time_intervals": [{"time_intervals": []}]}, "alertmanager_time_intervals[0] has no name"),
        ({"templates": {"a/b.tmpl": ""}}, "alertmanager_templates has the file a/b.tmpl"),
        ({"global": {"slack_api_url": "https://hooks.slack.com/"}}, "alertmanager_global.slack_api_url would stand readable"),
        ({"global": {"smtp_port": 25}}, "alertmanager_global has the unknown option smtp_port"),
    ],
)
def test_what_is_wrong_is_told_with_its_variable(variables: dict[str, Any], words: str) -> None:
    problems = Configuration(variables).problems
    assert any(words in problem for problem in problems), problems


def test_no_problem_repeats_a_key() -> None:
    problems = Configuration(receiver("slack", api_url="https://hooks.slack.com/services/T0/B0/key")).problems
    assert "B0/key" not in " ".join(problems)


def test_all_problems_are_told_at_once() -> None:
    assert len(Configuration({"route": {"receiver": "a"}, "routes": [{"receiver": "b"}]}).problems) == 2
