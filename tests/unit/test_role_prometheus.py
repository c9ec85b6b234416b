# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prometheus and Alertmanager without an operator: what is rendered, and that nothing is lost against the engine with one."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.filter.content_name import content_name

from tests.playbooks import ROOT, Outcome, play, rendered, run_roles, variables_of
from tests.settings import judged

ALONE = {"prometheus_engine": "standalone", "metrics_cluster": "my-vc1"}
HOST_PATH = {"prometheus_host_path": "/data/prometheus", "prometheus_replicas": 1, "prometheus_storage": "10Gi"}
# What a volume says of the one node that has it.
ON_NODE = {"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": ["node-3"]}]}
PROBE = {"name": "site", "module": "http_2xx", "targets": ["https://a/"], "interval": "1m", "labels": {"team": "web"}}
CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "proxy": {"prometheus_kubelet_proxy": "true"},
    "one minute": {"prometheus_block_duration": "1m"},
    "an older Thanos": {"prometheus_thanos_version": "v0.41.0"},
    "a folder of the node": HOST_PATH,
    "a folder of one node": {**HOST_PATH, "prometheus_host_path_node": "node-3"},
    "probes": {"blackbox_exporter_targets": [PROBE]},
    "labels": {"prometheus_external_labels": {"region": "eu-1"}},
    "jobs of one's own": {
        "prometheus_scrape_configs": [{"job_name": "printer", "static_configs": [{"targets": ["printer:9100"]}]}],
        "prometheus_secrets": ["printer"],
    },
    "remote writes": {
        "thanos_mode": "both",
        "prometheus_receive_options": {"queueConfig": {"maxShards": 10}},
        "prometheus_remote_write": [
            {"name": "archive", "url": "https://archive/", "authorization": {"credentials": {"name": "archive", "key": "token"}}}
        ],
    },
    "nothing else": {
        **{f"{name}_enabled": False for name in ("alertmanager", "grafana", "node_exporter", "prometheus_adapter")},
        "kube_state_metrics_enabled": "false",
        "prometheus_kubelet": False,
        "prometheus_apiserver": "no",
    },
}
RULE_FILES = sorted((ROOT / "roles/rules/files").rglob("*.yml"))

Stacks = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    cases = {name: ("prometheus", {**ALONE, **variables}) for name, variables in CASES.items()}
    found = run_roles(tmp_path_factory.mktemp("prometheus"), cases)
    assert {name: outcome.error for name, outcome in found.items() if outcome.error} == {}
    return found


def config(outcome: Outcome) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(outcome.objects["ConfigMap", "prometheus-config"]["data"]["prometheus.yml"])
    return read


def jobs(outcome: Outcome) -> dict[str, dict[str, Any]]:
    return {job["job_name"]: job for job in config(outcome)["scrape_configs"]}


def pod(outcome: Outcome) -> dict[str, Any]:
    spec: dict[str, Any] = outcome.objects["StatefulSet", "prometheus"]["spec"]["template"]["spec"]
    return spec


def container(outcome: Outcome, name: str) -> dict[str, Any]:
    return next(entry for entry in pod(outcome)["containers"] if entry["name"] == name)


def replaced(job: dict[str, Any]) -> dict[str, str]:
    """The labels that a job sets to a fixed text."""
    entries = [entry for entry in job["relabel_configs"] if "replacement" in entry and "source_labels" not in entry]
    return {entry["target_label"]: entry["replacement"] for entry in entries}


def test_jobs_have_the_names_that_users_of_kubernetes_know(outcomes: dict[str, Outcome]) -> None:
    assert list(jobs(outcomes["default"])) == [
        "kubernetes-nodes",
        "kubernetes-cadvisor",
        "kubernetes-apiservers",
        "kubernetes-service-endpoints",
        "kubernetes-pods",
        "kube-state-metrics",
        "node-exporter",
        "prometheus-adapter",
        "grafana",
    ]
    assert list(jobs(outcomes["nothing else"])) == ["kubernetes-service-endpoints", "kubernetes-pods"]


