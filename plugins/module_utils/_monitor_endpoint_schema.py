# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Endpoints of ServiceMonitors in system_monitors_overrides: what the operator would refuse, or drop the monitor for.

Source: the CRD ServiceMonitor of prometheus-operator v0.93, and its pkg/prometheus/resource_selector.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _duration
from ansible_collections.longterm.metrics.plugins.module_utils._open_schema import Without
from ansible_collections.longterm.metrics.plugins.module_utils._operator_client_schema import (
    AUTHORIZATION,
    BASIC_AUTH,
    KEY_OF_SECRET,
    OAUTH2,
    PROXY,
    RELABEL,
    TLS,
    proxy,
)
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, ListOf, MapOf, Nested
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import (
    BOOLEAN,
    TEXT,
    choice,
    duration,
    integer,
    text,
)

_FILES = "the operator drops a monitor that names files of Prometheus (arbitraryFSAccessThroughSMs)"
_ELSEWHERE = "the component sets it beside endpoint, by"
_INTERVAL = "a duration from 1s to 5m, such as 30s: a sample counts for 5m"
_ENDPOINT = Without(
    Nested(
        {
            "path": text("/.*", "a path that begins with /"),
            "params": MapOf(ListOf(TEXT)),
            "interval": Leaf(
                str, _INTERVAL, lambda value: "" if 1 <= (_duration.seconds(value) or 0) <= _duration.LOOKBACK else _INTERVAL
            ),
            "scrapeTimeout": duration(zero=False),
            "authorization": AUTHORIZATION,
            "basicAuth": BASIC_AUTH,
            "oauth2": OAUTH2,
            "bearerTokenSecret": KEY_OF_SECRET,
            "tlsConfig": Without(
                TLS,
                {
                    "caFile": f"{_FILES}. Name a Secret or ConfigMap in ca",
                    "certFile": f"{_FILES}. Name a Secret or ConfigMap in cert",
                    "keyFile": f"{_FILES}. Name a Secret in keySecret",
                },
            ),
            "relabelings": ListOf(RELABEL),
            "metricRelabelings": ListOf(RELABEL),
            **dict.fromkeys(
                (
                    *("honorLabels", "honorTimestamps", "trackTimestampsStaleness"),
                    *("followRedirects", "enableHttp2", "filterRunning"),
                ),
                BOOLEAN,
            ),
            **PROXY,
        },
        exclusive=("authorization basicAuth oauth2 bearerTokenSecret",),
        relations=proxy,
    ),
    {
        "bearerTokenFile": f"{_FILES}. Name a Secret in authorization",
        "port": f"{_ELSEWHERE} port",
        "targetPort": f"{_ELSEWHERE} port",
        "scheme": f"{_ELSEWHERE} scheme",
    },
)
_SCHEMA = MapOf(
    Nested(
        {
            "selector": MapOf(TEXT),
            "port": integer(1, 65535),
            "scheme": choice("http", "https"),
            "endpoint": _ENDPOINT,
        }
    )
)


def problems(overrides: Any, interval: str = "", variable: str = "system_monitors_overrides") -> list[str]:
    """What is wrong, in full sentences; `interval` is that of Prometheus, for endpoints without one."""
    found = [*_SCHEMA.judge(overrides, variable)]
    for name, component in overrides.items() if isinstance(overrides, dict) else ():
        if isinstance(component, dict) and isinstance(component.get("endpoint"), dict):
            found += _timeout(component["endpoint"], f"{variable}.{name}.endpoint", interval)
    return found


def _timeout(endpoint: dict[str, Any], where: str, interval: str) -> Iterator[str]:
    every, limit = endpoint.get("interval", interval), endpoint.get("scrapeTimeout", "")
    if 0 < (_duration.seconds(every) or 0) < (_duration.seconds(limit) or 0):
        name = "interval" if "interval" in endpoint else "prometheus_scrape_interval"
        yield f"{where}.scrapeTimeout is {limit}; must not be longer than {name}, {every}: the operator drops such a monitor."
