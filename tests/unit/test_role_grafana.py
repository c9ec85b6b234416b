# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role grafana: what it makes of its variables."""

from __future__ import annotations

import configparser
from typing import Any

import pytest
import yaml

from tests.playbooks import Outcome, run_roles

OIDC = {f"grafana_oidc_{name}_url": f"https://id.example.com/{name}" for name in ("auth", "token", "api")}
HOST = {"grafana_host": "grafana.example.com"}
CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "off": {"grafana_enabled": "false"},
    "without Alertmanager": {"alertmanager_enabled": "no"},
    "another Alertmanager": {"alertmanager_enabled": False, "grafana_alertmanager_url": "http://alertmanager.other.svc:9093"},
    "nodeport": {"grafana_expose": "nodeport", "grafana_node_port": "30301"},
    "ingress": {"grafana_expose": "ingress", "grafana_ingress_class": "traefik", **HOST},
    "gateway": {"grafana_expose": "gateway", "grafana_gateway_parent_refs": [{"name": "edge", "namespace": "edge"}], **HOST},
    "oidc": {"grafana_oidc_client_id": "grafana", "grafana_root_url": "https://grafana.example.com", **OIDC},
    "own": {
        "grafana_sidecar_env": {"NAMESPACE": "monitoring", "LOG_LEVEL": "DEBUG"},
        "grafana_admin_secret": "people",
        "grafana_storage": "1Gi",
        "grafana_secrets": ["loki"],
        "grafana_config": {"users": {"default_theme": "light"}},
        "grafana_datasources": [{"name": "Loki", "uid": "loki", "type": "loki", "url": "http://loki:3100"}],
    },
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    found = run_roles(tmp_path_factory.mktemp("grafana"), {name: ("grafana", values) for name, values in CASES.items()})
    assert {name: outcome.error for name, outcome in found.items() if outcome.error} == {}
    return found


def datasources(outcome: Outcome) -> list[dict[str, Any]]:
    return yaml.safe_load(outcome.objects["ConfigMap", "grafana-config"]["data"]["datasources.yaml"])["datasources"]


def settings(outcome: Outcome) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(outcome.objects["ConfigMap", "grafana-config"]["data"]["grafana.ini"])
    return parser


def pod(outcome: Outcome) -> dict[str, Any]:
    return outcome.objects["Deployment", "grafana"]["spec"]["template"]


def container(outcome: Outcome, name: str) -> dict[str, Any]:
    return next(entry for entry in pod(outcome)["spec"]["containers"] if entry["name"] == name)


def by_file(outcome: Outcome) -> dict[str, str]:
    return {entry["name"]: entry["value"] for entry in container(outcome, "grafana")["env"]}


@pytest.mark.parametrize("case", ["default", "own"])
def test_thanos_query_is_the_one_default_datasource(case: str, outcomes: dict[str, Outcome]) -> None:
    found = datasources(outcomes[case])
    assert [entry["uid"] for entry in found if entry.get("isDefault")] == ["thanos"]
    assert [entry["uid"] for entry in found][:3] == ["thanos", "prometheus", "alertmanager"]


def test_a_datasource_for_alertmanager_is_there_where_one_is(outcomes: dict[str, Outcome]) -> None:
    assert [entry["uid"] for entry in datasources(outcomes["without Alertmanager"])] == ["thanos", "prometheus"]
    assert datasources(outcomes["another Alertmanager"])[2]["url"] == "http://alertmanager.other.svc:9093"
    assert datasources(outcomes["default"])[2]["url"] == "http://alertmanager.metrics.svc:9093"


def test_alertmanager_is_spoken_to_as_that_of_prometheus(outcomes: dict[str, Outcome]) -> None:
    assert datasources(outcomes["default"])[2]["jsonData"] == {"implementation": "prometheus"}


