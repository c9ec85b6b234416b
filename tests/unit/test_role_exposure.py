# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role exposure: whichever way somebody comes, the proxy asks who it is."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.playbooks import Outcome, run_roles

BASIC = {"type": "basic", "secret": "people"}
FORWARD = {"type": "forward", "address": "http://oauth2-proxy.auth.svc:4180/oauth2/auth?allowed_groups=ops"}
ENDPOINTS = [
    {"component": "prometheus", "method": "ingress", "host": "prometheus.example.com", "tls_secret": "tls", "auth": BASIC},
    {
        "component": "alertmanager",
        "method": "gateway",
        "host": "alerts.example.com",
        "parent_refs": [{"name": "edge"}],
        "auth": FORWARD,
    },
    {"component": "thanos-query", "method": "nodeport", "tls_secret": "tls", "auth": {**BASIC, "key": "auth"}},
]
HOST = {"method": "ingress", "host": "metrics.example.com", "auth": BASIC}
PATHS = {
    "prometheus_route_prefix": "/prometheus/",
    "thanos_query_external_prefix": "/thanos",
    "alertmanager_route_prefix": "/alerts",
    "thanos_bucket_web_external_prefix": "/bucket",
    "exposure_endpoints": [
        {"component": "prometheus", **HOST, "ingress_class": "edge"},
        {"component": "thanos-query", **HOST, "method": "gateway", "parent_refs": [{"name": "edge"}]},
        {"component": "alertmanager", **HOST},
        {"component": "thanos-bucket-web", **HOST, "path": "/bucket"},
    ],
}
CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "three ways": {"exposure_endpoints": ENDPOINTS},
    "trusted": {"exposure_endpoints": ENDPOINTS, "exposure_trusted_proxies": ["10.42.0.0/16", "fd00::/64"]},
    "no further peers": {"exposure_endpoints": ENDPOINTS, "metrics_network_policy_from": {"exposure": []}},
    "further peers": {"exposure_endpoints": ENDPOINTS, "metrics_network_policy_from": {"exposure": [{"podSelector": {}}]}},
    "one host": PATHS,
    # What strips the path from requests is not the way in, but somebody before it.
    "stripped": {**PATHS, "thanos_query_route_prefix": "/"},
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    found = run_roles(tmp_path_factory.mktemp("exposure"), {name: ("exposure", values) for name, values in CASES.items()})
    assert {name: outcome.error for name, outcome in found.items() if outcome.error} == {}
    return found


@pytest.fixture(scope="module")
def objects(outcomes: dict[str, Outcome]) -> dict[tuple[str, str], dict[str, Any]]:
    return outcomes["three ways"].objects


