# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the chart kube-prometheus-stack is given, and what stays with the roles of this collection beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.playbooks import FAILED, ROOT, play, rendered, variables_of

pytestmark = pytest.mark.slow
FIXTURES = Path(__file__).parent / "fixtures"
DIGEST = f"sha256:{'a' * 64}"
CHART = "kube_prometheus_stack_"
OCI = "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack"

# Whatever has a field of its own in the resources.
EVERYTHING: dict[str, Any] = {
    "metrics_cluster": "one",
    "prometheus_secrets": ["printer"],
    "prometheus_external_url": "https://metrics.example.com/prometheus",
    "prometheus_external_labels": {"region": "eu"},
    "prometheus_retention_size": "40GB",
    "prometheus_block_duration": "1m",
    "alertmanager_external_url": "https://metrics.example.com/alertmanager",
}
# Fields that the values have by another name, beside the resource's own, or not at all.
RENAMED = {"storage": "storageSpec", "alerting": "alertingEndpoints"}
SELECTORS = {
    f"{kind}{scope}" for kind in ("serviceMonitor", "podMonitor", "probe", "rule", "scrapeConfig") for scope in ("", "Namespace")
}
BESIDE = {"imagePullPolicy", "imagePullSecrets", "serviceAccountName", *(f"{selector}Selector" for selector in SELECTORS)}
BESIDE -= {"probeNamespaceSelector", "scrapeConfigNamespaceSelector", "ruleSelector"}
BESIDE_ALERTMANAGER = {"imagePullPolicy", "imagePullSecrets", "serviceAccountName", "alertmanagerConfigSelector"}
# Those that are only the chart's, or for which it has a default of its own.
CHART_S_OWN = {"podAntiAffinity", "useExistingSecret", "portName"}

# Roles whose variables the values are of.
OF_THE_VALUES = [
    *("prometheus_operator", "prometheus", "alertmanager", "node_exporter", "kube_state_metrics", "grafana"),
    "system_monitors",
]

# Hosts and their variables.
HOSTS: dict[str, dict[str, Any]] = {
    "laptop": {
        f"{CHART}environment": "local",
        "prometheus_replicas": "1",
        "prometheus_storage": "7Gi",
        "grafana_expose": "nodeport",
        "grafana_node_port": "30301",
        "grafana_secrets": ["smtp"],
        "metrics_control_plane": "etcd, kube-scheduler",
        "metrics_labels": {"team": "platform"},
    },
    "cloud": {
        "metrics_image_registry": "registry.example.org/mirror",
        "metrics_image_digests": {
            "quay.io/prometheus/prometheus:v3.15.0": DIGEST,
            "quay.io/prometheus/node-exporter:v1.12.1": DIGEST,
        },
        "metrics_image_pull_secrets": ["mirror"],
        "metrics_service_account_annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/thanos"},
        "metrics_objstore_config": {"type": "S3", "config": {"bucket": "thanos", "endpoint": "s3.eu-central-1.amazonaws.com"}},
        "metrics_objstore_credentials_secret": "",
        "object_store_flavour": "none",
        "metrics_control_plane": "",
        "grafana_storage": "5Gi",
        f"{CHART}chart_ref": OCI,
        f"{CHART}chart_repo_url": "",
        f"{CHART}default_rules": "true",
        f"{CHART}values": {"prometheus": {"prometheusSpec": {"logLevel": "debug"}}},
    },
    "everything": EVERYTHING,
    "everything-by-operator": {"prometheus_engine": "operator", **EVERYTHING},
    "little": {
        "alertmanager_enabled": "false",
        "grafana_enabled": "false",
        "kube_state_metrics_enabled": "false",
        "node_exporter_enabled": "false",
        "prometheus_alertmanagers": [],
    },
}