@pytest.mark.parametrize("case", [name for name in CASES if name != "off"])
def test_secrets_are_read_from_files_and_never_declared(case: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[case]
    assert not [kind for kind, _name in outcome.objects if kind == "Secret"]
    assert all(name.endswith("__FILE") and path.startswith("/etc/grafana/secrets/") for name, path in by_file(outcome).items())
    mounts = {mount["mountPath"] for mount in container(outcome, "grafana")["volumeMounts"]}
    assert {path.rpartition("/")[0] for path in by_file(outcome).values()} <= mounts


def test_administrator_and_encryption_key_are_never_grafanas_defaults(outcomes: dict[str, Outcome]) -> None:
    assert {"GF_SECURITY_ADMIN_USER__FILE", "GF_SECURITY_ADMIN_PASSWORD__FILE", "GF_SECURITY_SECRET_KEY__FILE"} <= set(
        by_file(outcomes["default"])
    )


def test_an_administrator_of_ones_own_takes_the_place_of_the_generated(outcomes: dict[str, Outcome]) -> None:
    assert by_file(outcomes["own"])["GF_SECURITY_ADMIN_PASSWORD__FILE"] == "/etc/grafana/secrets/people/admin-password"
    assert "grafana-admin" not in str(pod(outcomes["own"]))


@pytest.mark.parametrize("case", [name for name in CASES if name != "off"])
def test_the_login_is_always_required_even_for_metrics(case: str, outcomes: dict[str, Outcome]) -> None:
    assert not settings(outcomes[case]).getboolean("auth.anonymous", "enabled")
    assert "GF_METRICS_BASIC_AUTH_PASSWORD__FILE" in by_file(outcomes[case])
    assert "basicAuth" in outcomes[case].objects["ServiceMonitor", "grafana"]["spec"]["endpoints"][0]


def test_grafana_fetches_no_plugins_and_calls_nobody(outcomes: dict[str, Outcome]) -> None:
    found = settings(outcomes["default"])
    assert found.getboolean("plugins", "preinstall_disabled")
    assert not found.getboolean("analytics", "reporting_enabled")


def test_oidc_has_its_endpoints_and_its_secret_by_file(outcomes: dict[str, Outcome]) -> None:
    found = settings(outcomes["oidc"])["auth.generic_oauth"]
    assert {found[f"{name}_url"] for name in ("auth", "token", "api")} == set(OIDC.values())
    assert by_file(outcomes["oidc"])["GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET__FILE"].endswith("/grafana-oidc/client-secret")


@pytest.mark.parametrize(
    ("case", "ways"), [("default", set()), ("nodeport", set()), ("ingress", {"Ingress"}), ("gateway", {"HTTPRoute"})]
)
def test_there_is_the_one_way_in_that_is_asked_for(case: str, ways: set[str], outcomes: dict[str, Outcome]) -> None:
    assert {kind for kind, _name in outcomes[case].objects} & {"Ingress", "HTTPRoute"} == ways
    service = outcomes[case].objects["Service", "grafana"]["spec"]
    assert (service.get("type") == "NodePort") == (case == "nodeport")
    assert service["ports"][0].get("nodePort") == (30301 if case == "nodeport" else None)


def test_an_ingress_has_tls_and_the_cookie_knows(outcomes: dict[str, Outcome]) -> None:
    spec = outcomes["ingress"].objects["Ingress", "grafana"]["spec"]
    assert spec["tls"] == [{"hosts": ["grafana.example.com"], "secretName": "grafana-tls"}]
    assert spec["ingressClassName"] == "traefik"
    assert settings(outcomes["ingress"]).getboolean("security", "cookie_secure")
    assert settings(outcomes["ingress"])["server"]["root_url"] == "https://grafana.example.com"


def test_a_route_belongs_to_the_gateways_named(outcomes: dict[str, Outcome]) -> None:
    spec = outcomes["gateway"].objects["HTTPRoute", "grafana"]["spec"]
    assert (spec["parentRefs"], spec["hostnames"]) == ([{"name": "edge", "namespace": "edge"}], ["grafana.example.com"])
    assert spec["rules"][0]["backendRefs"] == [{"name": "grafana", "port": 3000}]


def test_dashboards_come_from_labelled_config_maps_of_all_namespaces(outcomes: dict[str, Outcome]) -> None:
    found = {entry["name"]: entry["value"] for entry in container(outcomes["default"], "dashboards")["env"]}
    assert (found["NAMESPACE"], found["LABEL"], found["LABEL_VALUE"]) == ("ALL", "grafana_dashboard", "1")
    assert found["FOLDER"] == "/dashboards"


def test_the_environment_of_the_sidecar_names_each_variable_once(outcomes: dict[str, Outcome]) -> None:
    environment = container(outcomes["own"], "dashboards")["env"]
    names = [entry["name"] for entry in environment]
    assert sorted(set(names)) == sorted(names)
    assert {"name": "NAMESPACE", "value": "monitoring"} in environment
    assert {"name": "LOG_LEVEL", "value": "DEBUG"} in environment


def test_the_sidecar_alone_may_read_config_maps_and_nothing_else(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["default"]
    assert outcome.objects["ClusterRole", "metrics-grafana"]["rules"] == [
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}
    ]
    assert pod(outcome)["spec"]["automountServiceAccountToken"] is False
    holders = [c["name"] for c in pod(outcome)["spec"]["containers"] if "token" in [m["name"] for m in c["volumeMounts"]]]
    assert holders == ["dashboards"]


def test_a_changed_configuration_is_a_new_pod(outcomes: dict[str, Outcome]) -> None:
    assert pod(outcomes["own"])["metadata"]["annotations"] != pod(outcomes["default"])["metadata"]["annotations"]


def test_a_volume_has_one_writer_at_a_time(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["own"]
    assert ("PersistentVolumeClaim", "grafana") in outcome.objects
    assert outcome.objects["Deployment", "grafana"]["spec"]["strategy"] == {"type": "Recreate"}


def test_turned_off_there_is_nothing(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["off"].objects == {}
