# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role verify: which jobs it expects, and what its table says of what the modules returned."""

from __future__ import annotations

from typing import Any

import pytest

from tests.playbooks import ROOT, evaluate

# What a module returned by the name it is registered under; those that are not here returned nothing wrong.
GRAFANA = {
    "__verify_grafana": {
        "datasources": {"thanos": {"status": "OK"}, "prometheus": {"status": "OK"}, "browser": {"status": "UNKNOWN"}},
        "dashboards": 24,
    }
}
BY_THE_STORE = {"__verify_blocks": {"skipped": True}, "__verify_history": {"series": 3}}
CASES: dict[str, dict[str, Any]] = {
    "default": GRAFANA,
    "without Grafana": {"grafana_enabled": "false", "__verify_grafana": {"skipped": True}},
    "Grafana fails": {"__verify_grafana": {"failed": True, "msg": "Grafana is not as it should be."}},
    "another datasource": {"grafana_datasources": [{"name": "Loki", "uid": "loki", "type": "loki"}]},
    "without Alertmanager": {"alertmanager_enabled": "no"},
    "not seen": {"__verify_cluster": {"system_metrics": []}},
    "seen": {"__verify_cluster": {"system_metrics": ["coredns"]}},
    "seen by preflight": {"__preflight_cluster": {"system_metrics": ["coredns"]}, "__verify_cluster": {"skipped": True}},
    "named": {"metrics_coredns": "true"},
    "not wanted": {"metrics_coredns": False, "__verify_cluster": {"system_metrics": ["coredns"]}},
    "standalone": {"prometheus_engine": "standalone", "metrics_cluster": "my-vc1"},
    "as an operator": {"prometheus_engine": "standalone", "prometheus_external_labels": {"prometheus": "metrics/main"}},
    "blocks": {"__verify_blocks": {"count": 2}, "__verify_history": {"series": 3}},
    "no block yet": {"__verify_blocks": {"count": 0}, "__verify_history": {"skipped": True}},
    "a Job's bucket": {"object_store_bucket_method": "job", **BY_THE_STORE},
    "a bucket of Google's": {
        "object_store_flavour": "none",
        "metrics_objstore_config": {"type": "GCS", "config": {"bucket": "b"}},
        **BY_THE_STORE,
    },
    "a store without samples": {"object_store_bucket_method": "job", "__verify_history": {"failed": True, "msg": "No series."}},
    "no time of a head": {"__verify_blocks": {"count": 2}, "__verify_head": {"failed": True, "msg": "No head."}},
}
REGISTERED = [
    *("rollout", "pods", "node_pods", "stores", "dedup", "replicas", "cluster", "targets", "past", "head", "blocks", "history"),
    *("compactor", "rules", "gossip", "alert", "dashboards", "grafana"),
]
COMPONENTS = [
    *("common", "object_store", "prometheus", "thanos", "alertmanager", "node_exporter", "kube_state_metrics"),
    *("blackbox_exporter", "prometheus_adapter", "dashboards", "prometheus_alert", "grafana", "exposure"),
]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The jobs, the datasources, the table and the failures of each case, by its name."""
    folder = tmp_path_factory.mktemp("verify")
    returned: dict[str, Any] = {f"__verify_{name}": {"changed": False} for name in REGISTERED}
    hosts = {f"case-{number}": returned | variables for number, variables in enumerate(CASES.values())}
    wanted = "'jobs': __verify_jobs, 'datasources': __grafana_uids, 'pods': __verify_pods_expected | int"
    wanted += ", 'matchers': __verify_matchers, 'sidecars': __verify_sidecars, 'sets': __common_present"
    shown = f"{{{wanted}, 'table': __verify_table.splitlines(), 'failures': __verify_failures}}"
    said_by = evaluate(shown, [*COMPONENTS, "verify"], hosts, folder)
    return {name: said_by[host] for name, host in zip(CASES, hosts, strict=True)}


def line(said: dict[str, Any], proof: str) -> str:
    return next(line for line in said["table"] if proof in line)


def test_grafana_is_a_proof_where_it_runs(said: dict[str, dict[str, Any]]) -> None:
    assert len(said["default"]["table"]) == 10
    assert line(said["default"], "grafana answers").split(maxsplit=4)[3:] == ["passed", "2 datasources, 24 dashboards"]


def test_without_grafana_the_table_does_not_speak_of_it(said: dict[str, dict[str, Any]]) -> None:
    assert len(said["without Grafana"]["table"]) == 9
    assert "grafana" not in str(said["without Grafana"])


@pytest.mark.parametrize(
    ("case", "uids"),
    [
        ("default", ["thanos", "prometheus", "alertmanager"]),
        ("another datasource", ["thanos", "prometheus", "alertmanager", "loki"]),
        ("without Alertmanager", ["thanos", "prometheus"]),
    ],
)
def test_the_datasources_expected_are_those_of_what_runs_the_default_first(
    case: str, uids: list[str], said: dict[str, dict[str, Any]]
) -> None:
    assert said[case]["datasources"] == uids


def test_a_grafana_that_fails_is_told_with_where_to_look(said: dict[str, dict[str, Any]]) -> None:
    assert "FAILED" in line(said["Grafana fails"], "grafana answers")
    assert said["Grafana fails"]["failures"].startswith("10. grafana answers: Grafana is not as it should be. Look at: the logs")


@pytest.mark.parametrize(
    ("case", "expected"),
    [("not seen", False), ("seen", True), ("seen by preflight", True), ("named", True), ("not wanted", False)],
)
def test_coredns_is_expected_where_it_is_seen_or_named(case: str, expected: bool, said: dict[str, dict[str, Any]]) -> None:
    assert ("coredns" in said[case]["jobs"]) == expected
    assert "grafana" in said[case]["jobs"]


def test_without_an_operator_none_is_expected(said: dict[str, dict[str, Any]]) -> None:
    assert set(said["default"]["jobs"]) - set(said["standalone"]["jobs"]) == {"prometheus-operator"}
    assert set(said["default"]["sets"]) - set(said["standalone"]["sets"]) == {"prometheus-operator"}
    assert said["default"]["pods"] - said["standalone"]["pods"] == 1
    assert "every monitor" in line(said["default"], "scrape jobs up")
    assert "monitor" not in str(said["standalone"]["table"])


def test_this_prometheus_is_told_from_others_by_the_labels_its_engine_gives(said: dict[str, dict[str, Any]]) -> None:
    assert said["default"]["matchers"].endswith('prometheus="metrics/main",prometheus_replica!=""')
    assert said["standalone"]["matchers"] == 'cluster="my-vc1",prometheus="",replica!=""'
    assert said["as an operator"]["matchers"].endswith('prometheus="metrics/main",replica!=""')
    assert said["standalone"]["sidecars"] == "app.kubernetes.io/name=prometheus,longterm.metrics/engine=standalone"


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("blocks", "passed   2 blocks, 3 series from the store alone"),
        ("no block yet", "not due  no block due before"),
        (
            "a Job's bucket",
            "passed   3 series from the store alone; the bucket itself was not asked: object_store_bucket_method is job",
        ),
        ("a bucket of Google's", "passed   3 series from the store alone; the bucket itself was not asked: it is of type GCS"),
        ("a store without samples", "FAILED   see below"),
        ("no time of a head", "FAILED   see below"),
    ],
)
def test_blocks_are_proven_by_the_bucket_or_where_it_is_not_asked_by_the_store_alone(
    case: str, expected: str, said: dict[str, dict[str, Any]]
) -> None:
    assert expected in line(said[case], "blocks read back")


def test_the_readme_names_every_proof(said: dict[str, dict[str, Any]]) -> None:
    readme = (ROOT / "README.md").read_text()
    for number, proof in enumerate(said["default"]["table"], start=1):
        name = " ".join(proof.split()[1:3])
        assert f"| {number} | {name}" in readme
