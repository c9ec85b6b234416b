# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Alertmanagers of Prometheus: what is right, and what is wrong before the operator refuses it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_endpoint_schema import own_problems, problems

KEY = {"name": "keys", "key": "token"}


def entry(**options: Any) -> list[dict[str, Any]]:
    return [{"name": "other", "port": "web", **options}]


@pytest.mark.parametrize(
    "alertmanagers",
    [
        [],
        [{"name": "alertmanager-operated", "namespace": "metrics", "port": "web", "apiVersion": "v2", "pathPrefix": "/alerts"}],
        entry(port=9093, scheme="https", timeout="10s", enableHttp2=False, tlsConfig={"caFile": "/etc/prometheus/secrets/a/ca"}),
        entry(basicAuth={"username": KEY, "password": KEY}, alertRelabelings=[{"action": "labeldrop", "regex": "pod"}]),
        entry(sigv4={"region": "eu-central-1", "accessKey": KEY, "secretKey": KEY}),
        entry(proxyUrl="http://proxy:3128", proxyConnectHeader={"X-Key": [KEY]}),
    ],
)
def test_what_the_operator_takes_is_right(alertmanagers: list[dict[str, Any]]) -> None:
    assert problems(alertmanagers) == []


@pytest.mark.parametrize(
    ("options", "finding"),
    [
        ({"port": "9093"}, ".port is 9093; must be a port from 1 to 65535, without quotes, or the name of one such as web."),
        ({"port": 0}, ".port is 0; must be a port from 1 to 65535, without quotes, or the name of one such as web."),
        ({"pathPrefix": "alerts"}, ".pathPrefix is alerts; must be a path that begins with /, without . and .. in it."),
        ({"apiVersion": "v1"}, ".apiVersion is v1; must be v2."),
        ({"timeout": "never"}, ".timeout is never; must be a duration such as 30s, 5m or 1h, longer than 0."),
        (
            {"relabelings": [{"sourceLabel": ["a"]}]},
            ".relabelings[0] has the unknown key sourceLabel; did you mean sourceLabels?",
        ),
        (
            {"tlsConfig": {"insecureSkipVerify": "yes"}},
            ".tlsConfig.insecureSkipVerify is the text yes; must be true or false, without quotes.",
        ),
        (
            {"basicAuth": {"username": KEY, "password": KEY}, "authorization": {"credentials": KEY}},
            " has authorization and basicAuth; only one of authorization, basicAuth, sigv4, bearerTokenFile is allowed.",
        ),
        (
            {"basicAuth": {"username": KEY, "password": "hunter2"}},
            ".basicAuth.password must name a key of a Secret, as {name: NAME, key: KEY}.",
        ),
        ({"sigv4": {"acessKey": KEY}}, ".sigv4 has the unknown key acessKey; did you mean accessKey?"),
        ({"sigv4": {"accessKey": KEY}}, ".sigv4 has accessKey and no secretKey; one needs the other."),
        ({"sigv4": {"externalId": "a"}}, ".sigv4 has externalId and no roleArn; it needs one."),
        (
            {"proxyUrl": "http://proxy", "proxyFromEnvironment": True},
            " has proxyUrl and proxyFromEnvironment; only one of the two is allowed.",
        ),
        ({"namspace": "a"}, " has the unknown key namspace; did you mean namespace?"),
    ],
)
def test_what_the_operator_would_refuse_is_named(options: dict[str, Any], finding: str) -> None:
    assert problems(entry(**options)) == [f"prometheus_alertmanagers[0]{finding}"]


def test_our_own_alertmanager_is_asked_where_it_answers() -> None:
    own = {"name": "alertmanager-operated", "port": "web"}
    right = [
        {**own, "pathPrefix": "/alerts/"},
        {**own, "namespace": "other"},
        {"name": "other", "port": "web", "pathPrefix": "/a"},
    ]
    assert own_problems(right, "metrics", "/alerts") == []
    assert own_problems([own, {**own, "pathPrefix": "/"}], "metrics", "") == []
    assert own_problems([own], "metrics", "/alerts") == [
        "prometheus_alertmanagers[0] has no pathPrefix; must be /alerts, where our Alertmanager answers."
    ]
    assert own_problems([{**own, "namespace": "metrics", "pathPrefix": "/a"}], "metrics", "") == [
        "prometheus_alertmanagers[0].pathPrefix is /a; must be left out: our Alertmanager answers at /."
    ]
