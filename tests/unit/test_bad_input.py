# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles refuse bad input in one error that names the variable and says what is allowed, before anything is touched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.playbooks import ROOT, play, rendered

# Role, variables, and what the error says.
CASES: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("alertmanager", {"alertmanager_replicas": "three"}, ("alertmanager_replicas", "int")),
    ("alertmanager", {"alertmanager_replicas": 0}, ("alertmanager_replicas is 0", "at least 1")),
    ("alertmanager", {"alertmanager_retention": "5d"}, ("alertmanager_retention is 5d", "120h")),
    ("alertmanager", {"alertmanager_storage": "5 GB"}, ("alertmanager_storage is 5 GB", "5Gi")),
    ("alertmanager", {"alertmanager_route": {"receiver": "pager"}}, ("alertmanager_route.receiver is pager", "null")),
    ("alertmanager", {"alertmanager_routes": [{"matchers": ["severity"]}]}, ("alertmanager_routes[0].matchers", "malformed")),
    (
        "alertmanager",
        {"alertmanager_receivers": [{"name": "a", "slack": [{"api_url": "https://hooks.slack.com/"}]}]},
        ("alertmanager_receivers[0] (a) slack[0].api_url", "api_url_secret"),
    ),
    ("alertmanager", {"alertmanager_receivers": [{"name": "a"}, {"name": "a"}]}, ("alertmanager_receivers[1]", "name a")),
    ("node_exporter", {"node_exporter_port": "http"}, ("node_exporter_port", "int")),
    ("node_exporter", {"node_exporter_port": 80}, ("node_exporter_port is 80", "1024 to 65535")),
    ("node_exporter", {"node_exporter_namespace": "metrics"}, ("node_exporter_namespace is metrics", "of its own")),
    ("node_exporter", {"node_exporter_mount_propagation": "Both"}, ("node_exporter_mount_propagation", "HostToContainer, None")),
    (
        "node_exporter",
        {"node_exporter_collectors": ["nfs", "wifi"], "node_exporter_disabled_collectors": ["nfs"]},
        ("node_exporter_collectors and node_exporter_disabled_collectors both name nfs",),
    ),
    ("node_exporter", {"node_exporter_collectors": ["--collector.wifi"]}, ("node_exporter_collectors", "--collector.wifi")),
    ("node_exporter", {"node_exporter_disabled_collectors": ["cpu"]}, ("node_exporter_disabled_collectors names cpu", "alerts")),
    ("kube_state_metrics", {"kube_state_metrics_resources": []}, ("kube_state_metrics_resources is empty",)),
    ("kube_state_metrics", {"kube_state_metrics_resources": ["podz"]}, ("kube_state_metrics_resources has podz", "pods")),
    ("kube_state_metrics", {"kube_state_metrics_resources": ["pods", "pods"]}, ("kube_state_metrics_resources", "twice")),
    ("kube_state_metrics", {"kube_state_metrics_resources": {"pods": True}}, ("kube_state_metrics_resources", "list")),
    ("kube_state_metrics", {"kube_state_metrics_labels": {"secrets": ["a"]}}, ("kube_state_metrics_labels", "names secrets")),
    ("kube_state_metrics", {"kube_state_metrics_labels": {"pods": "app"}}, ("kube_state_metrics_labels", "lists", "pods")),
    ("kube_state_metrics", {"kube_state_metrics_enabled": "perhaps"}, ("kube_state_metrics_enabled", "bool")),
    ("blackbox_exporter", {"blackbox_exporter_replicas": 0}, ("blackbox_exporter_replicas is 0", "at least 1")),
    (
        "blackbox_exporter",
        {"blackbox_exporter_modules": {"a": {"prober": "ftp"}}},
        ("blackbox_exporter_modules has a", "http, tcp"),
    ),
    ("blackbox_exporter", {"blackbox_exporter_modules": {"a": {}}}, ("blackbox_exporter_modules has a without a prober",)),
    (
        "blackbox_exporter",
        {"blackbox_exporter_modules": {"a": {"prober": "http", "http": {"basic_auth": {"username": "u", "password": "p"}}}}},
        ("blackbox_exporter_modules has password in plain text", "blackbox_exporter_secrets"),
    ),
    (
        "blackbox_exporter",
        {"blackbox_exporter_targets": [{"name": "a", "module": "ping", "targets": ["b"]}]},
        ("blackbox_exporter_targets names the modules ping", "grpc, http_2xx, icmp, tcp"),
    ),
    (
        "blackbox_exporter",
        {"blackbox_exporter_targets": [{"name": "My Site", "module": "tcp", "targets": ["b:1"]}]},
        ("blackbox_exporter_targets has the names My Site", "lower-case"),
    ),
    (
        "blackbox_exporter",
        {"blackbox_exporter_targets": [{"name": "a", "module": "tcp", "targets": ["b:1"]}] * 2},
        ("blackbox_exporter_targets has a name twice",),
    ),
    (
        "blackbox_exporter",
        {"blackbox_exporter_targets": [{"name": "a", "module": "tcp"}]},
        ("targets", "blackbox_exporter_targets"),
    ),
    (
        "blackbox_exporter",
        {"blackbox_exporter_targets": [{"name": "a", "module": "tcp", "targets": ["b:1"], "interval": "often"}]},
        ("blackbox_exporter_targets has the intervals often", "30s"),
    ),
    ("prometheus_adapter", {"prometheus_adapter_replicas": -1}, ("prometheus_adapter_replicas is -1", "at least 1")),
    ("prometheus_adapter", {"prometheus_adapter_url": "prometheus:9090"}, ("prometheus_adapter_url is prometheus:9090", "http")),
    ("prometheus_adapter", {"prometheus_adapter_resource_metrics": "maybe"}, ("prometheus_adapter_resource_metrics", "auto")),
    ("prometheus_adapter", {"prometheus_adapter_window": "a while"}, ("prometheus_adapter_window", "a while", "5m")),
    (
        "prometheus_adapter",
        {"prometheus_adapter_relist_interval": "5m", "prometheus_adapter_max_age": "1m"},
        ("prometheus_adapter_max_age is 1m", "prometheus_adapter_relist_interval", "5m"),
    ),
    ("prometheus_adapter", {"prometheus_adapter_rules": [{"seriesQuery": "a"}]}, ("prometheus_adapter_rules", "metricsQuery")),
    (
        "prometheus_adapter",
        {"prometheus_adapter_external_rules": [{"seriesQuery": "a", "metricsQuery": "b", "query": "c"}]},
        ("prometheus_adapter_external_rules has the unknown options query", "seriesFilters"),
    ),
    (
        "prometheus_adapter",
        {
            "prometheus_adapter_resource_metrics": "always",
            "__preflight_cluster": {
                "api_services": [{"name": "v1beta1.metrics.k8s.io", "service": "kube-system/metrics-server", "available": False}]
            },
        },
        ("prometheus_adapter_resource_metrics is always", "kube-system/metrics-server", "auto"),
    ),
]
ROLES = sorted({role for role, _variables, _words in CASES})


