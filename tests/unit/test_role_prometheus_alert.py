# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role prometheus_alert: what it makes of its variables."""

from __future__ import annotations

import configparser
from typing import Any

import pytest

from tests.playbooks import Outcome, run_roles

BOTS = {f"prometheus_alert_{bot}_secret": {"name": "bots", "key": bot} for bot in ("dingtalk", "feishu")}
CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "two bots": {"prometheus_alert_enabled": "true", **BOTS},
    "signed": {"prometheus_alert_enabled": True, "prometheus_alert_dingtalk_signed": "true", **BOTS},
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    cases = {name: ("prometheus_alert", values) for name, values in CASES.items()}
    found = run_roles(tmp_path_factory.mktemp("prometheus_alert"), cases)
    assert {name: outcome.error for name, outcome in found.items() if outcome.error} == {}
    return found


def settings(outcome: Outcome) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string("[app]\n" + outcome.objects["ConfigMap", "prometheus-alert-config"]["data"]["app.conf"])
    return parser["app"]


def container(outcome: Outcome) -> dict[str, Any]:
    return outcome.objects["Deployment", "prometheus-alert"]["spec"]["template"]["spec"]["containers"][0]


def test_it_is_off_unless_asked_for(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["default"].objects == {}


def test_the_bots_that_have_a_secret_are_on_and_the_others_off(outcomes: dict[str, Outcome]) -> None:
    found = settings(outcomes["two bots"])
    assert [found[f"open-{bot}"] for bot in ("dingding", "weixin", "feishu")] == ["1", "0", "1"]
    assert (found["ddurl"], found["fsurl"], "wxurl" in found) == ("${DINGTALK_URL}", "${FEISHU_URL}", False)


def test_urls_and_the_password_come_from_secrets(outcomes: dict[str, Outcome]) -> None:
    found = {entry["name"]: entry["valueFrom"]["secretKeyRef"] for entry in container(outcomes["two bots"])["env"]}
    assert found == {
        "LOGIN_PASSWORD": {"name": "prometheus-alert-login", "key": "password"},
        "DINGTALK_URL": {"name": "bots", "key": "dingtalk"},
        "FEISHU_URL": {"name": "bots", "key": "feishu"},
    }
    assert settings(outcomes["two bots"])["login_password"] == "${LOGIN_PASSWORD}"


def test_the_entry_point_that_logs_secrets_is_passed_by(outcomes: dict[str, Outcome]) -> None:
    assert container(outcomes["two bots"])["command"] == ["/app/PrometheusAlert"]


@pytest.mark.parametrize(("case", "signed"), [("two bots", "0"), ("signed", "1")])
def test_messages_to_dingtalk_are_signed_when_asked_for(case: str, signed: str, outcomes: dict[str, Outcome]) -> None:
    assert settings(outcomes[case])["open-dingding-secret"] == signed


def test_it_is_reached_from_inside_the_cluster_alone(outcomes: dict[str, Outcome]) -> None:
    assert "type" not in outcomes["two bots"].objects["Service", "prometheus-alert"]["spec"]
    assert not {kind for kind, _name in outcomes["two bots"].objects} & {"Ingress", "HTTPRoute"}
