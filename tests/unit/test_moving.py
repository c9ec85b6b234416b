# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From one engine to another: which Prometheus is the former one, whether it may go, and which volumes are to grow."""

from __future__ import annotations

from typing import Any

import pytest

from tests.playbooks import evaluate

LARGER = {"storageSpec": {"volumeClaimTemplate": {"spec": {"resources": {"requests": {"storage": "90Gi"}}}}}}
OURS, THEIRS = {"part_of": "longterm-metrics"}, {"part_of": "kube-prometheus-stack"}
OF_A_CHART = {"kind": "Prometheus", "name": "main", "owner": {"helm_release": "metrics/kube-prometheus-stack"}}
OF_THE_CHART, OF_THEIR_CHART = {**OF_A_CHART, **OURS}, {**OF_A_CHART, **THEIRS}
ANOTHER_S = {"kind": "Prometheus", "name": "k8s", "part_of": None, "owner": {"helm_release": None}}
NAMED = {"name": "kube-prometheus-stack", "namespace": "metrics"}
RELEASE, THEIR_RELEASE = {**NAMED, **OURS}, {**NAMED, **THEIRS}
UPLOADED, MISSING = {"count": 1}, {"msg": "no block"}
CASES: dict[str, dict[str, Any]] = {
    "operator": {},
    "standalone": {"prometheus_engine": "standalone"},
    "helm": {"prometheus_engine": "helm", "kube_prometheus_stack_values": {"prometheus": {"prometheusSpec": LARGER}}},
}
TO_PRUNE = ["Prometheus metrics/main", "StatefulSet metrics/prometheus", "ConfigMap metrics/prometheus-config"]
ASKED = (
    "__prometheus_claims",
    "__alertmanager_claims",
    "__thanos_claims",
    "__prometheus_former",
    "__prometheus_former_labels",
    "__prometheus_former_stays",
    "__prometheus_interval_seconds",
    "__kube_prometheus_stack_unsaved",
    "__kube_prometheus_stack_found",
    "__kube_prometheus_stack_findings",
    "__kube_prometheus_stack_pods_expected",
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the roles make of each case."""
    folder = tmp_path_factory.mktemp("moving")
    enabled = {f"{name}_enabled": True for name in ("alertmanager", "kube_state_metrics", "grafana")}
    variables = {"metrics_cluster": "one", **enabled, "__prometheus_applied": {"to_prune": TO_PRUNE}}
    hosts = {name: {**variables, **case} for name, case in CASES.items()}
    hosts["renamed"] = {**variables, **CASES["standalone"], "__prometheus_applied": {"to_prune": ["Prometheus metrics/other"]}}
    hosts["settled"] = {**variables, "__prometheus_applied": {"to_prune": []}}
    hosts["uploaded"] = {**variables, "__prometheus_former_blocks": {"results": [UPLOADED, UPLOADED]}}
    hosts["let go"] = {**variables, "prometheus_former_timeout": "-1"}
    hosts["half"] = {**variables, "__prometheus_former_blocks": {"results": [UPLOADED, MISSING]}}
    hosts["release"] = {**variables, **CASES["standalone"], "__preflight_cluster": {"helm_releases": [RELEASE]}}
    # Who may not list Secrets.
    for name, resources in (("unlisted", [ANOTHER_S, OF_THE_CHART]), ("unlisted and none", [ANOTHER_S])):
        cluster = {"helm_releases": None, "prometheus_resources": resources}
        hosts[name] = {**variables, **CASES["standalone"], "__preflight_cluster": cluster}
        hosts[f"{name}, removed"] = {**hosts[name], "metrics_state": "absent", "__kube_prometheus_stack_cluster": cluster}
    hosts["replicas"] = {**variables, **CASES["helm"], "prometheus_replicas": 4, "alertmanager_replicas": "5"}
    hosts["back"] = {**variables, "__preflight_cluster": {"helm_releases": [RELEASE]}}
    for name, seen in (
        ("again", {"helm_releases": [RELEASE]}),
        ("theirs", {"helm_releases": [THEIR_RELEASE]}),
        ("theirs elsewhere", {"helm_releases": [{**THEIR_RELEASE, "namespace": "monitoring"}]}),
        ("theirs unlisted", {"helm_releases": None, "prometheus_resources": [OF_THEIR_CHART]}),
        # One of ours may bring what is the user's own.
        ("both unlisted", {"helm_releases": None, "prometheus_resources": [OF_THEIR_CHART, OF_THE_CHART]}),
    ):
        for engine, case in CASES.items():
            hosts[f"{name}, {engine}"] = {**variables, **case, "__preflight_cluster": seen}
    said = "{" + ", ".join(f"'{name}': {name}" for name in ASKED) + "}"
    return evaluate(said, ("prometheus", "alertmanager", "thanos", "kube_prometheus_stack"), hosts, folder)


RULER = {"thanos-ruler-main-data-thanos-ruler-main": "10Gi"}
CLAIMS = ("__prometheus_claims", "__alertmanager_claims", "__thanos_claims")


def grown(found: dict[str, dict[str, Any]], engine: str) -> dict[str, str]:
    """The sizes that claims are to grow to, by their names without the ordinal."""
    claims = [claim for name in CLAIMS for claim in found[engine][name]]
    return {f"{entry['template']}-{entry['stateful_set']}": size for entry in claims if (size := entry.get("size"))}


def test_volumes_that_the_operator_made_have_the_sizes_of_the_variables(found: dict[str, dict[str, Any]]) -> None:
    sizes = {"prometheus-main-db-prometheus-main": "50Gi", "alertmanager-main-db-alertmanager-main": "5Gi", **RULER}
    assert (grown(found, "operator"), grown(found, "standalone")) == (sizes, {})
    assert found["operator"]["__prometheus_claims"][0]["resource"] == "Prometheus/main"


def test_the_last_word_on_the_sizes_of_the_chart_is_its_values(found: dict[str, dict[str, Any]]) -> None:
    sizes = {"prometheus-main-db-prometheus-main": "90Gi", "alertmanager-main-db-alertmanager-main": "5Gi", **RULER}
    assert grown(found, "helm") == sizes


def test_a_removal_finds_the_volumes_of_every_engine(found: dict[str, dict[str, Any]]) -> None:
    for engine in CASES:
        claims = [claim for name in CLAIMS for claim in found[engine][name]]
        assert {f"{entry['template']}-{entry['stateful_set']}" for entry in claims} == {
            "prometheus-main-db-prometheus-main",
            "data-prometheus",
            "alertmanager-main-db-alertmanager-main",
            "data-alertmanager",
            "thanos-ruler-main-data-thanos-ruler-main",
            "data-thanos-ruler",
        }


def test_the_former_prometheus_is_the_one_with_other_volumes(found: dict[str, dict[str, Any]]) -> None:
    cases = ("operator", "standalone", "renamed", "settled")
    former = {name: found[name]["__prometheus_former"] for name in cases}
    assert former == {
        "operator": [TO_PRUNE[1]],
        "standalone": [TO_PRUNE[0]],
        # Whatever it was called: it is never taken away before its samples were looked for.
        "renamed": ["Prometheus metrics/other"],
        "settled": [],
    }


def test_its_replicas_are_known_by_the_labels_of_its_engine(found: dict[str, dict[str, Any]]) -> None:
    assert found["operator"]["__prometheus_former_labels"][1] == {"cluster": "one", "replica": "prometheus-1"}
    assert found["standalone"]["__prometheus_former_labels"] == [
        {"cluster": "one", "prometheus": "metrics/main", "prometheus_replica": f"prometheus-main-{number}"} for number in (0, 1)
    ]


def test_it_goes_when_every_replica_has_uploaded_its_samples_and_not_before(found: dict[str, dict[str, Any]]) -> None:
    stays = {name: found[name]["__prometheus_former_stays"] for name in ("operator", "half", "uploaded", "settled", "let go")}
    assert stays == {"operator": True, "half": True, "uploaded": False, "settled": False, "let go": False}
    assert found["operator"]["__prometheus_interval_seconds"] == 30


def test_from_the_chart_the_way_to_standalone_leads_over_the_operator(found: dict[str, dict[str, Any]]) -> None:
    findings = {name: found[name]["__kube_prometheus_stack_unsaved"] for name in ("standalone", "release", "back")}
    assert (findings["standalone"], findings["back"]) == ([], [])
    (finding,) = findings["release"]
    assert "release kube-prometheus-stack" in finding
    assert "set prometheus_engine to operator first" in finding


def test_the_chart_s_release_is_known_by_its_prometheus_where_secrets_may_not_be_listed(found: dict[str, dict[str, Any]]) -> None:
    (finding,) = found["unlisted"]["__kube_prometheus_stack_unsaved"]
    assert "set prometheus_engine to operator first" in finding
    assert found["unlisted and none"]["__kube_prometheus_stack_unsaved"] == []
    assert found["unlisted, removed"]["__kube_prometheus_stack_found"] == [OF_THE_CHART]
    assert found["unlisted and none, removed"]["__kube_prometheus_stack_found"] == []


def test_a_release_of_others_by_that_name_is_in_the_way_of_the_engine_helm_and_nothing_to_the_others(
    found: dict[str, dict[str, Any]],
) -> None:
    told = {
        name: [text for text in found[name]["__kube_prometheus_stack_findings"] if "is not ours" in text]
        for name in found
        if name.partition(",")[2]
    }
    assert {name for name, findings in told.items() if findings} == {"theirs, helm", "theirs unlisted, helm"}
    assert told["theirs, helm"] == [
        "The release kube-prometheus-stack in the namespace metrics is not ours (it is part of kube-prometheus-stack, not of"
        " longterm-metrics); set kube_prometheus_stack_release to another name, metrics_namespace to another namespace, or"
        " uninstall it by hand (helm uninstall kube-prometheus-stack --namespace=metrics)."
    ]
    for engine in CASES:
        for name in ("theirs", "theirs elsewhere", "theirs unlisted"):
            assert found[f"{name}, {engine}"]["__kube_prometheus_stack_found"] == []
        assert found[f"both unlisted, {engine}"]["__kube_prometheus_stack_found"] == [OF_THE_CHART]
    assert found["theirs, standalone"]["__kube_prometheus_stack_unsaved"] == []


def test_as_many_pods_of_the_chart_are_waited_for_as_there_are_replicas(found: dict[str, dict[str, Any]]) -> None:
    pods = {name: int(found[name]["__kube_prometheus_stack_pods_expected"]) for name in ("helm", "replicas")}
    assert pods["replicas"] - pods["helm"] == 4 - 2 + 5 - 3
