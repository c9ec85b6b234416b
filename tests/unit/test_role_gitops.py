# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rendered manifests as a tree for Flux and Argo CD."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.playbooks import play

AGE = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
MODES: dict[str, dict[str, Any]] = {
    "prerequisites": {},
    "external_secrets": {"gitops_secret_store": "vault", "gitops_secret_prefix": "production/"},
    "sops": {"gitops_sops_recipients": {"age": AGE}},
}
# The few roles that bring every kind of Secret, so that a tree is rendered soon; the variables are those of the roles left out.
ROLES = ["namespace", "object_store", "prometheus_alert", "grafana", "blackbox_exporter", "gitops"]
OTHERS: dict[str, Any] = {
    "alertmanager_enabled": False,
    "node_exporter_enabled": False,
    "kube_state_metrics_enabled": False,
    "prometheus_adapter_enabled": False,
    "prometheus_operator_crds": False,
    "exposure_endpoints": [],
}
SETTINGS: dict[str, Any] = {
    "metrics_image_pull_secrets": ["mirror"],
    "prometheus_alert_enabled": True,
    "prometheus_alert_feishu_secret": {"name": "bots", "key": "feishu"},
    "prometheus_alert_wecom_secret": {"name": "bots", "key": "wecom"},
    "grafana_enabled": True,
    "grafana_expose": "ingress",
    "grafana_host": "grafana.example.com",
    "blackbox_exporter_secrets": ["probes"],
}
OPAQUE = {
    "bots": ["feishu", "wecom"],
    "grafana-admin": ["admin-password", "admin-user"],
    "grafana-keys": ["metrics-password", "metrics-user", "secret-key"],
    "object-store-credentials": ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    "probes": [],
    "prometheus-alert-login": ["password"],
}


def render(folder: Path, **changes: Any) -> None:
    """A tree for each way to bring Secrets, `folder`/`mode`."""
    hosts = {
        mode: {"gitops_secrets": mode, "metrics_rendered_to": f"{folder}/{mode}", **OTHERS, **SETTINGS, **options, **changes}
        for mode, options in MODES.items()
    }
    roles = [{"role": f"longterm.metrics.{name}"} for name in ROLES]
    plays = [{"hosts": "all", "gather_facts": False, "vars": {"metrics_state": "rendered"}, "roles": roles}]
    ran = play(plays, hosts, folder)
    assert ran.returncode == 0, ran.stdout


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trees")
    render(folder)
    return folder


def listed(folder: Path) -> list[str]:
    return yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]


def built(folder: Path) -> Iterator[dict[str, Any]]:
    """What kustomize builds, without its patches."""
    for name in listed(folder):
        if (folder / name).is_dir():
            yield from built(folder / name)
        else:
            yield from yaml.safe_load_all((folder / name).read_text())


def referred(item: Any) -> Iterator[str]:
    """The names of all Secrets that an object refers to, however deep."""
    if isinstance(item, Mapping):
        for name, value in item.items():
            if name == "secretName" and isinstance(value, str):
                yield value
            elif name in ("secretKeyRef", "secretRef", "objectStorageConfig") and isinstance(value, Mapping):
                yield value["name"]
            elif name == "configSecret":
                yield value
            elif name in ("imagePullSecrets", "secrets"):
                yield from (entry if isinstance(entry, str) else entry["name"] for entry in value if entry != "secrets")
            else:
                yield from referred(value)
    elif isinstance(item, list):
        for entry in item:
            yield from referred(entry)


def secrets_in(table: str) -> dict[str, list[str]]:
    """Name and namespace to keys, of the table in PREREQUISITES.md."""
    rows = re.findall(r"^\| `(.+?)` \| `(.+?)` \| `.+?` \| (.*) \|$", table, re.M)
    return {f"{namespace}/{name}": re.findall("`(.+?)`", keys) for name, namespace, keys in rows}


def test_the_root_of_the_tree_has_the_files_that_a_reader_looks_for(tree: Path) -> None:
    names = {"namespace.yaml", "alertmanager-config.yaml", "additional-rules.yaml", "dashboards"}
    assert names < set(listed(tree))
    assert {item["kind"] for item in yaml.safe_load_all((tree / "additional-rules.yaml").read_text())} == {"PrometheusRule"}


def test_kustomize_builds_every_object_once(tree: Path, stack: list[dict[str, Any]]) -> None:
    def identity(item: dict[str, Any]) -> str:
        return f"{item['apiVersion']} {item['kind']} {item['metadata'].get('namespace')} {item['metadata']['name']}"

    assert sorted(map(identity, built(tree))) == sorted(map(identity, stack))
    assert len({identity(item) for item in stack}) == len(stack)


def test_no_object_claims_to_be_in_an_apply_set(stack: list[dict[str, Any]]) -> None:
    assert not [item for item in stack if "applyset" in str(item["metadata"])]