@pytest.mark.parametrize("name", ["default", "nothing else"])
def test_a_job_of_ones_own_may_have_any_name_but_those(outcomes: dict[str, Outcome], name: str) -> None:
    every = [*jobs(outcomes["default"])]
    given = {**ALONE, **CASES[name], "prometheus_scrape_configs": [{"job_name": job} for job in every]}
    roles = ["common", "prometheus", "grafana", "node_exporter", "prometheus_adapter", "kube_state_metrics"]
    found = [finding for finding in judged(roles, given).findings if "is a job of this collection" in finding]
    assert len(found) == len(jobs(outcomes[name]))
    assert all(f".job_name is {job}, which" in "\n".join(found) for job in jobs(outcomes[name]))


def test_the_label_job_is_the_one_that_rules_and_dashboards_ask_for(outcomes: dict[str, Outcome]) -> None:
    found = jobs(outcomes["default"])
    assert {replaced(found[name])["job"] for name in ("kubernetes-nodes", "kubernetes-cadvisor")} == {"kubelet"}
    assert replaced(found["kubernetes-apiservers"])["job"] == "apiserver"
    named = [entry for entry in found["kubernetes-service-endpoints"]["relabel_configs"] if entry.get("target_label") == "job"]
    assert [entry["source_labels"] for entry in named] == [
        ["__meta_kubernetes_service_name"],
        ["__meta_kubernetes_service_label_app_kubernetes_io_name"],
    ]


def test_a_target_of_several_ports_is_scraped_at_the_one_that_is_annotated(outcomes: dict[str, Outcome]) -> None:
    for name in ("kubernetes-service-endpoints", "kubernetes-pods"):
        [port] = [
            entry for entry in jobs(outcomes["default"])[name]["relabel_configs"] if entry.get("target_label") == "__address__"
        ]
        for address in ("10.0.0.1:8080", "10.0.0.1", "[fd00::1]:8080"):
            found = re.fullmatch(port["regex"], f"{address};9090")
            assert found
            assert found.expand(r"\1:\2") == f"{address.removesuffix(':8080')}:9090"
        assert not re.fullmatch(port["regex"], "10.0.0.1:8080;")


def test_tokens_go_to_the_cluster_itself_and_never_to_what_is_only_annotated(outcomes: dict[str, Outcome]) -> None:
    with_token = {name for name, job in jobs(outcomes["default"]).items() if "authorization" in job}
    assert with_token == {"kubernetes-nodes", "kubernetes-cadvisor", "kubernetes-apiservers", "prometheus-adapter"}


def test_kubelets_are_scraped_straight_or_through_the_api_server(outcomes: dict[str, Outcome]) -> None:
    for case, right, path in (
        ("default", "nodes/metrics", None),
        ("proxy", "nodes/proxy", "/api/v1/nodes/$1/proxy/metrics/cadvisor"),
    ):
        [granted] = [
            rule["resources"]
            for rule in outcomes[case].objects["ClusterRole", "metrics-prometheus"]["rules"]
            if "nodes/" in str(rule.get("resources"))
        ]
        assert granted == [right]
        entries = jobs(outcomes[case])["kubernetes-cadvisor"]["relabel_configs"]
        assert [entry["replacement"] for entry in entries if entry.get("target_label") == "__metrics_path__"] == (
            [path] if path else []
        )
        assert ["__metrics_path__"] in [
            entry.get("source_labels") for entry in entries if entry["target_label"] == "metrics_path"
        ]


def test_external_labels_are_the_cluster_and_the_pod_as_the_replica(outcomes: dict[str, Outcome]) -> None:
    assert config(outcomes["default"])["global"]["external_labels"] == {"cluster": "my-vc1", "replica": "${POD_NAME}"}
    [env] = container(outcomes["default"], "prometheus")["env"]
    assert (env["name"], env["valueFrom"]) == ("POD_NAME", {"fieldRef": {"fieldPath": "metadata.name"}})
    assert config(outcomes["labels"])["global"]["external_labels"]["region"] == "eu-1"


