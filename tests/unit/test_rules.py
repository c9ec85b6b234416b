# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every rule of the role `rules`, its runbook page and its promtool tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils._rule_overrides import RUNBOOKS

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "roles/rules/files").rglob("*.yml"))
PAGES = ROOT / "docs/runbooks"

JOBS = {
    *("prometheus", "prometheus-operator", "alertmanager", "grafana"),
    *(
        "thanos-query",
        "thanos-query-frontend",
        "thanos-store",
        "thanos-bucket-web",
        "thanos-compact",
        "thanos-sidecar",
        "thanos-receive",
        "thanos-receive-router",
        "thanos-ruler",
    ),
    *("kubelet", "apiserver", "coredns", "etcd", "kube-scheduler", "kube-controller-manager", "kube-proxy"),
    *("node-exporter", "kube-state-metrics", "blackbox-exporter", "prometheus-adapter"),
}
# What the alert fires on has neither labels nor a value worth telling.
WITHOUT_VALUES = ("absent(", "vector(")
WATCHDOGS = {"Watchdog", "RulerWatchdog"}
PARTS = ["Meaning", "Impact", "Look at", "Do"]


@dataclass(frozen=True)
class Rule:
    subject: str
    group: str
    body: dict[str, Any]

    @property
    def name(self) -> str:
        return self.body.get("alert") or self.body["record"]


def load(path: Path) -> Any:
    return yaml.load(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


RULES = [Rule(file.stem, group["name"], rule) for file in FILES for group in load(file)["groups"] for rule in group["rules"]]
ALERTS = [rule for rule in RULES if "alert" in rule.body]
RECORDS = [rule for rule in RULES if "record" in rule.body]
TESTS = {file.stem: load(ROOT / f"tests/rules/{file.stem}.test.yml") for file in FILES}

each_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)


def sections(subject: str) -> dict[str, str]:
    """The sections of a runbook page by their headings."""
    _, *found = re.split(r"^## ", (PAGES / f"{subject}.md").read_text(), flags=re.MULTILINE)
    return {heading: text for heading, _, text in (section.partition("\n") for section in found)}


@each_alert
def test_an_alert_says_how_bad_it_is_and_what_was_seen(alert: Rule) -> None:
    assert set(alert.body["labels"]) == {"severity"}
    assert alert.body["labels"]["severity"] in {"critical", "warning", "info"} or alert.name in WATCHDOGS
    annotations = alert.body["annotations"]
    assert set(annotations) == {"summary", "description", "runbook_url"}
    assert not annotations["summary"].endswith(".")
    assert annotations["description"].endswith(".")
    assert re.search(r"\{\{ \$(value|labels)", annotations["description"]) or alert.body["expr"].startswith(WITHOUT_VALUES)


@each_alert
def test_an_alert_has_a_section_in_the_runbook_it_names(alert: Rule) -> None:
    assert alert.body["annotations"]["runbook_url"] == f"{RUNBOOKS}/{alert.subject}.md#{alert.name.lower()}"
    text = sections(alert.subject)[alert.name]
    assert re.findall(r"^\*\*(.+?)\.\*\*", text, flags=re.MULTILINE) == PARTS


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_runbook_page_tells_of_the_alerts_there_are_in_their_order(file: Path) -> None:
    assert list(sections(file.stem)) == [alert.name for alert in ALERTS if alert.subject == file.stem]


def test_links_between_runbooks_lead_somewhere() -> None:
    there = {(file.stem, heading.lower()) for file in FILES for heading in sections(file.stem)}
    links = {
        (page or file.stem, anchor)
        for file in FILES
        for page, anchor in re.findall(r"\]\((?:(\w+)\.md)?#([\w-]+)\)", (PAGES / f"{file.stem}.md").read_text())
    }
    assert links <= there


def test_the_runbooks_are_where_the_repository_is() -> None:
    repository = load(ROOT / "galaxy.yml")["repository"]
    assert f"{repository}/blob/main/docs/runbooks" == RUNBOOKS
    assert load(ROOT / "roles/rules/defaults/main.yml")["rules_runbook_base"] == RUNBOOKS


@each_alert
def test_an_alert_is_tested_firing_and_not_firing(alert: Rule) -> None:
    cases = [case for test in TESTS[alert.subject]["tests"] for case in test.get("alert_rule_test", [])]
    fires = {bool(case["exp_alerts"]) for case in cases if case["alertname"] == alert.name}
    assert fires == ({True} if alert.name in WATCHDOGS else {True, False})


@pytest.mark.parametrize("record", sorted({record.name for record in RECORDS}))
def test_a_recorded_series_is_tested(record: str) -> None:
    tests = [test for file in TESTS.values() for test in file["tests"]]
    assert record in {case["expr"] for test in tests for case in test.get("promql_expr_test", [])}


def test_names_are_given_once() -> None:
    alerts = [alert.name for alert in ALERTS]
    groups = [group["name"] for file in FILES for group in load(file)["groups"]]
    assert sorted(set(alerts)) == sorted(alerts)
    assert sorted(set(groups)) == sorted(groups)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_asks_for_what_prometheus_scrapes_and_sees(rule: Rule) -> None:
    expression = rule.body["expr"]
    jobs = {job for jobs in re.findall(r'\bjob=~?"([^"]*)"', expression) for job in jobs.split("|")}
    assert jobs <= JOBS
    # External labels are given to samples on their way out; Prometheus itself does not see them, and the Ruler does.
    assert rule.subject == "ruler" or not re.search(r"\b(cluster|prometheus_replica|replica)\b", expression)


def test_a_record_that_a_rule_reads_is_recorded() -> None:
    read = {name for rule in RULES for name in re.findall(r"\b[a-z_]+(?::[a-z0-9_]+)+\b", rule.body["expr"])}
    assert read <= {record.name for record in RECORDS}


def test_the_control_plane_has_a_group_for_each_component_that_can_be_named() -> None:
    known = load(ROOT / "roles/common/vars/main.yml")["__common_control_plane_components"]
    groups = [group["name"] for group in load(ROOT / "roles/rules/files/control_plane.yml")["groups"]]
    assert sorted(groups) == sorted(known)
    assert all(name in (ROOT / "roles/rules/vars/main.yml").read_text() for name in groups)