@pytest.fixture(scope="module")
def proxy(objects: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    return yaml.safe_load(objects["ConfigMap", "exposure-config"]["data"]["exposure.yaml"])


def test_nothing_is_reachable_unless_asked_for(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["default"].objects == {}


def test_every_way_leads_to_the_proxy(objects: dict[tuple[str, str], dict[str, Any]]) -> None:
    services = {name: item["spec"] for (kind, name), item in objects.items() if kind == "Service"}
    assert {str(spec["selector"]) for spec in services.values()} == {"{'app.kubernetes.io/name': 'exposure'}"}
    path = objects["Ingress", "exposure-prometheus"]["spec"]["rules"][0]["http"]["paths"][0]
    route = objects["HTTPRoute", "exposure-alertmanager"]["spec"]["rules"][0]
    assert path["backend"]["service"]["name"] in services
    assert route["backendRefs"][0]["name"] in services
    assert [name for name, spec in services.items() if spec.get("type") == "NodePort"] == ["exposure-thanos-query"]


def ingress_path(outcome: Outcome, component: str) -> dict[str, Any]:
    return outcome.objects["Ingress", f"exposure-{component}"]["spec"]["rules"][0]["http"]["paths"][0]


def route_match(outcome: Outcome) -> dict[str, Any]:
    return outcome.objects["HTTPRoute", "exposure-thanos-query"]["spec"]["rules"][0]["matches"][0]["path"]


def test_one_host_serves_components_by_the_paths_they_answer_under(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["one host"]
    assert ingress_path(outcome, "prometheus").items() >= {"path": "/prometheus", "pathType": "Prefix"}.items()
    assert ingress_path(outcome, "alertmanager")["path"] == "/alerts"
    assert route_match(outcome) == {"type": "PathPrefix", "value": "/thanos"}
    assert route_match(outcomes["stripped"])["value"] == "/"


def test_a_component_without_a_prefix_has_its_host_for_itself(outcomes: dict[str, Outcome]) -> None:
    assert ingress_path(outcomes["three ways"], "prometheus")["path"] == "/"


def test_nothing_is_stripped_on_the_way(outcomes: dict[str, Outcome]) -> None:
    objects = outcomes["one host"].objects
    config = yaml.safe_load(objects["ConfigMap", "exposure-config"]["data"]["exposure.yaml"])["http"]
    assert {router["rule"] for router in config["routers"].values()} == {"PathPrefix(`/`)"}
    assert {kind for middleware in config["middlewares"].values() for kind in middleware} == {"basicAuth"}
    assert "filters" not in objects["HTTPRoute", "exposure-thanos-query"]["spec"]["rules"][0]


def test_an_ingress_is_of_the_class_asked_for(outcomes: dict[str, Outcome]) -> None:
    objects = outcomes["one host"].objects
    assert objects["Ingress", "exposure-prometheus"]["spec"]["ingressClassName"] == "edge"
    assert "ingressClassName" not in objects["Ingress", "exposure-alertmanager"]["spec"]


def test_every_router_of_the_proxy_asks_who_comes(proxy: dict[str, Any]) -> None:
    asking = {
        name: [kind for middleware in router["middlewares"] for kind in proxy["http"]["middlewares"][middleware]]
        for name, router in proxy["http"]["routers"].items()
    }
    assert asking == {"prometheus": ["basicAuth"], "alertmanager": ["forwardAuth"], "thanos-query": ["basicAuth"]}


def test_the_password_goes_no_further_than_the_proxy(proxy: dict[str, Any]) -> None:
    assert proxy["http"]["middlewares"]["prometheus"]["basicAuth"]["removeHeader"] is True


def test_users_are_read_from_the_secret_named(objects: dict[tuple[str, str], dict[str, Any]]) -> None:
    volumes = {volume["name"]: volume for volume in objects["Deployment", "exposure"]["spec"]["template"]["spec"]["volumes"]}
    assert volumes["users-prometheus"]["secret"] == {"secretName": "people", "items": [{"key": "users", "path": "users"}]}
    assert volumes["users-thanos-query"]["secret"]["items"] == [{"key": "auth", "path": "users"}]
    assert "users-alertmanager" not in volumes


def test_a_password_never_travels_in_the_clear(objects: dict[tuple[str, str], dict[str, Any]], proxy: dict[str, Any]) -> None:
    assert objects["Ingress", "exposure-prometheus"]["spec"]["tls"] == [
        {"hosts": ["prometheus.example.com"], "secretName": "tls"}
    ]
    assert "tls" in proxy["http"]["routers"]["thanos-query"]
    assert proxy["tls"]["certificates"][0]["certFile"] == "/etc/exposure/tls/thanos-query/tls.crt"


def arguments(outcome: Outcome) -> list[str]:
    (container,) = outcome.objects["Deployment", "exposure"]["spec"]["template"]["spec"]["containers"]
    return [argument for argument in container["args"] if "forwardedheaders" in argument]


def forward_auth(outcome: Outcome) -> dict[str, Any]:
    config = yaml.safe_load(outcome.objects["ConfigMap", "exposure-config"]["data"]["exposure.yaml"])
    return config["http"]["middlewares"]["alertmanager"]["forwardAuth"]


def test_forwarded_headers_are_believed_from_nobody_who_is_not_named(outcomes: dict[str, Outcome]) -> None:
    assert arguments(outcomes["three ways"]) == []
    assert forward_auth(outcomes["three ways"])["trustForwardHeader"] is False


def test_forwarded_headers_are_believed_from_the_controller_and_not_on_a_port_of_the_nodes(outcomes: dict[str, Outcome]) -> None:
    assert arguments(outcomes["trusted"]) == [
        f"--entrypoints.{component}.forwardedheaders.trustedips=10.42.0.0/16,fd00::/64"
        for component in ("prometheus", "alertmanager")
    ]
    assert forward_auth(outcomes["trusted"])["trustForwardHeader"] is True


def test_an_empty_list_of_peers_lets_nobody_in(outcomes: dict[str, Outcome]) -> None:
    usual, none, further = (
        outcomes[case].objects["NetworkPolicy", "exposure"]["spec"]["ingress"]
        for case in ("three ways", "no further peers", "further peers")
    )
    assert none == usual
    assert [rule["from"] for rule in further if rule not in usual] == [[{"podSelector": {}}]]


def test_users_of_thanos_come_to_the_query_frontend_and_each_component_has_a_port_of_the_proxy(
    outcomes: dict[str, Outcome],
) -> None:
    objects = outcomes["one host"].objects
    services = yaml.safe_load(objects["ConfigMap", "exposure-config"]["data"]["exposure.yaml"])["http"]["services"]
    urls = {name: service["loadBalancer"]["servers"][0]["url"] for name, service in services.items()}
    assert urls["thanos-query"] == "http://thanos-query-frontend.metrics.svc:10902"
    assert urls["thanos-bucket-web"] == "http://thanos-bucket-web.metrics.svc:10902"
    (container,) = objects["Deployment", "exposure"]["spec"]["template"]["spec"]["containers"]
    assert {10902, 10903} <= {entry["containerPort"] for entry in container["ports"]}
    assert "--entrypoints.thanos-bucket-web.address=:10903" in container["args"]
    assert objects["Service", "exposure-thanos-bucket-web"]["spec"]["ports"][0]["targetPort"] == 10903
