# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Vaulted values are decrypted or refused, and never written as ciphertext."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.playbooks import Outcome, Vaulted, run_roles

PASSWORD = "correct horse"
TEXT = 'on: "call" é\n- x'
SLACK = {"channel": "#alerts", "api_url_secret": {"name": "slack", "key": "url"}}
TARGET = {"name": "shop", "module": "http_2xx", "targets": ["https://shop.example.com"]}
SCRAPED = {"job_name": "shop", "static_configs": [{"targets": ["shop:80"]}]}
# By variable: its role, its value with a text in it, and what else it takes.
CASES: dict[str, tuple[str, Callable[[str], Any], dict[str, Any]]] = {
    "alertmanager_receivers": ("alertmanager", lambda text: [{"name": "a", "slack": [{**SLACK, "title": text}]}], {}),
    "alertmanager_templates": ("alertmanager", lambda text: {"own.tmpl": text}, {"prometheus_engine": "standalone"}),
    "blackbox_exporter_modules": (
        "blackbox_exporter",
        lambda text: {"http_2xx": {"prober": "http", "http": {"body": text}}},
        {},
    ),
    "grafana_datasources": (
        "grafana",
        lambda text: [{"name": "Loki", "uid": "loki", "type": "loki", "jsonData": {"own": text}}],
        {"grafana_enabled": True},
    ),
    "metrics_service_account_annotations": ("object_store", lambda text: {"own": text}, {}),
    "prometheus_external_labels": ("prometheus", lambda text: {"own": text}, {}),
    "prometheus_scrape_configs": (
        "prometheus",
        lambda text: [{**SCRAPED, "params": {"own": [text]}}],
        {"prometheus_engine": "standalone"},
    ),
    "rules_overrides": ("rules", lambda text: {"Watchdog": {"labels": {"own": text}}}, {"prometheus_engine": "standalone"}),
    # Text as a whole.
    "grafana_oidc_role_attribute_path": (
        "grafana",
        lambda text: text,
        {
            "grafana_enabled": True,
            "grafana_root_url": "https://grafana.example.com",
            "grafana_oidc_client_id": "grafana",
            "grafana_oidc_client_secret": {"name": "oidc", "key": "secret"},
            **{f"grafana_oidc_{name}_url": "https://sso.example.com" for name in ("auth", "token", "api")},
        },
    ),
}


@cache
def encrypted() -> Vaulted:
    secrets = [("default", VaultSecret(PASSWORD.encode()))]
    return Vaulted(VaultLib(secrets).encrypt(TEXT).decode())


def run(folder: Path, text: str, *options: str) -> dict[str, Outcome]:
    return run_roles(folder, {name: (role, {**more, name: value(text)}) for name, (role, value, more) in CASES.items()}, *options)


@pytest.fixture(scope="module")
def with_password(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    folder = tmp_path_factory.mktemp("vaulted")
    (folder / "password").write_text(PASSWORD)
    return run(folder, encrypted(), f"--vault-password-file={folder}/password")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return run(tmp_path_factory.mktemp("plain"), TEXT)


@pytest.fixture(scope="module")
def without_password(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return run(tmp_path_factory.mktemp("locked"), encrypted())


def readable(outcome: Outcome) -> str:
    """All that was rendered, with what Secrets hold."""
    secrets = [item for item in outcome.objects.values() if item["kind"] == "Secret"]
    return json.dumps(list(outcome.objects.values())) + "".join(
        base64.b64decode(text).decode() for item in secrets for text in item["data"].values()
    )


@pytest.mark.parametrize("name", CASES)
def test_a_vaulted_value_is_rendered_as_the_text_it_is(
    name: str, with_password: dict[str, Outcome], plain: dict[str, Outcome]
) -> None:
    assert (with_password[name].error, plain[name].error) == ("", "")
    assert "ANSIBLE_VAULT" not in readable(with_password[name])
    assert with_password[name].objects == plain[name].objects


@pytest.mark.parametrize("name", CASES)
def test_without_its_password_a_vaulted_value_is_refused_by_the_name_of_its_variable(
    name: str, without_password: dict[str, Outcome]
) -> None:
    assert name in without_password[name].error
    assert without_password[name].objects == {}