# Of this host everything is rendered, of the others what is looked at.
WHOLE = "laptop"
ROLES = {
    "cloud": ["grafana", "kube_prometheus_stack"],
    "everything": ["kube_prometheus_stack"],
    "everything-by-operator": ["prometheus", "alertmanager"],
    "little": ["kube_prometheus_stack"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of what each host would be given."""
    place = tmp_path_factory.mktemp("chart")
    shared = {
        "prometheus_engine": "helm",
        "prometheus_operator_crds": False,
        "metrics_state": "rendered",
        "metrics_rendered_to": f"{place}/{{{{ inventory_hostname }}}}",
    }
    hosts = {host: shared | variables for host, variables in HOSTS.items()}
    for ran in (
        play(ROOT / "playbooks/render.yml", {WHOLE: hosts.pop(WHOLE)}, place),
        play([with_variables(host, ROLES[host]) for host in hosts], hosts, place),
    ):
        assert ran.returncode == 0, ran.stdout
    return place


def with_variables(hosts: str, roles: list[str]) -> dict[str, Any]:
    """A play of some roles in which the others are there for their variables alone."""
    return {
        "hosts": hosts,
        "gather_facts": False,
        "roles": variables_of(OF_THE_VALUES),
        "tasks": [{"ansible.builtin.import_role": {"name": f"longterm.metrics.{role}"}} for role in roles],
    }


def layer(folder: Path, host: str, name: str) -> dict[str, Any]:
    values = yaml.safe_load((folder / host / "kube-prometheus-stack" / name).read_text())
    assert isinstance(values, dict)
    return values


def laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """As Helm lays values over values."""
    both = {key: laid_over(below[key], above[key]) for key in below if isinstance(below[key], dict) and key in above}
    return {**below, **above, **both}


def values_of(folder: Path, host: str) -> dict[str, Any]:
    release = objects(folder, host)["HelmRelease"]
    values: dict[str, Any] = {}
    for source in release["spec"]["valuesFrom"]:
        values = laid_over(values, layer(folder, host, source["valuesKey"]))
    return laid_over(values, release["spec"].get("values", {}))


def objects(folder: Path, host: str) -> dict[str, dict[str, Any]]:
    text = (folder / host / "kube-prometheus-stack/helm-release.yaml").read_text()
    return {item["kind"]: item for item in yaml.safe_load_all(text)}


def of_sets(folder: Path, host: str, kind: str) -> list[dict[str, Any]]:
    """What the sets of this collection hold beside the chart."""
    sets = [place for place in (folder / host).iterdir() if place.name != "kube-prometheus-stack"]
    return [item for place in sets for item in rendered(place, kind)]


def undocumented(values: Any, known: dict[str, Any], path: str = "") -> list[str]:
    """The keys of `values` that the chart does not know."""
    if known == {"*": {}} or not isinstance(values, dict):
        return []
    strange = [f"{path}{key}" for key in values if key not in known]
    return strange + [name for key in values if key in known for name in undocumented(values[key], known[key], f"{path}{key}.")]


@pytest.fixture(scope="module")
def documented() -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for line in (FIXTURES / "kube_prometheus_stack_values.txt").read_text().splitlines():
        place = tree
        for key in [] if line.startswith("#") else line.replace(".ini.", " ini.").split("."):
            place = place.setdefault(key.replace("grafana ini", "grafana.ini"), {})
    return tree


@pytest.mark.parametrize("host", ["laptop", "cloud", "little"])
@pytest.mark.parametrize("name", ["values.yaml", "values-local.yaml", "values-cloud.yaml"])
def test_every_value_is_one_that_the_chart_documents(folder: Path, documented: dict[str, Any], host: str, name: str) -> None:
    assert undocumented(layer(folder, host, name), documented) == []


def test_a_value_that_the_chart_does_not_know_would_be_seen(documented: dict[str, Any]) -> None:
    values = {"prometheus": {"prometheusSpec": {"replica": 2}}, "thanos": {}, "commonLabels": {"team": "a"}}
    assert undocumented(values, documented) == ["thanos", "prometheus.prometheusSpec.replica"]


def test_volumes_keep_their_names_when_the_engine_changes(folder: Path, stack: list[dict[str, Any]]) -> None:
    ours = {item["kind"]: item for item in stack if item["kind"] in ("Prometheus", "Alertmanager")}
    values = values_of(folder, "laptop")
    assert values["cleanPrometheusOperatorObjectNames"] is True
    assert {item["metadata"]["name"] for item in ours.values()} == {values["fullnameOverride"]}
    # Without a name of its own in either, the operator gives the claim that of the resource.
    assert ours["Prometheus"]["spec"]["storage"]["volumeClaimTemplate"].keys() == {"spec"}
    spec = values["prometheus"]["prometheusSpec"]
    assert spec["storageSpec"]["volumeClaimTemplate"].keys() == {"spec"}
    assert spec["securityContext"] == ours["Prometheus"]["spec"]["securityContext"]


@pytest.mark.parametrize(
    ("kind", "place", "beside"),
    [
        ("Prometheus", ("prometheus", "prometheusSpec"), BESIDE),
        ("Alertmanager", ("alertmanager", "alertmanagerSpec"), BESIDE_ALERTMANAGER),
    ],
)
def test_what_the_engine_operator_says_the_values_say_too(
    folder: Path, kind: str, place: tuple[str, str], beside: set[str]
) -> None:
    (ours,) = rendered(folder / "everything-by-operator" / kind.lower(), kind)
    values = values_of(folder, "everything")[place[0]][place[1]]
    renamed = {"Prometheus": RENAMED, "Alertmanager": {}}[kind]
    spec = {renamed.get(field, field): value for field, value in ours["spec"].items() if field not in beside}
    said = {field: value for field, value in values.items() if not field.endswith("NilUsesHelmValues")}
    assert spec.keys() == said.keys() - CHART_S_OWN
    # These the chart puts together itself.
    spec["image"] = said["image"]
    if kind == "Prometheus":
        spec["alertingEndpoints"] = spec["alertingEndpoints"]["alertmanagers"]
        key = spec["thanos"]["objectStorageConfig"]
        spec["thanos"]["objectStorageConfig"] = {"existingSecret": key}
    assert spec == {field: said[field] for field in spec}


def test_the_environment_of_the_cluster_has_its_variables_and_the_other_what_is_usual_there(folder: Path) -> None:
    own, other = (layer(folder, "laptop", f"values-{name}.yaml") for name in ("local", "cloud"))
    sizes = [layer["prometheus"]["prometheusSpec"] for layer in (own, other)]
    assert [spec["replicas"] for spec in sizes] == [1, 2]
    claims = [spec["storageSpec"]["volumeClaimTemplate"]["spec"] for spec in sizes]
    assert [claim["resources"]["requests"]["storage"] for claim in claims] == ["7Gi", "50Gi"]
    assert [claim.get("storageClassName") for claim in claims] == [None, "gp3"]
    assert [(spec["retention"], spec["scrapeInterval"]) for spec in sizes] == [("15d", "30s"), ("15d", "30s")]
    assert own["grafana"]["service"] == {"type": "NodePort", "nodePort": 30301}
    assert other["grafana"]["service"] == {"type": "ClusterIP"}
    usual = layer(folder, "cloud", "values-local.yaml")
    assert usual["prometheus"]["prometheusSpec"]["retention"] == "2d"
    assert usual["grafana"]["service"]["nodePort"] == 30300


def test_disruption_budgets_are_there_for_what_has_replicas(folder: Path) -> None:
    own, other = (layer(folder, "laptop", f"values-{name}.yaml") for name in ("local", "cloud"))
    assert own["prometheus"]["podDisruptionBudget"]["enabled"] is False
    assert other["prometheus"]["podDisruptionBudget"] == {"enabled": True, "minAvailable": 1}
    assert other["alertmanager"]["podDisruptionBudget"] == {"enabled": True, "minAvailable": 2}


def test_monitors_and_rules_of_all_namespaces_are_taken_whatever_their_labels(folder: Path) -> None:
    spec = values_of(folder, "laptop")["prometheus"]["prometheusSpec"]
    asked = {key: value for key, value in spec.items() if key.endswith("SelectorNilUsesHelmValues")}
    assert len(asked) == 5
    assert not any(asked.values())


def test_definitions_are_never_the_chart_s(folder: Path) -> None:
    assert values_of(folder, "laptop")["crds"]["enabled"] is False
    release = objects(folder, "laptop")["HelmRelease"]["spec"]
    assert (release["install"]["crds"], release["upgrade"]["crds"]) == ("Skip", "Skip")


def test_what_a_cluster_does_not_offer_has_neither_monitor_nor_alert_of_the_chart(folder: Path) -> None:
    parts = ["kubeEtcd", "kubeScheduler", "kubeControllerManager", "kubeProxy"]
    laptop, cloud = values_of(folder, "laptop"), values_of(folder, "cloud")
    assert [laptop[part]["enabled"] for part in parts] == [True, True, False, False]
    assert not any(cloud[part]["enabled"] for part in parts)
    # Scraped are they by the role system_monitors, once.
    assert laptop["kubernetesServiceMonitors"]["enabled"] is False
    assert not any(values[part]["service"]["enabled"] for part in parts for values in (laptop, cloud))


def test_the_chart_s_rules_come_with_the_jobs_they_ask_for(folder: Path) -> None:
    for host, wanted in (("laptop", False), ("cloud", True)):
        values = values_of(folder, host)
        assert values["defaultRules"]["create"] is wanted
        parts = ("prometheus", "alertmanager", "prometheusOperator")
        assert {values[part]["serviceMonitor"]["selfMonitor"] for part in parts} == {wanted}


def test_blocks_go_to_the_bucket_by_the_one_configuration_and_keys_of_a_secret(folder: Path) -> None:
    thanos = values_of(folder, "laptop")["prometheus"]["prometheusSpec"]["thanos"]
    assert thanos["objectStorageConfig"] == {"existingSecret": {"name": "thanos-objstore", "key": "objstore.yml"}}
    assert (thanos["image"], thanos["version"]) == ("quay.io/thanos/thanos:v0.42.5", "v0.42.5")
    (sidecar,) = values_of(folder, "laptop")["prometheus"]["prometheusSpec"]["containers"]
    assert {entry["valueFrom"]["secretKeyRef"]["name"] for entry in sidecar["env"]} == {"object-store-credentials"}
    cloud = values_of(folder, "cloud")["prometheus"]
    assert cloud["prometheusSpec"]["containers"][0]["env"] == []
    assert cloud["serviceAccount"]["name"] == "prometheus"
    assert "eks.amazonaws.com/role-arn" in cloud["serviceAccount"]["annotations"]


def test_images_come_from_the_mirror_and_by_digest(folder: Path) -> None:
    values = values_of(folder, "cloud")
    prometheus = values["prometheus"]["prometheusSpec"]["image"]
    assert prometheus == {
        "registry": "registry.example.org/mirror",
        "repository": "prometheus/prometheus",
        "tag": "v3.15.0",
        "sha": "a" * 64,
    }
    # This subchart wants the algorithm too.
    assert values["prometheus-node-exporter"]["image"]["digest"] == DIGEST
    assert values["grafana"]["image"]["registry"] == "registry.example.org/mirror"
    assert values["global"]["imagePullSecrets"] == ["mirror"]


def test_grafana_has_thanos_as_its_only_default_and_no_password_in_its_values(folder: Path) -> None:
    grafana = values_of(folder, "laptop")["grafana"]
    sources = grafana["datasources"]["datasources.yaml"]["datasources"]
    assert [source["uid"] for source in sources if source["isDefault"]] == ["thanos"]
    assert grafana["sidecar"]["datasources"]["enabled"] is False
    assert grafana["sidecar"]["dashboards"]["searchNamespace"] == "ALL"
    assert grafana["admin"] == {"existingSecret": "grafana-admin", "userKey": "admin-user", "passwordKey": "admin-password"}
    assert "adminPassword" not in grafana
    assert {entry["secretKeyRef"]["name"] for entry in grafana["envValueFrom"].values()} == {"grafana-keys"}
    assert [mount["secretName"] for mount in grafana["extraSecretMounts"]] == ["smtp"]


def test_grafana_reads_no_secrets_of_the_cluster(folder: Path) -> None:
    (role,) = rendered(folder / "laptop/grafana", "ClusterRole")
    assert values_of(folder, "laptop")["grafana"]["rbac"] == {"useExistingClusterRole": role["metadata"]["name"]}
    assert role["rules"] == [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}]


def test_grafana_keeps_its_volume_when_the_engine_changes(folder: Path) -> None:
    assert values_of(folder, "cloud")["grafana"]["persistence"] == {"enabled": True, "existingClaim": "grafana"}
    claims = [item for item in rendered(folder / "cloud/grafana", "PersistentVolumeClaim")]
    assert [claim["metadata"]["name"] for claim in claims] == ["grafana"]


def test_alertmanager_reads_the_configuration_of_its_role(folder: Path) -> None:
    spec = values_of(folder, "laptop")["alertmanager"]["alertmanagerSpec"]
    secrets = [item["metadata"]["name"] for item in yaml.safe_load_all((folder / "laptop/alertmanager-config.yaml").read_text())]
    assert spec["useExistingSecret"] is True
    assert secrets == [spec["configSecret"]]


def test_what_is_off_is_off_in_the_chart_too(folder: Path) -> None:
    values = values_of(folder, "little")
    assert not any(values[part]["enabled"] for part in ("alertmanager", "grafana", "kubeStateMetrics", "nodeExporter"))
    assert values["prometheus"]["prometheusSpec"]["disableAlerting"] is True


def test_beside_the_chart_our_sets_bring_no_workload_of_their_own(folder: Path) -> None:
    replaced = ["prometheus", "alertmanager", "prometheus-operator", "kube-state-metrics", "node-exporter", "grafana"]
    kinds = {item["kind"] for name in replaced for item in rendered(folder / "laptop" / name)}
    assert kinds == {"Service", "ServiceMonitor", "NetworkPolicy", "Namespace", "ClusterRole"}


def test_our_services_find_the_chart_s_pods_by_the_names_everybody_knows(folder: Path) -> None:
    services = {item["metadata"]["name"]: item["spec"] for item in of_sets(folder, "laptop", "Service")}
    assert services["prometheus"]["selector"] == {"app.kubernetes.io/name": "prometheus", "operator.prometheus.io/name": "main"}
    assert services["prometheus-thanos-sidecar"]["clusterIP"] == "None"
    assert services["alertmanager"]["selector"]["alertmanager"] == "main"
    # The chart gives the operator's pods a name of its own.
    assert services["prometheus-operator"]["selector"] == {
        "app.kubernetes.io/component": "prometheus-operator",
        "app.kubernetes.io/part-of": values_of(folder, "laptop")["nameOverride"],
    }
    ports = {entry["targetPort"] for name in ("prometheus", "alertmanager") for entry in services[name]["ports"]}
    values = values_of(folder, "laptop")
    assert values["prometheus"]["prometheusSpec"]["portName"] in ports
    assert values["alertmanager"]["alertmanagerSpec"]["portName"] in ports


def test_no_job_has_two_services_to_scrape_one_pod_by(folder: Path) -> None:
    # Their subcharts' Services carry the very names that our monitors ask for.
    ours = {item["metadata"]["name"] for item in of_sets(folder, "laptop", "Service")}
    assert not ours & {"kube-state-metrics", "node-exporter", "grafana"}
    (monitor,) = rendered(folder / "laptop/kube-state-metrics", "ServiceMonitor")
    assert [endpoint["port"] for endpoint in monitor["spec"]["endpoints"]] == ["http", "metrics"]
    (monitor,) = rendered(folder / "laptop/node-exporter", "ServiceMonitor")
    port = values_of(folder, "laptop")["prometheus-node-exporter"]["service"]["portName"]
    assert [endpoint["port"] for endpoint in monitor["spec"]["endpoints"]] == [port]


def test_the_kubelets_service_never_comes_to_be_in_kube_system(folder: Path) -> None:
    kubelet = values_of(folder, "laptop")["prometheusOperator"]["kubeletService"]
    assert kubelet == {"enabled": True, "namespace": "metrics", "name": "kubelet"}
    (service,) = [
        item for item in rendered(folder / "laptop/prometheus-operator", "Service") if item["metadata"]["name"] == "kubelet"
    ]
    assert service["metadata"]["namespace"] == "metrics"


def test_node_exporter_runs_where_pods_may_see_the_host(folder: Path) -> None:
    values = values_of(folder, "laptop")["prometheus-node-exporter"]
    (namespace,) = rendered(folder / "laptop/node-exporter", "Namespace")
    assert values["namespaceOverride"] == namespace["metadata"]["name"]
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    assert values["service"]["listenOnAllInterfaces"] is False


def test_flux_takes_the_chart_from_a_repository_or_a_registry(folder: Path) -> None:
    laptop, cloud = objects(folder, "laptop"), objects(folder, "cloud")
    chart = laptop["HelmRelease"]["spec"]["chart"]["spec"]
    assert (chart["chart"], chart["version"]) == ("kube-prometheus-stack", "88.5.3")
    assert chart["sourceRef"] == {"kind": "HelmRepository", "name": laptop["HelmRepository"]["metadata"]["name"]}
    assert cloud["OCIRepository"]["spec"]["url"] == OCI
    assert cloud["OCIRepository"]["spec"]["ref"] == {"tag": "88.5.3"}
    assert cloud["HelmRelease"]["spec"]["chartRef"] == {"kind": "OCIRepository", "name": "kube-prometheus-stack"}


def test_the_last_word_is_the_user_s(folder: Path) -> None:
    spec = values_of(folder, "cloud")["prometheus"]["prometheusSpec"]
    assert spec["logLevel"] == "debug"
    assert spec["replicas"] == 2


def test_the_chart_s_pods_are_waited_for_in_both_of_their_namespaces() -> None:
    (site,) = yaml.safe_load((ROOT / "playbooks/site.yml").read_text())
    waits = [task["longterm.metrics.pods_ready"] for task in site["post_tasks"] if "longterm.metrics.pods_ready" in task]
    assert [wait["namespace"] for wait in waits] == ["{{ metrics_namespace }}", "{{ node_exporter_namespace }}"]


def test_a_chart_that_cannot_be_had_is_one_clear_error_before_anything_makes_room_for_it(tmp_path: Path) -> None:
    script = f"echo \"$@\" > {tmp_path}/arguments\ncat > {tmp_path}/values\necho 'no such version' >&2\nexit 1"
    shared = {f"{CHART}chart_version": "88.5.30", f"{CHART}values": {"commonLabels": {"team": "platform"}}}
    errors = errors_of({"site": {**shared, f"__{CHART}first": True}, "alone": shared}, script, tmp_path)
    assert len(errors) == 2
    for error in errors.values():
        assert "chart kube-prometheus-stack 88.5.30 of https://prometheus-community.github.io/helm-charts cannot" in error
        assert "Correct kube_prometheus_stack_chart_version" in error
        assert "Helm says: no such version" in error
    assert "platform" not in (tmp_path / "arguments").read_text()
    assert yaml.safe_load((tmp_path / "values").read_text())["commonLabels"] == {"team": "platform"}


def test_an_archive_of_another_version_is_one_clear_error_too(tmp_path: Path) -> None:
    for name in ("wanted", "other", "broken"):
        (tmp_path / f"{name}.tgz").touch()
    (tmp_path / "folder").mkdir()
    script = """case "$*" in
  "show chart "*/wanted.tgz) printf 'name: stack\\nversion: 88.5.30\\n' ;;
  "show chart "*/other.tgz) printf 'name: stack\\nversion: 88.5.3\\n' ;;
  *) cat > /dev/null; echo 'helm cannot' >&2; exit 1 ;;
