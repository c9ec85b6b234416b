# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom resource definitions, and whose an object is."""

from __future__ import annotations

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._custom_resources import definitions, owner_of


def version(name: str, plural: str, kind: str) -> dict[str, Any]:
    resource = {"resource": plural, "responseKind": {"group": "", "version": "", "kind": kind}, "scope": "Namespaced"}
    return {"version": name, "resources": [resource], "freshness": "Current"}


GROUPS = {
    "items": [
        {
            "metadata": {"name": "monitoring.coreos.com"},
            "versions": [version("v1", "prometheuses", "Prometheus"), version("v1alpha1", "scrapeconfigs", "ScrapeConfig")],
        }
    ]
}


def test_a_crd_has_the_versions_served_its_release_and_its_owner() -> None:
    annotations = {"operator.prometheus.io/version": "0.93.1"}
    crds = [
        {"metadata": {"name": "scrapeconfigs.monitoring.coreos.com"}},
        {"metadata": {"name": "prometheuses.monitoring.coreos.com", "annotations": annotations}},
        {"metadata": {"name": "widgets.example.com"}},
    ]
    found = definitions(crds, GROUPS)
    assert [(entry["name"], entry["kind"], entry["versions"], entry["release"]) for entry in found] == [
        ("prometheuses.monitoring.coreos.com", "Prometheus", ["v1"], "0.93.1"),
        ("scrapeconfigs.monitoring.coreos.com", "ScrapeConfig", ["v1alpha1"], None),
        ("widgets.example.com", "", [], None),
    ]
    assert [entry["name"] for entry in definitions(crds, GROUPS, ["example.com"])] == ["widgets.example.com"]


def test_an_owner_is_what_labels_annotations_and_field_managers_say() -> None:
    fields = [{"manager": "helm"}, {"manager": "kube-apiserver", "subresource": "status"}, {"manager": "helm"}]
    annotations = {"meta.helm.sh/release-name": "stack", "meta.helm.sh/release-namespace": "monitoring"}
    labels = {"app.kubernetes.io/managed-by": "Helm"}
    assert owner_of({"managedFields": fields, "annotations": annotations, "labels": labels}) == {
        "applyset": None,
        "helm_release": "monitoring/stack",
        "managed_by": "Helm",
        "managers": ["helm"],
    }
    assert owner_of({"labels": {"applyset.kubernetes.io/part-of": "applyset-x-v1"}})["applyset"] == "applyset-x-v1"