# Role and variables that are no error.
FINE: dict[str, tuple[str, dict[str, Any]]] = {role: (role, {}) for role in ROLES} | {
    "off": ("alertmanager", {"alertmanager_enabled": "false", "alertmanager_replicas": 0}),
    "silent": ("prometheus", {"alertmanager_enabled": "false"}),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every case rendered, one host for each, all by one process; errors.json has what each said."""
    place = tmp_path_factory.mktemp("bad_input")
    cases = {f"case{number}": (role, variables) for number, (role, variables, _words) in enumerate(CASES)} | FINE
    inventory = {
        host: {"role": role, "metrics_state": "rendered", "metrics_rendered_to": f"{place}/rendered/{host}", **variables}
        for host, (role, variables) in cases.items()
    }
    tell = {"name": "Error", "ansible.builtin.set_fact": {"error": "{{ ansible_failed_result.msg }}"}}
    role = {"name": "Role", "ansible.builtin.include_role": {"name": "longterm.metrics.{{ role }}"}}
    said = (
        "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars) | map(attribute='error', default=''))) }}"
    )
    write = {"content": said, "dest": f"{place}/errors.json", "mode": "0600"}
    tasks = [{"block": [role], "rescue": [tell]}, {"name": "Errors", "ansible.builtin.copy": write, "run_once": True}]
    ran = play([{"hosts": "all", "gather_facts": False, "tasks": tasks}], inventory, place)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return place


@pytest.fixture(scope="module")
def errors(folder: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / "errors.json").read_text())
    return found


@pytest.mark.parametrize(
    ("number", "words"),
    [(number, words) for number, (_role, _variables, words) in enumerate(CASES)],
    ids=[f"{role}-{' '.join(variables)}-{number}" for number, (role, variables, _words) in enumerate(CASES)],
)
def test_bad_input_is_refused_with_words_that_name_it(
    number: int, words: tuple[str, ...], errors: dict[str, str], folder: Path
) -> None:
    error = errors[f"case{number}"]
    assert [word for word in words if word not in error] == [], error
    assert not (folder / "rendered" / f"case{number}").exists()


@pytest.mark.parametrize("role", ROLES)
def test_without_any_variables_a_role_goes_on(role: str, errors: dict[str, str], folder: Path) -> None:
    assert errors[role] == ""
    assert (folder / "rendered" / role).exists()


@pytest.mark.parametrize("role", ROLES)
def test_at_least_five_bad_inputs_of_a_role_are_tried(role: str) -> None:
    assert len([case for case in CASES if case[0] == role]) >= 5


def test_the_site_names_the_bad_input_of_all_roles_before_anything_is_touched(tmp_path: Path) -> None:
    bad = {"alertmanager_replicas": 0, "node_exporter_port": 80, "prometheus_operator_crds": False}
    ran = play(ROOT / "playbooks/render.yml", {"site": {"metrics_rendered_to": f"{tmp_path}/rendered", **bad}}, tmp_path)
    assert ran.returncode != 0
    assert "alertmanager_replicas is 0" in ran.stdout
    assert "node_exporter_port is 80" in ran.stdout
    assert not (tmp_path / "rendered").exists()


def test_the_site_names_wrong_types_of_all_roles_before_anything_is_touched(tmp_path: Path) -> None:
    bad = {"alertmanager_replicas": "x", "thanos_query_replicas": "y", "prometheus_operator_crds": False}
    ran = play(ROOT / "playbooks/render.yml", {"site": {"metrics_rendered_to": f"{tmp_path}/rendered", **bad}}, tmp_path)
    assert ran.returncode != 0
    assert "'alertmanager_replicas' is of type str" in ran.stdout
    assert "'thanos_query_replicas' is of type str" in ran.stdout
    assert not (tmp_path / "rendered").exists()


def test_what_is_turned_off_is_neither_judged_nor_rendered(errors: dict[str, str], folder: Path) -> None:
    assert errors["off"] == ""
    assert not (folder / "rendered/off").exists()


def test_prometheus_sends_no_alerts_where_alertmanager_is_turned_off(folder: Path) -> None:
    [prometheus] = rendered(folder / "rendered/silent", "Prometheus")
    assert "alerting" not in prometheus["spec"]
