# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every right that the rendered roles grant, and to whom: whoever asks for one more has to say so here."""

from __future__ import annotations

from typing import Any

import pytest

READ, FOLLOW = "get,list,watch", "list,watch"
MONITORS = "alertmanagerconfigs,podmonitors,probes,prometheusrules,scrapeconfigs,servicemonitors"
RUN = "alertmanagers,prometheusagents,prometheuses,thanosrulers"

# ServiceAccount, namespace (empty for the whole cluster), resources, verbs.
GRANTED = {
    ("grafana", "", "configmaps", READ),
    ("kube-state-metrics", "", "cronjobs,jobs", FOLLOW),
    ("kube-state-metrics", "", "daemonsets,deployments,replicasets,statefulsets", FOLLOW),
    ("kube-state-metrics", "", "horizontalpodautoscalers", FOLLOW),
    ("kube-state-metrics", "", "ingresses", FOLLOW),
    (
        "kube-state-metrics",
        "",
        "limitranges,namespaces,nodes,persistentvolumeclaims,persistentvolumes,pods,resourcequotas,services",
        FOLLOW,
    ),
    ("kube-state-metrics", "", "poddisruptionbudgets", FOLLOW),
    ("kube-state-metrics", "", "storageclasses", FOLLOW),
    ("prometheus", "", "endpointslices", READ),
    ("prometheus", "", "ingresses", READ),
    ("prometheus", "", "pods,services", READ),
    ("prometheus-scraper", "", "/metrics,/metrics/slis", "get"),
    ("prometheus-scraper", "", "nodes/metrics", "get"),
    # What every extension API server has.
    ("prometheus-adapter", "", "system:auth-delegator", ""),
    ("prometheus-adapter", "kube-system", "extension-apiserver-authentication-reader", ""),
    ("prometheus-adapter", "", "namespaces,nodes,pods,services", READ),
    ("prometheus-operator", "", MONITORS, READ),
    ("prometheus-operator", "", ",".join(f"{name}/status" for name in MONITORS.split(",")), "get,patch,update"),
    ("prometheus-operator", "", "events", "create,patch"),
    ("prometheus-operator", "", "namespaces", READ),
    ("prometheus-operator", "", "nodes", FOLLOW),
    ("prometheus-operator", "", "storageclasses", "get"),
    ("prometheus-operator", "metrics", RUN, "get,list,patch,update,watch"),
    (
        "prometheus-operator",
        "metrics",
        ",".join(f"{name}/{part}" for name in RUN.split(",") for part in ("finalizers", "status")),
        "get,patch,update",
    ),
    ("prometheus-operator", "metrics", "configmaps,secrets", "create,delete,deletecollection,get,list,patch,update,watch"),
    ("prometheus-operator", "metrics", "endpointslices", "create,delete,get,list,patch,update"),
    ("prometheus-operator", "metrics", "pods", "delete,list"),
    ("prometheus-operator", "metrics", "services,services/finalizers", "create,delete,get,patch,update"),
    ("prometheus-operator", "metrics", "statefulsets", "create,delete,deletecollection,get,list,patch,update,watch"),
}
# Without the operator Prometheus finds the nodes itself, comes with its own token, and nobody reads Secrets.
STANDALONE = {
    ("prometheus", *right[1:]) if right[0] == "prometheus-scraper" else right
    for right in GRANTED
    if right[0] != "prometheus-operator" and right[:3] != ("prometheus", "", "ingresses")
} | {("prometheus", "", "nodes", READ)}
TABLES = {"operator": GRANTED, "standalone": STANDALONE}


def granted(objects: list[dict[str, Any]]) -> set[tuple[str, str, str, str]]:
    """The rights of every subject of every binding; those of a role that is not ours by the role's name."""
    roles = {
        (item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]): item["rules"]
        for item in objects
        if item["kind"] in ("ClusterRole", "Role")
    }
    found = set()
    for binding in objects:
        if binding["kind"] not in ("ClusterRoleBinding", "RoleBinding"):
            continue
        namespace, reference = binding["metadata"].get("namespace", ""), binding["roleRef"]
        home = namespace if reference["kind"] == "Role" else ""
        rules = roles.get((reference["kind"], home, reference["name"]))
        for subject in binding["subjects"]:
            assert subject["kind"] == "ServiceAccount"
            if rules is None:
                found.add((subject["name"], namespace, reference["name"], ""))
            for rule in rules or []:
                what = sorted(rule.get("resources", []) + rule.get("nonResourceURLs", []))
                found.add((subject["name"], namespace, ",".join(what), ",".join(sorted(rule["verbs"]))))
    return found


@pytest.mark.parametrize(("engine", "table"), TABLES.items())
def test_each_service_account_has_the_rights_it_needs_and_no_other(
    stacks: dict[str, list[dict[str, Any]]], engine: str, table: set[tuple[str, str, str, str]]
) -> None:
    assert granted(stacks[engine]) == table


@pytest.mark.parametrize("engine", TABLES)
def test_no_right_is_for_all_resources_or_all_verbs(stacks: dict[str, list[dict[str, Any]]], engine: str) -> None:
    assert [right for right in granted(stacks[engine]) if "*" in "".join(right)] == []


@pytest.mark.parametrize(("engine", "readers"), [("operator", {("prometheus-operator", "metrics")}), ("standalone", set())])
def test_secrets_are_read_in_listed_namespaces_alone(
    stacks: dict[str, list[dict[str, Any]]], engine: str, readers: set[tuple[str, str]]
) -> None:
    assert {(who, where) for who, where, what, _verbs in granted(stacks[engine]) if "secrets" in what.split(",")} == readers
