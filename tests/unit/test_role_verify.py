# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role verify: which jobs it expects, and what its table says of what the modules returned."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.playbooks import ROOT, evaluate, run_roles

NOW = int(time.time())
ASKED = {"__verify_asked": float(NOW), "__verify_deadline": NOW + 300.0}
PODS = ("prometheus-main-0", "prometheus-main-1")


def heads(young: str = "") -> dict[str, Any]:
    """What the query for the heads returned for the last four hours; a young replica has run for ten minutes."""
    series = []
    for pod in PODS:
        begin, since = (NOW - 600, NOW - 600) if pod == young else (NOW - 9000, NOW - 12_000)
        series.append({"metric": {"pod": pod}, "values": [[at, str(begin)] for at in range(since, NOW + 1, 60)]})
    return {"result": series}


def block(ulid: str, hours_ago: int, replica: str = PODS[0]) -> dict[str, Any]:
    start = (NOW - hours_ago * 3600) * 1000
    times = {"min_time": start, "max_time": start + 7_200_000, "resolution": "raw"}
    return {"ulid": ulid, **times, "labels": {"prometheus_replica": replica}, "deletion_mark": False, "num_samples": 1}


# What a module returned by the name it is registered under; those that are not here returned nothing wrong, and what proves it.
RETURNED: dict[str, dict[str, Any]] = {
    "rollout": {},
    "pods": {"pods": {"a": "ready"}},
    "node_pods": {},
    "stores": {"stores": {"query-0": {"store": [{"name": "10.0.0.1:10901"}]}}},
    "dedup": {"series": 1},
    "replicas": {"series": 2},
    "cluster": {},
    "targets": {"jobs": {"apiserver": {"up": 1}}},
    "heads": heads(),
    "blocks": {"blocks": [block("A", 40), block("B", 20), block("C", 3), block("D", 3, PODS[1])]},
    "history": {"results": [{"series": 1}, {"series": 1}, {"series": 1}, {"series": 1}]},
    "compactor": {"pod": "thanos-compact-0", "cycle": NOW - 60, "due": 0, "searched": "all namespaces"},
    "traces": {},
    "rules": {"rules": 90, "objects": {"a": 1}},
    "gossip": {},
    "alert": {"steps": [{"step": "firing", "seconds": 4.2}, {"step": "removed", "seconds": 9.8}]},
    "dashboards": {"checked": 300, "dashboards": []},
    "grafana": {
        "datasources": {"thanos": {"status": "OK"}, "prometheus": {"status": "OK"}, "browser": {"status": "UNKNOWN"}},
        "dashboards": 24,
    },
    "cache": {"pods": {"thanos-query-frontend-0": "answered"}},
    "ruler": {"rules": 3, "objects": {"metrics/ruler": 3}, "asked": ["thanos-ruler-main-0", "thanos-ruler-main-1"]},
    "ruler_alert": {"alertmanagers": {"alertmanager-main-0": {}}},
    "hashrings": {"skipped": True},
    "copies": {"skipped": True},
    "uploads": {"skipped": True},
    "remote_writes": {"skipped": True},
}
SKIPPED = {"changed": False, "skipped": True}
LISTED = {**RETURNED["compactor"], "blocks": [block("A", 40), block("B", 20), block("C", 9)]}
JOB = {"object_store_bucket_method": "job", "__verify_blocks": SKIPPED, "__verify_traces": SKIPPED, "__verify_compactor": LISTED}
DASHBOARDS = {
    **{"metrics_coredns": True, "metrics_cilium": True, "prometheus_engine": "standalone"},
    "dashboards_enabled": {"thanos_ruler": "yes", "hubble": False, "nodes": "no"},
}
ROUTERS = {"routers": {"thanos-receive-router-0": 7, "thanos-receive-router-1": 7}}
RECEIVE = {
    "thanos_mode": "both",
    "__verify_hashrings": ROUTERS,
    "__verify_uploads": {"series": 3},
    "__verify_remote_writes": {"series": 2},
}
CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "with Receive": {**RECEIVE, "__verify_copies": {"series": 2}},
    "too few copies": {**RECEIVE, "__verify_copies": {"msg": "2 series"}},
    "another receiver": {
        "prometheus_remote_write": [{"name": "archive", "url": "https://example.org/write"}],
        "__verify_remote_writes": {"series": 2},
    },
    "a receiver that lags": {**RECEIVE, "__verify_copies": {"series": 2}, "__verify_remote_writes": {"msg": "1 series"}},
    "without Grafana": {"grafana_enabled": "false", "__verify_grafana": SKIPPED},
    "Grafana fails": {"__verify_grafana": {"failed": True, "msg": "Grafana is not as it should be."}},
    "Grafana has nothing": {"__verify_grafana": {"datasources": {}, "dashboards": 0}},
    "another datasource": {"grafana_datasources": [{"name": "Loki", "uid": "loki", "type": "loki"}]},
    "without Alertmanager": {
        "alertmanager_enabled": "no",
        "__verify_gossip": SKIPPED,
        "__verify_alert": SKIPPED,
        "__verify_ruler_alert": SKIPPED,
    },
    "without the Ruler": {"thanos_ruler_enabled": False, "__verify_ruler": SKIPPED, "__verify_ruler_alert": SKIPPED},
    "without its watchdog": {"rules_overrides": {"RulerWatchdog": {"enabled": False}}, "__verify_ruler_alert": SKIPPED},
    "the watchdog does not arrive": {"__verify_ruler_alert": {"msg": "it has no alert"}},
    "without exporters of nodes": {"node_exporter_enabled": False, "__verify_node_pods": SKIPPED},
    "not seen": {"__verify_cluster": {"system_metrics": []}},
    "seen": {"__verify_cluster": {"system_metrics": ["coredns"]}},
    "seen by preflight": {"__preflight_cluster": {"system_metrics": ["coredns"]}, "__verify_cluster": {"skipped": True}},
    "named": {"metrics_coredns": "true"},
    "not wanted": {"metrics_coredns": False, "__verify_cluster": {"system_metrics": ["coredns"]}},
    "standalone": {"prometheus_engine": "standalone", "metrics_cluster": "my-vc1"},
    "as an operator": {"prometheus_engine": "standalone", "prometheus_external_labels": {"prometheus": "metrics/main"}},
    "no alert": {"verify_alert": False, "__verify_alert": SKIPPED},
    "no alert for no reason": {"__verify_alert": SKIPPED},
    "no panels": {"verify_dashboards": "no", "__verify_dashboards": SKIPPED},
    "a dashboard without queries": {"__verify_dashboards": {"checked": 0}},
    "a young replica": {"__verify_heads": heads(young=PODS[1])},
    "a young replica, accepted": {"__verify_heads": heads(young=PODS[1]), "verify_not_due_allowed": "true"},
    "a Job's bucket": JOB,
    "a bucket of Google's": {
        **JOB,
        "object_store_bucket_method": "local",
        "object_store_flavour": "none",
        "metrics_objstore_config": {"type": "GCS", "config": {"bucket": "thanos"}},
    },
    "a block that is not served": {
        "__verify_history": {
            "msg": "One or more items failed",
            "results": [{"item": {"what": "The block A"}, "msg": "No series."}],
        },
    },
    "no heads": {"__verify_heads": {"msg": "No answer."}},
    "an idle compactor": {"__verify_compactor": {"msg": "The compactor has completed no cycle."}},
    "a young compactor": {"__verify_compactor": {"pod": "thanos-compact-0", "cycle": 0, "due": 9_000_000_000}},
    "two compactors": {"__verify_traces": {"msg": "Bucket b: two compactors work on it."}},
    "no traces wanted": {"verify_compactor_trace_hours": 0, "__verify_traces": SKIPPED},
    "three shards": {"thanos_store_shards": "3", "metrics_namespace": "obs"},
    "other dashboards": DASHBOARDS,
    "many errors": {"__verify_targets": {"msg": "\n".join(f"- job {number} is down" for number in range(9))}},
}
COMPONENTS = [
    *("common", "object_store", "prometheus", "thanos", "alertmanager", "node_exporter", "kube_state_metrics"),
    *("blackbox_exporter", "prometheus_adapter", "dashboards", "prometheus_alert", "grafana", "exposure"),
]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The jobs, the datasources, the table and the failures of each case, by its name."""
    folder = tmp_path_factory.mktemp("verify")
    returned: dict[str, Any] = {f"__verify_{name}": {"changed": False, **value} for name, value in RETURNED.items()}
    returned["role_path"] = str(ROOT / "roles/verify")
    hosts = {f"case-{number}": returned | ASKED | variables for number, variables in enumerate(CASES.values())}
    wanted = "'jobs': __verify_jobs, 'datasources': __grafana_uids, 'pods': __verify_pods_expected | int"
    wanted += ", 'matchers': __verify_matchers, 'sidecars': __verify_sidecars, 'sets': __common_present"
    wanted += ", 'gateways': __verify_gateways, 'dashboards': __dashboards_uids"
    wanted += ", 'plan': __verify_plan, 'probes': __verify_probes, 'more': __verify_more"
    shown = f"{{{wanted}, 'table': __verify_report.table, 'failures': __verify_report.failures}}"
    said_by = evaluate(shown, [*COMPONENTS, "verify"], hosts, folder)
    lines = {host: said | {"failures": "\n".join(said["failures"])} for host, said in said_by.items()}
    return {name: lines[host] for name, host in zip(CASES, hosts, strict=True)}


def line(said: dict[str, Any], proof: str) -> str:
    return next(line for line in said["table"] if proof in line)


def outcome(said: dict[str, Any], proof: str) -> str:
    """What the table says of a proof: the state and what was seen."""
    return line(said, proof).partition(proof)[2].strip()


def test_everything_that_is_there_passes_with_what_was_seen(said: dict[str, dict[str, Any]]) -> None:
    assert said["default"]["failures"] == ""
    assert len(said["default"]["table"]) == 14
    assert [outcome for outcome in said["default"]["table"] if "passed" not in outcome] == [
        line(said["default"], proof) for proof in ("samples replicated", "remote writes")
    ]
    assert outcome(said["default"], "grafana answers") == "passed       2 datasources, 24 dashboards"
    assert outcome(said["default"], "alert arrives") == "passed       firing 4 s, removed 10 s"


@pytest.mark.parametrize(
    ("case", "proof", "reason"),
    [
        ("without Grafana", "grafana answers", "turned off by grafana_enabled"),
        ("without Alertmanager", "alert arrives", "turned off by alertmanager_enabled"),
        ("no alert", "alert arrives", "turned off by verify_alert"),
        ("no panels", "dashboards filled", "turned off by verify_dashboards"),
        ("without the Ruler", "ruler evaluates", "turned off by thanos_ruler_enabled"),
    ],
)
def test_what_was_turned_off_did_not_run_and_fails_nothing(
    case: str, proof: str, reason: str, said: dict[str, dict[str, Any]]
) -> None:
    assert outcome(said[case], proof) == f"did not run  {reason}"
    assert said[case]["failures"] == ""


def test_what_did_not_run_though_it_was_wanted_fails(said: dict[str, dict[str, Any]]) -> None:
    assert outcome(said["no alert for no reason"], "alert arrives").startswith("did not run")
    assert said["no alert for no reason"]["failures"].startswith("8. alert arrives: It did not run (alert)")


@pytest.mark.parametrize(
    ("case", "proof"), [("Grafana has nothing", "grafana answers"), ("a dashboard without queries", "dashboards filled")]
)
def test_where_nothing_was_seen_nothing_is_proven(case: str, proof: str, said: dict[str, dict[str, Any]]) -> None:
    assert "FAILED" in line(said[case], proof)
    assert "Nothing was seen that proves it" in said[case]["failures"]


def test_without_exporters_of_nodes_no_pod_of_them_is_missed(said: dict[str, dict[str, Any]]) -> None:
    assert "passed" in line(said["without exporters of nodes"], "pods ready")


def test_the_ruler_is_proven_by_its_rules_and_by_its_alert_where_that_is_on(said: dict[str, dict[str, Any]]) -> None:
    assert outcome(said["default"], "ruler evaluates") == "passed       3 rules on 2 rulers, their alert in Alertmanager once"
    for case in ("without its watchdog", "without Alertmanager"):
        assert outcome(said[case], "ruler evaluates") == "passed       3 rules on 2 rulers"
    assert said["the watchdog does not arrive"]["failures"].startswith("12. ruler evaluates: it has no alert")
    assert "thanos-ruler" in said["default"]["jobs"]
    assert "thanos-ruler" not in said["without the Ruler"]["jobs"]
    assert said["default"]["pods"] - said["without the Ruler"]["pods"] == 2


def test_receive_is_proven_by_the_copies_of_each_series(said: dict[str, dict[str, Any]]) -> None:
    proof = "samples replicated"
    assert outcome(said["default"], proof) == "did not run  turned off by thanos_mode"
    assert (
        outcome(said["with Receive"], proof)
        == "passed       2 series on at least 3 ingestors each, 2 routers with the same hashrings, no ingestor late with a block"
    )
    assert said["too few copies"]["failures"].startswith("13. samples replicated: 2 series")
    assert {"thanos-receive", "thanos-receive-router"} <= set(said["with Receive"]["jobs"]) - set(said["default"]["jobs"])
    assert said["with Receive"]["pods"] - said["default"]["pods"] == 5
    assert "3 ingestors" in outcome(said["with Receive"], "stores seen")


def test_remote_writes_are_proven_by_what_each_receiver_was_sent(said: dict[str, dict[str, Any]]) -> None:
    proof = "remote writes"
    assert outcome(said["default"], proof) == "did not run  turned off by prometheus_remote_write"
    assert "2 replicas write to archive, no sample" in outcome(said["another receiver"], proof)
    assert "2 replicas write to thanos-receive, no sample" in outcome(said["with Receive"], proof)
    assert said["a receiver that lags"]["failures"].startswith("14. remote writes: 1 series")


def test_nine_errors_are_three_lines_and_a_file(said: dict[str, dict[str, Any]]) -> None:
    assert said["many errors"]["failures"].splitlines() == [
        "4. scrape jobs up: - job 0 is down",
        "   - job 1 is down",
        "   and 7 more lines. Look at: the page /targets of prometheus.",
    ]
    assert "only its owner may read" in said["many errors"]["more"][0]
    assert said["Grafana fails"]["more"] == []


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


def test_queries_ask_for_the_first_job_that_is_scraped(said: dict[str, dict[str, Any]]) -> None:
    assert said["default"]["jobs"][0] == said["with Receive"]["jobs"][0] == "apiserver"


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
        ("default", "passed       4 blocks, 4 of them read from the store alone"),
        ("a young replica", "not due      before"),
        ("a young replica, accepted", "not due      before"),
        (
            "a Job's bucket",
            "3 blocks, 4 of them read from the store alone; the compactor told of them, for the bucket itself was not asked",
        ),
        ("a bucket of Google's", "for the bucket itself was not asked: it is of type GCS"),
        ("a block that is not served", "FAILED       see below"),
        ("no heads", "FAILED       see below"),
    ],
)
def test_blocks_are_proven_by_the_bucket_and_the_store(case: str, expected: str, said: dict[str, dict[str, Any]]) -> None:
    assert expected in outcome(said[case], "blocks read back")


def test_what_is_not_due_fails_unless_a_variable_accepts_it(said: dict[str, dict[str, Any]]) -> None:
    assert "5. blocks read back: It is not due before" in said["a young replica"]["failures"]
    assert said["a young replica, accepted"]["failures"] == ""
    assert outcome(said["a young compactor"], "compactor single").startswith("not due")


def test_a_block_of_each_replica_that_ran_long_enough_must_be_in_the_bucket(said: dict[str, dict[str, Any]]) -> None:
    replicas = said["default"]["plan"]["replicas"]
    assert [one["labels"]["prometheus_replica"] for one in replicas] == list(PODS)
    assert replicas[0]["labels"]["prometheus"] == "metrics/main"
    assert [one["labels"]["prometheus_replica"] for one in said["a young replica"]["plan"]["replicas"]] == [PODS[0]]


def test_the_store_is_asked_for_the_oldest_a_middle_and_the_newest_blocks(said: dict[str, dict[str, Any]]) -> None:
    names = [probe["what"].partition(";")[0] for probe in said["default"]["probes"]]
    assert names == [
        "The block A (oldest",
        "The block C (newest of prometheus-main-0 and middle",
        "The block D (newest of prometheus-main-1",
    ]
    # Where the compactor tells of the blocks, the newest ones are too young for it.
    listed = [probe["what"].partition(";")[0].partition(" that")[0] for probe in said["a Job's bucket"]["probes"]]
    assert listed == ["The block A (oldest", "The block B (middle", *(f"A block of {pod}" for pod in PODS)]


def test_the_store_gateways_asked_are_those_of_this_cluster_by_the_addresses_that_query_has(
    said: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    assert said["default"]["gateways"] == ["thanos-store-grpc.metrics.svc:10901"]
    assert said["three shards"]["gateways"] == [f"thanos-store-grpc-shard-{number}.obs.svc:10901" for number in range(3)]
    cases = {name: ("thanos", CASES[name]) for name in ("default", "three shards")}
    for name, outcome in run_roles(tmp_path, cases).items():
        (container,) = outcome.objects["Deployment", "thanos-query"]["spec"]["template"]["spec"]["containers"]
        strict = [argument.partition("=")[2] for argument in container["args"] if argument.startswith("--endpoint-strict=")]
        assert strict == said[name]["gateways"]


def test_grafana_must_have_the_dashboards_that_are_on(said: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    cases = {name: ("dashboards", {**CASES[name], "dashboards_folder": name}) for name in ("default", "other dashboards")}
    for name, outcome in run_roles(tmp_path, cases).items():
        texts = [text for item in outcome.objects.values() for text in item.get("data", {}).values()]
        assert sorted(said[name]["dashboards"]) == sorted(json.loads(text)["uid"] for text in texts)
    assert {"longterm-thanos-ruler", "longterm-cilium"} < set(said["other dashboards"]["dashboards"])
    assert not {"longterm-hubble", "longterm-nodes", "longterm-prometheus-operator"} & set(said["other dashboards"]["dashboards"])


def test_a_block_that_the_store_does_not_serve_is_named(said: dict[str, dict[str, Any]]) -> None:
    failures = said["a block that is not served"]["failures"]
    assert failures == (
        "5. blocks read back: The block A: No series. Look at: the logs of the containers thanos-sidecar and of thanos-store."
    )


@pytest.mark.parametrize(("case", "error"), [("an idle compactor", "no cycle"), ("two compactors", "two compactors work on it")])
def test_a_compactor_that_does_not_work_or_is_not_alone_is_told(case: str, error: str, said: dict[str, dict[str, Any]]) -> None:
    assert "FAILED" in line(said[case], "compactor single")
    assert error in said[case]["failures"]


def test_traces_of_another_compactor_may_be_left_out(said: dict[str, dict[str, Any]]) -> None:
    assert "passed" in line(said["no traces wanted"], "compactor single")


def block_of_proofs() -> dict[str, Any]:
    tasks = yaml.safe_load((ROOT / "roles/verify/tasks/main.yml").read_text())
    return next(task for task in tasks if task["name"] == "Proofs")


def asked() -> dict[str, dict[str, Any]]:
    """What each task asks its module, by the name it registers the answer under."""
    tasks = [task for task in block_of_proofs()["block"] if "register" in task]
    modules = ((task["register"], value) for task in tasks for key, value in task.items() if key.startswith("longterm.metrics."))
    return {name.removeprefix("__verify_"): options for name, options in modules}


@pytest.mark.parametrize(
    ("step", "options"),
    [
        ("replicas", {"dedup": False, "partial_response": False}),
        ("dedup", {"dedup": True, "partial_response": False}),
        ("targets", {"every_pod": True}),
        ("copies", {"dedup": False, "partial_response": False}),
        ("traces", {"single_compactor": True}),
        ("rules", {"every_pod": True}),
        ("ruler", {"every_pod": True}),
        ("history", {"dedup": False, "partial_response": False}),
    ],
)
def test_a_proof_asks_every_replica_and_for_whole_answers(step: str, options: dict[str, Any]) -> None:
    assert {name: asked()[step].get(name) for name in options} == options


@pytest.mark.parametrize(
    ("variable", "step", "option"),
    [
        ("verify_down_targets", "targets", "down_targets"),
        ("verify_monitors_allowed_empty", "targets", "allowed_empty"),
        ("verify_panels_allowed_empty", "dashboards", "allowed_empty"),
        ("verify_compactor_minutes", "compactor", "max_cycle_age"),
        ("verify_compactors_allowed", "compactor", "others_allowed"),
        ("verify_compactor_trace_hours", "traces", "created_after"),
        ("verify_alert_webhook", "alert", "webhook"),
    ],
)
def test_a_variable_reaches_what_it_is_for(variable: str, step: str, option: str) -> None:
    assert variable in str(asked()[step][option])


def test_restarts_are_looked_for_as_long_as_the_variable_says() -> None:
    assert "verify_restart_minutes" in block_of_proofs()["module_defaults"]["longterm.metrics.pods_ready"]["quiet_for"]


def test_every_task_that_waits_shares_the_deadline() -> None:
    proofs = block_of_proofs()
    modules = [value for task in proofs["block"] for value in task.values() if isinstance(value, dict)]
    modules += proofs["module_defaults"].values()
    waits = [str(module["wait_timeout"]) for module in modules if "wait_timeout" in module]
    assert len(waits) > 10
    assert [wait for wait in waits if "__verify_deadline | longterm.metrics.seconds_left" not in wait] == []


def test_the_variables_of_the_role_hold_no_program() -> None:
    assert "{%" not in (ROOT / "roles/verify/vars/main.yml").read_text()


def test_the_readme_names_every_proof(said: dict[str, dict[str, Any]]) -> None:
    readme = (ROOT / "README.md").read_text()
    for number, proof in enumerate(said["default"]["table"], start=1):
        name = " ".join(proof.split()[1:3])
        assert f"| {number} | {name}" in readme
