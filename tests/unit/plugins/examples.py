# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects as roles declare them, and a run over a set of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._apply_set import ApplySet
from ansible_collections.longterm.metrics.plugins.module_utils._changes import Changes
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._parent import Parent
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer

Object = dict[str, Any]


def config_map(name: str, **data: str) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "metrics"}, "data": data}


def secret(name: str, **data: str) -> Object:
    return {**config_map(name, **data), "kind": "Secret"}


def namespace(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def workload(kind: str, name: str, **spec: Any) -> Object:
    """A Deployment or StatefulSet of one pod."""
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template, **spec}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": "metrics"}, "spec": spec}


def claim_template(size: str) -> Object:
    return {"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": size}}}}


def claim(name: str, size: str = "1Gi") -> Object:
    metadata = {"name": name, "namespace": "metrics"}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": claim_template(size)["spec"]}


def crd(kind: str = "Widget", group: str = "example.com", **version: Any) -> Object:
    plural = f"{kind.lower()}s"
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural},
            "versions": [{"name": "v1", "served": True, "storage": True, **version}],
        },
    }


def custom_resource(name: str, kind: str = "Widget", **spec: Any) -> Object:
    return {
        "apiVersion": "example.com/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "metrics"},
        "spec": spec or {"a": 1},
    }


ESTABLISHED = {"conditions": [{"type": "Established", "status": "True"}]}
AVAILABLE = {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1}


def apply(
    cluster: Cluster, *objects: Object, name: str = "web", claims: Sequence[dict[str, str]] = (), **options: Any
) -> Changes:
    """One run of apply_set in namespace `metrics`."""
    options = {"force": True, "check": False, "lock_timeout": 30.0, **options}
    return ApplySet(cluster, name, "metrics", **options).apply(list(objects), claims)


def parent_of(cluster: Cluster, name: str = "web") -> Parent:
    return Parent.read(cluster, name, "metrics")


def sizes(server: FakeServer) -> dict[str, str]:
    """What the claims of namespace `metrics` ask for."""
    names = server.names("PersistentVolumeClaim")
    return {name: server.at("PersistentVolumeClaim", name)["spec"]["resources"]["requests"]["storage"] for name in names}
