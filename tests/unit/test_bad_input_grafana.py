# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each bad value is refused by one error that names the variable and what is allowed, before anything is touched."""

from __future__ import annotations

from typing import Any

import pytest

from tests.roles import Outcome, run_roles

OIDC = {"grafana_oidc_client_id": "grafana", "grafana_root_url": "https://grafana.example.com"}
FEISHU = {"prometheus_alert_feishu_secret": {"name": "bots", "key": "feishu"}}
BASIC = {"type": "basic", "secret": "people"}
INGRESS = {"component": "prometheus", "method": "ingress", "host": "prometheus.example.com"}

# Role, variables, words of the error.
CASES: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "an unknown way in": ("grafana", {"grafana_expose": "loadbalancer"}, ["grafana_expose", "none, nodeport, ingress, gateway"]),
    "a port that is no number": ("grafana", {"grafana_node_port": "http"}, ["grafana_node_port", "int"]),
    "a port that no node opens": (
        "grafana",
        {"grafana_expose": "nodeport", "grafana_node_port": 3000},
        ["grafana_node_port is 3000", "30000 to 32767"],
    ),
    "an Ingress for no host": ("grafana", {"grafana_expose": "ingress"}, ["grafana_expose is ingress", "grafana_host"]),
    "a host that is a URL": (
        "grafana",
        {"grafana_expose": "ingress", "grafana_host": "https://grafana.example.com"},
        ["grafana_host is https://grafana.example.com", "without scheme"],
    ),
    "a route to no Gateway": (
        "grafana",
        {"grafana_expose": "gateway", "grafana_host": "grafana.example.com"},
        ["grafana_gateway_parent_refs"],
    ),
    "access without login": (
        "grafana",
        {"grafana_expose": "nodeport", "grafana_config": {"auth.anonymous": {"enabled": True}}},
        ["grafana_config lifts the login"],
    ),
    "a password in a ConfigMap": (
        "grafana",
        {"grafana_config": {"security": {"admin_password": "hunter2"}}},
        ["grafana_config holds a secret", "$__file"],
    ),
    "settings without sections": ("grafana", {"grafana_config": {"root_url": "x"}}, ["grafana_config", "section", "root_url"]),
    "two default datasources": (
        "grafana",
        {"grafana_datasources": [{"name": "Loki", "uid": "loki", "type": "loki", "isDefault": True}]},
        ["grafana_datasources makes Loki a default", "Thanos Query"],
    ),
    "a uid taken twice": (
        "grafana",
        {"grafana_datasources": [{"name": "Other", "uid": "thanos", "type": "prometheus"}]},
        ["grafana_datasources", "uid thanos"],
    ),
    "a datasource without a type": (
        "grafana",
        {"grafana_datasources": [{"name": "Loki", "uid": "loki"}]},
        ["grafana_datasources needs name, uid and type"],
    ),
    "a datasource's password in a ConfigMap": (
        "grafana",
        {"grafana_datasources": [{"name": "L", "uid": "l", "type": "loki", "secureJsonData": {"basicAuthPassword": "hunter2"}}]},
        ["grafana_datasources holds a secret", "$__file"],
    ),
    "OIDC without endpoints": (
        "grafana",
        {**OIDC, "grafana_oidc_auth_url": "https://id.example.com/auth"},
        ["grafana_oidc_token_url, grafana_oidc_api_url"],
    ),
    "OIDC without a client": (
        "grafana",
        {"grafana_oidc_auth_url": "https://id.example.com/auth"},
        ["grafana_oidc_client_id is empty"],
    ),
    "a client's secret without its key": (
        "grafana",
        {**OIDC, "grafana_oidc_client_secret": {"name": "oidc"}},
        ["key", "grafana_oidc_client_secret"],
    ),
    "a switch that is neither on nor off": (
        "prometheus_alert",
        {"prometheus_alert_enabled": "maybe"},
        ["prometheus_alert_enabled", "bool"],
    ),
    "messages for no bot": (
        "prometheus_alert",
        {"prometheus_alert_enabled": True},
        ["prometheus_alert_dingtalk_secret", "name, key"],
    ),
    "a bot whose key is missing": (
        "prometheus_alert",
        {"prometheus_alert_enabled": True, "prometheus_alert_wecom_secret": {"name": "bots"}},
        ["prometheus_alert_wecom_secret needs both name and key"],
    ),
    "a bot given by its URL": (
        "prometheus_alert",
        {"prometheus_alert_enabled": True, "prometheus_alert_feishu_secret": "https://open.feishu.cn/hunter2"},
        ["prometheus_alert_feishu_secret", "dict"],
    ),
    "signed messages to no bot": (
        "prometheus_alert",
        {"prometheus_alert_enabled": True, "prometheus_alert_dingtalk_signed": True, **FEISHU},
        ["prometheus_alert_dingtalk_signed", "prometheus_alert_dingtalk_secret"],
    ),
    "a bot's URL in a ConfigMap": (
        "prometheus_alert",
        {"prometheus_alert_enabled": True, "prometheus_alert_config": {"ddurl": "https://x/hunter2"}, **FEISHU},
        ["prometheus_alert_config would put a secret", "ddurl"],
    ),
    "an Ingress without authentication": (
        "exposure",
        {"exposure_endpoints": [INGRESS]},
        ["exposure_endpoints[0] (prometheus by ingress) has no auth", "type: basic", "type: forward"],
    ),
    "a route without authentication": (
        "exposure",
        {
            "exposure_endpoints": [
                {**INGRESS, "method": "gateway", "component": "thanos-query", "parent_refs": [{"name": "edge"}]}
            ]
        },
        ["exposure_endpoints[0] (thanos-query by gateway) has no auth"],
    ),
    "a NodePort without authentication": (
        "exposure",
        {"exposure_endpoints": [{"component": "alertmanager", "method": "nodeport", "auth": {}}]},
        ["exposure_endpoints[0] (alertmanager by nodeport) has no auth"],
    ),
    "an unknown authentication": (
        "exposure",
        {"exposure_endpoints": [{**INGRESS, "auth": {"type": "none"}}]},
        ["auth.type is none", "basic or forward"],
    ),
    "users from nowhere": ("exposure", {"exposure_endpoints": [{**INGRESS, "auth": {"type": "basic"}}]}, ["auth.secret"]),
    "asking nobody": (
        "exposure",
        {"exposure_endpoints": [{**INGRESS, "auth": {"type": "forward", "address": "oauth2-proxy"}}]},
        ["auth.address", "http"],
    ),
    "an unknown component": (
        "exposure",
        {"exposure_endpoints": [{**INGRESS, "component": "kubelet", "auth": BASIC}]},
        ["prometheus, alertmanager, thanos-query", "exposure_endpoints"],
    ),
    "a misspelt setting": (
        "exposure",
        {"exposure_endpoints": [{**INGRESS, "hots": "x", "auth": BASIC}]},
        ["exposure_endpoints", "hots"],
    ),
    "two ways into one component": (
        "exposure",
        {"exposure_endpoints": [{**INGRESS, "auth": BASIC}, {"component": "prometheus", "method": "nodeport", "auth": BASIC}]},
        ["exposure_endpoints[1] (prometheus by nodeport)", "has an entry already"],
    ),
    "one host for two": (
        "exposure",
        {"exposure_endpoints": [{**INGRESS, "auth": BASIC}, {**INGRESS, "component": "alertmanager", "auth": BASIC}]},
        ["exposure_endpoints[1] (alertmanager by ingress)", "prometheus.example.com is taken"],
    ),
    "a low NodePort": (
        "exposure",
        {"exposure_endpoints": [{"component": "prometheus", "method": "nodeport", "node_port": 9090, "auth": BASIC}]},
        ["node_port is 9090", "30000 to 32767"],
    ),
    "an unknown part of the control plane": (
        "system_monitors",
        {"metrics_control_plane": ["etcd", "scheduler"]},
        ["metrics_control_plane names scheduler", "etcd, kube-scheduler, kube-controller-manager, kube-proxy"],
    ),
    "a misspelt auto": (
        "system_monitors",
        {"metrics_control_plane": "automatic"},
        ["metrics_control_plane names automatic", "auto"],
    ),
    "neither on, off nor auto": (
        "system_monitors",
        {"metrics_cilium": "maybe"},
        ["metrics_cilium is maybe", "auto, true or false"],
    ),
    "an override of what is not known": (
        "system_monitors",
        {"system_monitors_overrides": {"kubelet": {"port": 1}}},
        ["system_monitors_overrides names kubelet"],
    ),
    "an override with a bad scheme": (
        "system_monitors",
        {"system_monitors_overrides": {"etcd": {"scheme": "tcp"}}},
        ["system_monitors_overrides of etcd", "http or https"],
    ),
    "an override with a bad port": (
        "system_monitors",
        {"system_monitors_overrides": {"etcd": {"port": "metrics"}}},
        ["system_monitors_overrides of etcd", "1 to 65535"],
    ),
}
SECRETS = ["hunter2"]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    cases = {name: (role, variables) for name, (role, variables, _words) in CASES.items()}
    return run_roles(tmp_path_factory.mktemp("cases"), cases)


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_one_clear_error_before_anything_is_touched(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[name]
    assert [word for word in CASES[name][2] if word not in outcome.error] == [], outcome.error
    assert len(outcome.error.splitlines()) <= 2
    assert not outcome.objects
    assert not [secret for secret in SECRETS if secret in outcome.error]


def test_every_role_has_five_bad_inputs_or_more() -> None:
    roles = [role for role, _variables, _words in CASES.values()]
    assert {role for role in roles if roles.count(role) < 5} == set()
