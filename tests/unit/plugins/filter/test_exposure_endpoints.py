# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.exposure_endpoints import FilterModule, exposure_endpoints

PROMETHEUS = {"component": "prometheus", "method": "ingress", "host": "a.example.com"}


def test_the_filter_has_its_name() -> None:
    assert FilterModule().filters() == {"exposure_endpoints": exposure_endpoints}


def test_defaults_are_those_of_the_component() -> None:
    (endpoint,) = exposure_endpoints([PROMETHEUS])
    assert (endpoint["port"], endpoint["node_port"], endpoint["path"], endpoint["tls_secret"]) == (9090, 30900, "/", "")


def test_what_an_entry_says_stays() -> None:
    (endpoint,) = exposure_endpoints(
        [{**PROMETHEUS, "node_port": 31000, "tls_secret": "tls", "path": "/a/"}], {"prometheus": "/b"}
    )
    assert (endpoint["node_port"], endpoint["tls_secret"], endpoint["path"]) == (31000, "tls", "/a")


def test_a_component_is_published_under_the_path_that_it_answers() -> None:
    prometheus, query = exposure_endpoints(
        [PROMETHEUS, {"component": "thanos-query", "method": "nodeport"}], {"prometheus": "/metrics"}
    )
    assert (prometheus["location"], query["location"]) == ("a.example.com/metrics", "/")


def test_an_entry_is_named_by_its_place() -> None:
    assert [endpoint["variable"] for endpoint in exposure_endpoints([PROMETHEUS, PROMETHEUS])] == [
        "exposure_endpoints[0]",
        "exposure_endpoints[1]",
    ]


def test_secrets_are_those_that_the_proxy_reads() -> None:
    auth = {"type": "basic", "secret": "people"}
    (endpoint,) = exposure_endpoints([{**PROMETHEUS, "auth": auth, "tls_secret": "tls"}])
    assert endpoint["needed_secrets"] == [{"name": "people", "key": "users"}, {"name": "tls", "type": "kubernetes.io/tls"}]


def test_an_entry_that_is_not_whole_needs_nothing() -> None:
    assert exposure_endpoints([{**PROMETHEUS, "auth": {"type": "basic"}}])[0]["needed_secrets"] == []