def test_every_secret_that_the_manifests_refer_to_is_in_them_or_is_a_prerequisite(
    tree: Path, stack: list[dict[str, Any]]
) -> None:
    brought = {item["metadata"]["name"] for item in stack if item["kind"] == "Secret"}
    named = {name.partition("/")[2] for name in secrets_in((tree / "PREREQUISITES.md").read_text())}
    needed = {name for item in stack if item["kind"] not in ("Role", "ClusterRole") for name in referred(item)}
    assert needed - brought == named
    assert {"object-store-credentials", "grafana-keys", "people", "dingtalk", "tls"} <= named


def test_prerequisites_are_named_with_their_keys_and_nothing_brings_them(trees: Path) -> None:
    found = secrets_in((trees / "prerequisites/PREREQUISITES.md").read_text())
    pull = {"metrics/mirror": [".dockerconfigjson"], "metrics/grafana-tls": ["tls.crt", "tls.key"]}
    assert found == {f"metrics/{name}": keys for name, keys in OPAQUE.items()} | pull
    kinds = {item["kind"] for item in built(trees / "prerequisites") if item["metadata"]["name"] in OPAQUE}
    assert kinds <= {"Deployment", "Service", "StatefulSet"}


def test_a_command_is_given_for_those_that_may_hold_anything(trees: Path) -> None:
    text = (trees / "prerequisites/PREREQUISITES.md").read_text()
    assert sorted(re.findall("create secret generic ([a-z-]+)", text)) == [
        "grafana-admin",
        "grafana-keys",
        "object-store-credentials",
        "prometheus-alert-login",
    ]


def test_external_secrets_bring_each_key_from_the_store(trees: Path) -> None:
    found = {
        item["metadata"]["name"]: item["spec"] for item in built(trees / "external_secrets") if item["kind"] == "ExternalSecret"
    }
    assert {name: [entry["secretKey"] for entry in spec.get("data", [])] for name, spec in found.items()} == OPAQUE
    assert found["bots"]["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "vault"}
    assert found["bots"]["data"][0]["remoteRef"] == {"key": "production/bots", "property": "feishu"}
    assert found["probes"]["dataFrom"] == [{"extract": {"key": "production/probes"}}]


def test_secrets_for_sops_are_empty_and_have_a_rule(trees: Path) -> None:
    found = {item["metadata"]["name"]: item["stringData"] for item in built(trees / "sops") if "stringData" in item}
    assert found == {name: dict.fromkeys(keys, "") for name, keys in OPAQUE.items()}
    [rule] = yaml.safe_load((trees / "sops/.sops.yaml").read_text())["creation_rules"]
    assert rule["age"] == AGE
    assert re.search(rule["path_regex"], "secrets/bots.sops.yaml")
    assert re.search(rule["encrypted_regex"], "stringData")


@pytest.mark.parametrize("mode", ["external_secrets", "sops"])
def test_certificates_and_registry_credentials_are_prerequisites_always(trees: Path, mode: str) -> None:
    assert set(secrets_in((trees / mode / "PREREQUISITES.md").read_text())) == {"metrics/mirror", "metrics/grafana-tls"}


def test_what_is_kept_when_a_set_goes_is_kept_by_flux_and_argo_cd_too(tree: Path) -> None:
    [patch] = yaml.safe_load((tree / "kustomization.yaml").read_text())["patches"]
    annotations = yaml.safe_load(patch["patch"])["metadata"]["annotations"]
    kept = {"Namespace", "CustomResourceDefinition", "PersistentVolume", "PersistentVolumeClaim"}
    assert set(patch["target"]["kind"].split("|")) == kept
    assert annotations["kustomize.toolkit.fluxcd.io/prune"] == "disabled"
    assert "Prune=false" in annotations["argocd.argoproj.io/sync-options"].split(",")


def test_the_next_tree_has_no_trace_of_what_was_turned_off_and_keeps_what_was_filled_in(trees: Path, tmp_path: Path) -> None:
    shutil.copytree(trees, tmp_path, dirs_exist_ok=True)
    filled = tmp_path / "sops/secrets/object-store-credentials.sops.yaml"
    filled.write_text(filled.read_text() + "sops: {}\n")
    render(tmp_path, grafana_enabled=False)
    for mode in MODES:
        assert [*(tmp_path / mode).glob("grafana*"), *(tmp_path / mode).glob("secrets/externalsecret*grafana*")] == []
        assert not [item for item in built(tmp_path / mode) if "grafana" in item["metadata"]["name"]]
        assert "grafana" not in (tmp_path / mode / "PREREQUISITES.md").read_text()
    assert filled.read_text().endswith("sops: {}\n")
    assert "secrets/object-store-credentials.sops.yaml" in listed(tmp_path / "sops")