def test_alerts_do_not_tell_of_replicas(outcomes: dict[str, Outcome]) -> None:
    alerting = config(outcomes["default"])["alerting"]
    assert alerting["alert_relabel_configs"] == [{"action": "labeldrop", "regex": "replica"}]
    [alertmanager] = alerting["alertmanagers"]
    assert [entry["regex"] for entry in alertmanager["relabel_configs"]] == ["alertmanager", "http"]
    assert "alerting" not in config(outcomes["nothing else"])


@pytest.mark.parametrize(
    ("case", "delayed", "length"), [("default", True, ""), ("one minute", False, "1m"), ("an older Thanos", False, "2h")]
)
def test_blocks_are_uploaded_before_they_are_compacted(
    case: str, delayed: bool, length: str, outcomes: dict[str, Outcome]
) -> None:
    arguments = container(outcomes[case], "prometheus")["args"]
    durations = [
        argument.partition("=")[2] for argument in arguments if argument.endswith(("-block-duration=1m", "-block-duration=2h"))
    ]
    assert durations == ([] if delayed else [length, length])
    assert ("--storage.tsdb.delay-compact-file.path=/prometheus/thanos.shipper.json" in arguments) == delayed
    assert ("--shipper.ignore-unequal-block-size" in container(outcomes[case], "thanos-sidecar")["args"]) == delayed


def test_prometheus_and_its_sidecar_are_one_user_that_is_not_root(outcomes: dict[str, Outcome]) -> None:
    assert (pod(outcomes["default"])["securityContext"]["runAsUser"], pod(outcomes["default"])["securityContext"]["fsGroup"]) == (
        65534,
        65534,
    )
    assert all("runAsUser" not in entry["securityContext"] for entry in pod(outcomes["default"])["containers"])
    assert "initContainers" not in pod(outcomes["default"])


