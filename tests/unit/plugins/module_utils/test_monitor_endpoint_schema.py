# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Endpoints of ServiceMonitors: what is right, and what is wrong before the operator drops the monitor."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._monitor_endpoint_schema import problems

KEY = {"name": "keys", "key": "token"}
FILES = "the operator drops a monitor that names files of Prometheus (arbitraryFSAccessThroughSMs)"


@pytest.mark.parametrize(
    "component",
    [
        {},
        {"port": 2379, "scheme": "https", "selector": {"component": "etcd"}, "endpoint": {"tlsConfig": {"serverName": "etcd"}}},
        {"endpoint": {"interval": "5m", "scrapeTimeout": "10s", "path": "/metrics", "params": {"a": ["b"]}}},
        {"endpoint": {"scrapeTimeout": "30s", "honorLabels": True, "authorization": {"credentials": KEY}}},
        {"endpoint": {"relabelings": [{"action": "labeldrop", "regex": "pod"}], "proxyUrl": "http://proxy:3128"}},
    ],
)
def test_what_the_operator_takes_is_right(component: dict[str, Any]) -> None:
    assert problems({"etcd": component}, "30s") == []


@pytest.mark.parametrize(
    ("endpoint", "finding"),
    [
        ("text", " is text; must be a dictionary."),
        ({"metricRelabelings": "nope"}, ".metricRelabelings is text; must be a list."),
        (
            {"metricRelabelings": [{"action": "remove"}]},
            ".metricRelabelings[0].action is remove; must be one of replace, keep, drop, hashmod, labelmap, labeldrop, "
            "labelkeep, lowercase, uppercase, keepequal, dropequal.",
        ),
        (
            {"tlsConfig": {"insecureSkipVerfy": True}},
            ".tlsConfig has the unknown key insecureSkipVerfy; did you mean insecureSkipVerify?",
        ),
        ({"honorLabels": "yes"}, ".honorLabels is the text yes; must be true or false, without quotes."),
        ({"params": {"a": "b"}}, ".params.a is text; must be a list."),
        ({"path": "metrics"}, ".path is metrics; must be a path that begins with /."),
        ({"proxyUrl": "nope"}, ".proxyUrl is nope; must be a URL such as http://proxy.example.org:3128, without a password."),
        ({"tlsConfig": {"caFile": "/etc/x"}}, f".tlsConfig has caFile; {FILES}. Name a Secret or ConfigMap in ca."),
        ({"tlsConfig": {"certFile": "/etc/x"}}, f".tlsConfig has certFile; {FILES}. Name a Secret or ConfigMap in cert."),
        ({"tlsConfig": {"keyFile": "/etc/x"}}, f".tlsConfig has keyFile; {FILES}. Name a Secret in keySecret."),
        ({"bearerTokenFile": "/etc/x"}, f" has bearerTokenFile; {FILES}. Name a Secret in authorization."),
        ({"port": "web"}, " has port; the component sets it beside endpoint, by port."),
        (
            {"interval": "6m"},
            ".interval is 6m; must be a duration from 1s to 5m, such as 30s: a sample counts for 5m.",
        ),
        (
            {"interval": "0s"},
            ".interval is 0s; must be a duration from 1s to 5m, such as 30s: a sample counts for 5m.",
        ),
        (
            {"interval": "15s", "scrapeTimeout": "20s"},
            ".scrapeTimeout is 20s; must not be longer than interval, 15s: the operator drops such a monitor.",
        ),
        (
            {"scrapeTimeout": "1m"},
            ".scrapeTimeout is 1m; must not be longer than prometheus_scrape_interval, 30s: the operator drops such a monitor.",
        ),
        (
            {"bearerTokenSecret": KEY, "authorization": {"credentials": KEY}},
            " has authorization and bearerTokenSecret; only one of authorization, basicAuth, oauth2, bearerTokenSecret is "
            "allowed.",
        ),
        ({"noProxy": "a"}, " has noProxy and no proxyUrl; it needs one."),
        ({"honourLabels": True}, " has the unknown key honourLabels; did you mean honorLabels?"),
    ],
)
def test_what_the_operator_would_refuse_or_drop_is_named(endpoint: Any, finding: str) -> None:
    assert problems({"etcd": {"endpoint": endpoint}}, "30s") == [f"system_monitors_overrides.etcd.endpoint{finding}"]


def test_an_unknown_interval_is_not_compared() -> None:
    assert problems({"etcd": {"endpoint": {"scrapeTimeout": "1m"}}}) == []


def test_a_component_has_no_other_keys() -> None:
    assert problems({"etcd": {"endpoints": {}}}) == [
        "system_monitors_overrides.etcd has the unknown key endpoints; did you mean endpoint?"
    ]
