# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way in leads to a component that answers there."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.filter.exposure_problems import exposure_problems

PREFIXES = {"prometheus": "/prometheus", "alertmanager": "", "thanos-query": "/a/thanos"}


def endpoint(component: str, path: str = "", host: str = "m.example", **more: Any) -> dict[str, Any]:
    return {"component": component, "method": "ingress", "host": host, "path": path, **more}


@pytest.mark.parametrize(
    "entry",
    [
        endpoint("prometheus"),
        endpoint("prometheus", "/prometheus/"),
        endpoint("prometheus", "/"),
        endpoint("thanos-query", "/a"),
        endpoint("alertmanager", "/"),
        # The controller rewrites it.
        endpoint("alertmanager", "/alerts", annotations={"nginx.ingress.kubernetes.io/rewrite-target": "/"}),
        {"component": "alertmanager", "method": "nodeport"},
    ],
)
def test_a_path_that_its_component_answers_under_is_right(entry: dict[str, Any]) -> None:
    assert exposure_problems([entry], PREFIXES) == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            endpoint("alertmanager", "/alerts", annotations={"cert-manager.io/cluster-issuer": "le"}),
            ("path is /alerts; must be /, which",),
        ),
        (endpoint("alertmanager", "/alerts"), ("path is /alerts; must be /, which", "set alertmanager_route_prefix to /alerts")),
        (endpoint("prometheus", "/prom"), ("path is /prom; must be /prometheus, which", "set prometheus_route_prefix to /prom")),
        (
            endpoint("thanos-query", "/thanos"),
            ("must be /a/thanos, which thanos-query answers under", "thanos_query_route_prefix"),
        ),
    ],
)
def test_another_path_is_reported_with_the_variable_that_would_make_it_right(
    entry: dict[str, Any], said: tuple[str, ...]
) -> None:
    (problem,) = exposure_problems([entry], PREFIXES)
    assert problem.startswith("exposure_endpoints[0].path is ")
    assert [part for part in said if part not in problem] == []


def test_two_components_on_one_host_and_path_are_named() -> None:
    entries = [
        endpoint("alertmanager"),
        endpoint("prometheus"),
        endpoint("thanos-query", "/"),
        endpoint("thanos-query", host="q.example"),
    ]
    assert exposure_problems(entries, PREFIXES) == [
        "exposure_endpoints[2] is thanos-query on m.example/; must have a host or a path of its own: "
        "alertmanager is there (exposure_endpoints[0])."
    ]


@pytest.mark.parametrize(
    ("path", "grafana", "taken"),
    [
        ("/", "", True),
        ("/grafana", "/grafana", True),
        ("/a", "/a/b", True),
        ("/b", "", False),
        ("/a/b", "/a", False),
        ("/a", "/ab", False),
    ],
)
def test_an_entry_that_takes_the_requests_for_grafana_is_named(path: str, grafana: str, taken: bool) -> None:
    entry = {"component": "prometheus", "method": "ingress", "host": "a.example", "path": path}
    found = exposure_problems([entry], {"prometheus": path.rstrip("/")}, ["a.example", grafana])
    assert bool(found) == taken
    assert exposure_problems([entry], {"prometheus": path.rstrip("/")}, ["b.example", grafana]) == []


@pytest.mark.parametrize(("path", "taken"), [("/api", True), ("/static", True), ("/thanos", False), ("/alerts", False)])
def test_an_entry_on_a_page_of_another_component_is_named(path: str, taken: bool) -> None:
    entries = [{"component": "prometheus", "method": "ingress", "host": "a.example"}]
    entries.append({"component": "thanos-query", "method": "ingress", "host": "a.example", "path": path})
    found = exposure_problems(entries, {"thanos-query": path})
    words = f"exposure_endpoints[1].path is {path}; must be another path: prometheus answers there (exposure_endpoints[0])."
    assert found == ([words] if taken else [])
