# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role system_monitors: what of the cluster itself is scraped."""

from __future__ import annotations

from typing import Any

import pytest

from tests.playbooks import Outcome, run_roles

CONTROL_PLANE = ["etcd", "kube-scheduler", "kube-controller-manager", "kube-proxy"]
CILIUM = ["cilium-agent", "cilium-operator", "hubble"]


def seen(*names: str) -> dict[str, Any]:
    """What preflight knows once it has looked at a cluster."""
    return {"__preflight_cluster": {"system_metrics": list(names)}}


# The variables, and the jobs that there are then.
LOGIN = {"username": {"name": "etcd", "key": "user"}, "password": {"name": "etcd", "key": "password"}}
CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no cluster was looked at": ({}, ["coredns"]),
    "a cluster that offers nothing": (seen(), []),
    "a cluster that offers some": (seen("kube-scheduler", "coredns"), ["kube-scheduler", "coredns"]),
    "Cilium without Hubble": (seen("cilium-agent", "cilium-operator"), ["cilium-agent", "cilium-operator"]),
    "a list": ({**seen("etcd"), "metrics_control_plane": CONTROL_PLANE, "metrics_coredns": False}, CONTROL_PLANE),
    "a survey's list": ({"metrics_control_plane": "etcd, kube-proxy", "metrics_coredns": "false"}, ["etcd", "kube-proxy"]),
    "nothing": ({**seen("etcd", "coredns"), "metrics_control_plane": [], "metrics_coredns": "no"}, []),
    "Cilium": ({"metrics_cilium": "true", "metrics_coredns": False}, CILIUM),
    "no Cilium": ({**seen(*CILIUM), "metrics_cilium": False}, []),
    "an override": (
        {
            "metrics_control_plane": ["etcd"],
            "metrics_coredns": False,
            "system_monitors_overrides": {
                "etcd": {"port": 2379, "scheme": "https", "endpoint": {"tlsConfig": {"serverName": "etcd"}}},
            },
        },
        ["etcd"],
    ),
    "a login of its own": (
        {
            "metrics_control_plane": ["etcd"],
            "metrics_coredns": False,
            "system_monitors_overrides": {"etcd": {"scheme": "https", "endpoint": {"basicAuth": LOGIN}}},
        },
        ["etcd"],
    ),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    cases = {name: ("system_monitors", variables) for name, (variables, _jobs) in CASES.items()}
    found = run_roles(tmp_path_factory.mktemp("system_monitors"), cases)
    assert {name: outcome.error for name, outcome in found.items() if outcome.error} == {}
    return found


def test_a_login_of_its_own_takes_the_place_of_ours(outcomes: dict[str, Outcome]) -> None:
    def endpoint(case: str) -> dict[str, Any]:
        found: dict[str, Any] = outcomes[case].objects["ServiceMonitor", "etcd"]["spec"]["endpoints"][0]
        return found

    # The operator drops an endpoint with two logins.
    assert endpoint("a login of its own")["basicAuth"] == LOGIN
    assert "authorization" not in endpoint("a login of its own")
    assert "authorization" in endpoint("an override")


@pytest.mark.parametrize("name", CASES)
def test_what_is_offered_or_named_is_scraped_and_nothing_else(name: str, outcomes: dict[str, Outcome]) -> None:
    monitors = [monitor for kind, monitor in outcomes[name].objects if kind == "ServiceMonitor"]
    assert sorted(monitors) == sorted(CASES[name][1])


@pytest.mark.parametrize("name", CASES)
def test_every_monitor_selects_its_own_service_in_kube_system(name: str, outcomes: dict[str, Outcome]) -> None:
    objects = outcomes[name].objects
    services = {tuple(item["metadata"]["labels"].items()): item for (kind, _name), item in objects.items() if kind == "Service"}
    for item in (item for (kind, _name), item in objects.items() if kind == "ServiceMonitor"):
        service = services.pop(tuple(item["spec"]["selector"]["matchLabels"].items()))
        assert service["metadata"]["namespace"] in item["spec"]["namespaceSelector"]["matchNames"]
        assert service["metadata"]["labels"][item["spec"]["jobLabel"]] == item["metadata"]["name"]
        assert service["spec"]["ports"][0]["name"] == item["spec"]["endpoints"][0]["port"]
    assert not services


def test_what_speaks_https_is_asked_with_the_token(outcomes: dict[str, Outcome]) -> None:
    objects = outcomes["a list"].objects
    endpoints = {name: item["spec"]["endpoints"][0] for (kind, name), item in objects.items() if kind == "ServiceMonitor"}
    assert {name for name, endpoint in endpoints.items() if "authorization" in endpoint} == {
        "kube-scheduler",
        "kube-controller-manager",
    }
    secret = objects["Secret", "prometheus-scraper"]
    assert "data" not in secret
    assert secret["metadata"]["annotations"] == {"kubernetes.io/service-account.name": "prometheus-scraper"}
    assert endpoints["kube-scheduler"]["authorization"]["credentials"] == {"name": secret["metadata"]["name"], "key": "token"}


def test_an_override_has_the_last_word(outcomes: dict[str, Outcome]) -> None:
    objects = outcomes["an override"].objects
    assert objects["Service", "metrics-etcd"]["spec"]["ports"][0]["port"] == 2379
    assert objects["ServiceMonitor", "etcd"]["spec"]["endpoints"][0]["tlsConfig"] == {"serverName": "etcd"}