def test_a_folder_of_the_node_is_bound_by_name_and_given_away_with_the_least_of_rights(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a folder of the node"]
    volume = outcome.objects["PersistentVolume", "metrics-prometheus"]
    [template] = outcome.objects["StatefulSet", "prometheus"]["spec"]["volumeClaimTemplates"]
    assert volume["spec"]["hostPath"] == {"path": "/data/prometheus", "type": "DirectoryOrCreate"}
    assert volume["spec"]["capacity"] == {"storage": "10Gi"}
    assert "nodeAffinity" not in volume["spec"]
    elsewhere = outcomes["a folder of one node"].objects["PersistentVolume", "metrics-prometheus"]
    assert elsewhere["spec"]["nodeAffinity"] == {"required": {"nodeSelectorTerms": [ON_NODE]}}
    assert volume["spec"]["claimRef"]["name"] == f"{template['metadata']['name']}-prometheus-0"
    assert (template["spec"]["volumeName"], template["spec"]["storageClassName"]) == ("metrics-prometheus", "")
    assert volume["metadata"]["annotations"] == {"longterm.metrics/keep": "true"}
    [init] = pod(outcome)["initContainers"]
    assert init["command"] == ["/bin/busybox", "chown", "65534:65534", "/prometheus"]
    assert init["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["CHOWN"]}
    assert (init["securityContext"]["runAsUser"], init["securityContext"]["allowPrivilegeEscalation"]) == (0, False)


def test_a_volume_by_class_needs_no_volume_of_ours(outcomes: dict[str, Outcome]) -> None:
    assert not [kind for kind, _name in outcomes["default"].objects if kind == "PersistentVolume"]


def test_one_service_has_all_ports_and_a_headless_one_is_for_query(outcomes: dict[str, Outcome]) -> None:
    services = {name: item["spec"] for (kind, name), item in outcomes["default"].objects.items() if kind == "Service"}
    assert [port["port"] for port in services["prometheus"]["ports"]] == [9090, 10901, 10902]
    assert "clusterIP" not in services["prometheus"]
    assert services["prometheus-thanos-sidecar"]["clusterIP"] == "None"


def test_every_target_of_the_blackbox_exporter_is_probed_by_it(outcomes: dict[str, Outcome]) -> None:
    job = jobs(outcomes["probes"])["probe-site"]
    assert (job["metrics_path"], job["params"], job["scrape_interval"]) == ("/probe", {"module": ["http_2xx"]}, "1m")
    assert job["static_configs"] == [{"targets": ["https://a/"], "labels": {"namespace": "metrics", "team": "web"}}]
    assert replaced(job) == {"__address__": "blackbox-exporter.metrics.svc:9115"}


def test_jobs_of_ones_own_come_beside_ours_with_their_secrets(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["jobs of one's own"]
    assert jobs(outcome)["printer"] == CASES["jobs of one's own"]["prometheus_scrape_configs"][0]
    assert "/etc/prometheus/secrets/printer" in [mount["mountPath"] for mount in container(outcome, "prometheus")["volumeMounts"]]


def test_remote_writes_of_ones_own_come_beside_receive_with_their_keys(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["remote writes"]
    receive, archive = config(outcome)["remote_write"]
    assert (receive["name"], receive["queue_config"]) == ("thanos-receive", {"max_shards": 10})
    folder, file = archive["authorization"]["credentials_file"].split("/secret/")
    (volume,) = (mount["name"] for mount in container(outcome, "prometheus")["volumeMounts"] if mount["mountPath"] == folder)
    (projected,) = (entry["projected"] for entry in pod(outcome)["volumes"] if entry["name"] == volume)
    assert projected["sources"] == [{"secret": {"name": "archive", "items": [{"key": "token", "path": f"secret/{file}"}]}}]
    assert "remote-write" not in [mount["name"] for mount in container(outcomes["default"], "prometheus")["volumeMounts"]]


def test_a_changed_configuration_is_no_new_pod(outcomes: dict[str, Outcome]) -> None:
    assert "--config.auto-reload" in container(outcomes["default"], "prometheus")["args"]
    templates = [
        outcomes[case].objects["StatefulSet", "prometheus"]["spec"]["template"] for case in ("default", "probes", "labels")
    ]
    assert templates[0] == templates[1] == templates[2]


CHECKED: dict[str, dict[str, Any]] = {
    "as it is": {},
    "once more": {},
    "another job": CASES["jobs of one's own"],
    "another rule": {"rules_overrides": {"NodeDown": {"for": "1h"}}},
    "another template": {"alertmanager_templates": {"title.tmpl": "title"}},
    "no Alertmanager": {"alertmanager_enabled": "false"},
    "another pod": {"metrics_image_pull_secrets": ["registry"]},
}
NO_RULES = {
    "thanos_ruler_enabled": False,
    "rules_groups_disabled": [group["name"] for file in RULE_FILES for group in yaml.safe_load(file.read_text())["groups"]],
}
CHECKED_WITH_OPERATOR: dict[str, dict[str, Any]] = {
    "operator": {"prometheus_engine": "operator"},
    "chart": {"prometheus_engine": "helm"},
    "another expression": {"prometheus_engine": "operator", "rules_overrides": {"NodeDown": {"expr": "up == 2"}}},
    "a file of one's own": {
        "prometheus_engine": "operator",
        "rules_extra_files": ["{{ metrics_rendered_to | dirname }}/shop_rules.yml"],
    },
    "no rules": {"prometheus_engine": "operator", **NO_RULES},
    "nothing": {"prometheus_engine": "operator", "alertmanager_enabled": False, **NO_RULES},
}
EVERY_CHECK = {
    case: {"metrics_cluster": "one", **variables}
    for case, variables in ({case: {**ALONE, **variables} for case, variables in CHECKED.items()} | CHECKED_WITH_OPERATOR).items()
}


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[tuple[str, str], dict[str, Any]]]:
    """What promtool and amtool are given to read, by case; rules and Alertmanager are in the play as in the site."""
    folder = tmp_path_factory.mktemp("checks")
    (folder / "shop_rules.yml").write_text(
        yaml.safe_dump({"groups": [{"name": "shop", "rules": [{"record": "a:b", "expr": "up"}]}]})
    )
    check = {"name": "longterm.metrics.prometheus", "tasks_from": "check"}
    hosts = {
        f"case-{number}": {**variables, "metrics_state": "rendered", "metrics_rendered_to": f"{folder}/case-{number}"}
        for number, variables in enumerate(EVERY_CHECK.values())
    }
    roles = variables_of(("rules", "alertmanager"))
    plays = [{"hosts": "all", "gather_facts": False, "roles": roles, "tasks": [{"ansible.builtin.include_role": check}]}]
    ran = play(plays, hosts, folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return {
        name: {(item["kind"], item["metadata"]["name"]): item for item in rendered(folder / host)}
        for name, host in zip(EVERY_CHECK, hosts, strict=True)
    }


def checkers(objects: dict[tuple[str, str], dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The containers of the Job, by name."""
    return {entry["name"]: entry for entry in job_of(objects)["spec"]["template"]["spec"]["containers"]}


def job_of(objects: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    [job] = [item for (kind, _name), item in objects.items() if kind == "Job"]
    return job


def test_a_job_checks_one_configuration_with_its_rules_and_bears_their_name(
    checks: dict[str, dict[tuple[str, str], dict[str, Any]]],
) -> None:
    names = {case: job_of(checks[case])["metadata"]["name"] for case in CHECKED}
    assert names["as it is"] == names["once more"]
    assert len(set(names.values())) == len(CHECKED) - 1
    for objects in (checks[case] for case in CHECKED):
        template = job_of(objects)["spec"]["template"]
        assert job_of(objects)["metadata"]["name"] == content_name("prometheus-check", template)
        read = {volume["name"]: volume for volume in template["spec"]["volumes"]}
        config, rules = read["config"]["configMap"], read["rules"]["projected"]["sources"][0]["configMap"]
        assert "global" in yaml.safe_load(objects["ConfigMap", config["name"]]["data"]["prometheus.yml"])
        assert "NodeDown" in objects["ConfigMap", rules["name"]]["data"]["nodes.yml"]


def test_promtool_sees_what_prometheus_will_at_the_same_places(
    checks: dict[str, dict[tuple[str, str], dict[str, Any]]], outcomes: dict[str, Outcome]
) -> None:
    promtool = checkers(checks["another job"])["promtool"]
    prometheus = container(outcomes["jobs of one's own"], "prometheus")
    places = {mount["mountPath"] for mount in prometheus["volumeMounts"]}
    assert {mount["mountPath"] for mount in promtool["volumeMounts"]} == places - {"/prometheus", "/etc/prometheus/grafana"}
    assert promtool["image"] == prometheus["image"]
    assert f"--config.file={promtool['command'][-1]}" in prometheus["args"]


def test_amtool_sees_what_alertmanager_will_at_the_same_place(
    checks: dict[str, dict[tuple[str, str], dict[str, Any]]], stacks: Stacks
) -> None:
    [workload] = [
        item for item in stacks["standalone"] if item["kind"] == "StatefulSet" and item["metadata"]["name"] == "alertmanager"
    ]
    alertmanager = workload["spec"]["template"]["spec"]["containers"][0]
    amtool = checkers(checks["another template"])["amtool"]
    assert amtool["image"] == alertmanager["image"]
    assert amtool["volumeMounts"][0]["mountPath"] in [mount["mountPath"] for mount in alertmanager["volumeMounts"]]
    assert f"--config.file={amtool['command'][-1]}" in alertmanager["args"]
    [files] = [item["data"] for (kind, _name), item in checks["another template"].items() if kind == "Secret"]
    assert files.keys() == {"alertmanager.yaml", "title.tmpl"}
    assert checkers(checks["no Alertmanager"]).keys() == {"promtool"}


def test_what_is_refused_is_told_at_once_in_the_words_of_who_refuses_it(
    checks: dict[str, dict[tuple[str, str], dict[str, Any]]],
) -> None:
    spec = job_of(checks["as it is"])["spec"]
    [rule] = spec["podFailurePolicy"]["rules"]
    assert (rule["action"], 1 in rule["onExitCodes"]["values"], "containerName" in rule["onExitCodes"]) == (
        "FailJob",
        True,
        False,
    )
    assert spec["template"]["spec"]["restartPolicy"] == "Never"
    told = {name: entry["terminationMessagePolicy"] for name, entry in checkers(checks["as it is"]).items()}
    assert told == {"promtool": "FallbackToLogsOnError", "amtool": "FallbackToLogsOnError"}


@pytest.mark.parametrize("case", ["operator", "chart", "another expression", "a file of one's own"])
def test_with_an_operator_promtool_reads_every_rule_file_and_no_configuration(
    case: str, checks: dict[str, dict[tuple[str, str], dict[str, Any]]]
) -> None:
    spec = job_of(checks[case])["spec"]["template"]["spec"]
    promtool, amtool = checkers(checks[case])["promtool"], checkers(checks[case])["amtool"]
    [rules] = [volume["projected"]["sources"] for volume in spec["volumes"] if volume["name"] == "rules"]
    mounted = {file for source in rules for file in checks[case]["ConfigMap", source["configMap"]["name"]]["data"]}
    assert promtool["command"][:4] == ["/bin/promtool", "check", "rules", "--lint=none"]
    assert set(promtool["command"][4:]) == {f"/etc/prometheus/rules/{file}" for file in mounted}
    assert "nodes.yml" in mounted
    assert ("extra-shop-rules.yml" in mounted) is (case == "a file of one's own")
    assert amtool["command"] == ["/bin/amtool", "check-config", "/etc/alertmanager/config/alertmanager.yaml"]
    assert (spec["automountServiceAccountToken"], "serviceAccountName" in spec) == (False, False)
    assert ("ServiceAccount", "prometheus-check") not in checks[case]


def test_the_user_s_rule_files_are_each_in_a_configmap_of_their_own(
    checks: dict[str, dict[tuple[str, str], dict[str, Any]]],
) -> None:
    maps = [set(item["data"]) for (kind, _name), item in checks["a file of one's own"].items() if kind == "ConfigMap"]
    assert {"extra-shop-rules.yml"} in maps
    assert len(maps) == 2


def test_with_an_operator_the_name_of_the_job_follows_the_rules(checks: dict[str, dict[tuple[str, str], dict[str, Any]]]) -> None:
    names = [
        job_of(checks[case])["metadata"]["name"] for case in ("operator", "chart", "another expression", "a file of one's own")
    ]
    assert names[0] == names[1]
    assert len(set(names)) == 3


def test_where_there_is_nothing_to_check_there_is_no_job(checks: dict[str, dict[tuple[str, str], dict[str, Any]]]) -> None:
    assert checkers(checks["no rules"]).keys() == {"amtool"}
    assert checks["nothing"] == {}


def test_the_site_checks_before_it_replaces_anything() -> None:
    [site] = yaml.safe_load((ROOT / "playbooks/site.yml").read_text())
    entries = [(entry["role"].rpartition(".")[2], entry.get("vars", {})) for entry in site["roles"]]
    check = entries.index(("prometheus", {"__prometheus_part": "check"}))
    assert {role for role, _vars in entries[:check]} == {"preflight", "kube_prometheus_stack", "namespace"}
    assert ("kube_prometheus_stack", {"__kube_prometheus_stack_first": True}) in entries[:check]
    assert entries[check + 1] == ("kube_prometheus_stack", {"__kube_prometheus_stack_room": True})


def test_without_an_operator_there_are_no_custom_resources(stacks: Stacks) -> None:
    assert [item["kind"] for item in stacks["standalone"] if item["apiVersion"].startswith("monitoring.coreos.com")] == []
    assert [item["metadata"]["name"] for item in stacks["standalone"] if "operator" in item["metadata"]["name"]] == []


@pytest.mark.parametrize(("engine", "kind"), [("operator", "Prometheus"), ("standalone", "StatefulSet")])
def test_a_rolling_update_goes_on_when_a_new_replica_has_had_the_time_to_scrape_every_target(
    stacks: Stacks, engine: str, kind: str
) -> None:
    [item] = [item for item in stacks[engine] if item["kind"] == kind and item["metadata"]["name"] in ("main", "prometheus")]
    # The inventory's interval of 10 s, after the time that targets take to be found.
    assert item["spec"]["minReadySeconds"] == 10 + 10


def test_every_service_that_a_monitor_selects_is_scraped_without_the_operator_too(stacks: Stacks) -> None:
    [text] = [item["data"]["prometheus.yml"] for item in stacks["standalone"] if item["metadata"]["name"] == "prometheus-config"]
    annotated = {
        item["metadata"]["name"]
        for item in stacks["standalone"]
        if item["kind"] == "Service" and item["metadata"].get("annotations", {}).get("prometheus.io/scrape") == "true"
    }
    discovered = set(re.findall(r'regex: "[a-z-]+;([a-z-]+);', text))
    monitors = [item["spec"] for item in stacks["operator"] if item["kind"] == "ServiceMonitor"]
    services = {
        item["metadata"]["name"]
        for item in stacks["operator"]
        if item["kind"] == "Service"
        for monitor in monitors
        if selects(monitor, item)
    }
    # Of the operator: itself, and the Service it lists the nodes by.
    assert services - {"prometheus-operator", "kubelet"} == (annotated | discovered) - {"kubernetes"}
    # The series and its own metrics are two ports.
    assert annotated & discovered == {"kube-state-metrics"}


def selects(monitor: dict[str, Any], service: dict[str, Any]) -> bool:
    labels, selector = service["metadata"]["labels"], monitor["selector"]
    chosen = [labels.get(entry["key"]) in entry["values"] for entry in selector.get("matchExpressions", [])]
    ports = {port["name"] for port in service["spec"]["ports"]} & {endpoint["port"] for endpoint in monitor["endpoints"]}
    return bool(ports) and selector.get("matchLabels", {}).items() <= labels.items() and all(chosen)


def test_rules_are_the_same_with_and_without_an_operator(stacks: Stacks) -> None:
    objects = [item["spec"]["groups"] for item in stacks["operator"] if item["kind"] == "PrometheusRule"]
    maps = [
        item["data"] for item in stacks["standalone"] if item["metadata"]["name"] in ("prometheus-rules", "thanos-ruler-rules")
    ]
    files = [text for data in maps for text in data.values()]
    of_operator = {group["name"]: group for groups in objects for group in groups}
    alone = {group["name"]: group for text in files for group in yaml.safe_load(text)["groups"]}
    assert {name: group for name, group in of_operator.items() if name not in ("prometheus-operator", "config-reloader")} == alone


def test_alertmanagers_find_each_other_by_a_headless_service_and_keep_their_silences(stacks: Stacks) -> None:
    objects = {(item["kind"], item["metadata"]["name"]): item for item in stacks["standalone"]}
    spec = objects["StatefulSet", "alertmanager"]["spec"]
    arguments = spec["template"]["spec"]["containers"][0]["args"]
    assert "--cluster.peer=alertmanager-mesh.metrics.svc:9094" in arguments
    assert objects["Service", "alertmanager-mesh"]["spec"]["publishNotReadyAddresses"] is True
    assert objects["Service", "alertmanager"]["spec"]["ports"] == [{"name": "http", "port": 9093, "targetPort": "web"}]
    assert [template["metadata"]["name"] for template in spec["volumeClaimTemplates"]] == ["data"]
    assert "--storage.path=/alertmanager" in arguments
    alike = [item["data"] for stack in stacks.values() for item in stack if item["metadata"]["name"] == "alertmanager-config"]
    assert alike[0] == alike[1]