esac"""
    places = {name: f"{tmp_path}/{name}" for name in ("wanted.tgz", "other.tgz", "broken.tgz", "folder")}
    shared = {f"{CHART}chart_version": "88.5.30", f"{CHART}chart_repo_url": "", f"__{CHART}first": True}
    errors = errors_of({name: {**shared, f"{CHART}chart_ref": place} for name, place in places.items()}, script, tmp_path)
    assert errors.pop("other.tgz") == (
        f"kube_prometheus_stack_chart_version is 88.5.30, but the chart in {tmp_path}/other.tgz is 88.5.3; the cluster is as it"
        " was. Set it to that, or take another archive."
    )
    # These are let through to what helm makes of the chart.
    assert errors.keys() == {"wanted.tgz", "broken.tgz", "folder"}
    assert not [error for error in errors.values() if "Helm says: helm cannot" not in error]


def test_files_of_others_in_a_tree_are_neither_overwritten_nor_removed(tmp_path: Path) -> None:
    mark = "# Rendered by longterm.metrics.kube_prometheus_stack; changes are lost.\n"
    hosts = {
        name: {"prometheus_engine": engine, "metrics_state": "rendered", "metrics_rendered_to": f"{tmp_path}/{name}"}
        for name, engine in {"mine": "helm", "ours": "helm", "left": "operator"}.items()
    }
    files = {}
    for name in hosts:
        place = tmp_path / name / "kube-prometheus-stack"
        place.mkdir(parents=True)
        files[name] = place / "values.yaml", place / "helm-release.yaml"
        files[name][0].write_text(f"{mark}was: rendered\n")
        files[name][1].write_text(mark if name == "ours" else "kind: HelmRelease\n")
    errors = errors_of(hosts, "exit 1", tmp_path)
    refused = f"{files['mine'][1]} was not rendered by us and would be overwritten; move it, or choose another path"
    assert errors == {"mine": f"{refused} as metrics_rendered_to."}
    assert [file.read_text() for file in files["mine"]] == [f"{mark}was: rendered\n", "kind: HelmRelease\n"]
    assert [file.read_text().startswith(mark) for file in files["ours"]] == [True, True]
    assert "was: rendered" not in files["ours"][0].read_text()
    assert [file.exists() for file in files["left"]] == [False, True]


def errors_of(hosts: dict[str, dict[str, Any]], script: str, folder: Path) -> dict[str, str]:
    """How each host ends, with a shell script in the place of helm and no cluster."""
    helm = folder / "helm"
    helm.write_text(f"#!/bin/sh\n{script}\n")
    helm.chmod(0o755)
    # Whoever asked this cluster for anything would be told so.
    shared = {"prometheus_engine": "helm", "metrics_kubeconfig": f"{folder}/none", f"{CHART}helm_binary": str(helm)}
    plays = [with_variables("all", ["kube_prometheus_stack"])]
    here = json.dumps({f"__{CHART}needs": []})
    ran = play(plays, {host: shared | variables for host, variables in hosts.items()}, folder, f"--extra-vars={here}")
    return {host: json.loads(result)["msg"] for host, result in FAILED.findall(ran.stdout)}


def test_pods_of_the_chart_that_read_a_secret_at_startup_list_it(folder: Path) -> None:
    values = values_of(folder, "laptop")
    listed = "longterm.metrics/restarted-by-secrets"
    assert values["prometheus"]["prometheusSpec"]["podMetadata"]["annotations"][listed] == "object-store-credentials"
    assert values["grafana"]["podAnnotations"] == {listed: "grafana-admin,grafana-keys,smtp"}


def test_the_digests_of_those_secrets_are_values_of_the_release(tmp_path: Path) -> None:
    digests = {"digests": {"object-store-credentials": "0a", "grafana-admin": "0b", "grafana-keys": "0c"}}
    variables = {
        "prometheus_engine": "helm",
        "grafana_enabled": True,
        "metrics_state": "rendered",
        "metrics_rendered_to": str(tmp_path / "tree"),
        "__kube_prometheus_stack_digested": digests,
    }
    ran = play([with_variables("all", ["kube_prometheus_stack"])], {"one": variables}, tmp_path)
    assert ran.returncode == 0, ran.stdout
    values = layer(tmp_path, "tree", "values.yaml")
    written = "longterm.metrics/secrets-digest"
    assert values["prometheus"]["prometheusSpec"]["podMetadata"]["annotations"][written] == "0a"
    assert values["grafana"]["podAnnotations"][written] == "0b,0c"
