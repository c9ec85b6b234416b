# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects for sets under test. Pods among them end at once when told to."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

CRDS = "apiextensions.k8s.io/v1"
PART_OF = "applyset.kubernetes.io/part-of"


def config_map(name: str, **data: str) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def secret(name: str, **values: str) -> Object:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": values}


def namespace_named(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def claim(name: str, size: str = "16Mi") -> Object:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}


def crd(group: str, description: str = "") -> Object:
    """The CRD of kind Thing; its spec has the one field `size`, a whole number."""
    size = {"type": "integer", "description": description}
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": size}}}}
    return {
        "apiVersion": CRDS,
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"things.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": "Thing", "plural": "things"},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}],
        },
    }


def thing(group: str, name: str, **spec: Any) -> Object:
    return {"apiVersion": f"{group}/v1", "kind": "Thing", "metadata": {"name": name}, "spec": spec}


def pod_template(name: str, image: str, command: str = "sleep 100000", **spec: Any) -> Object:
    """A pod of one container, `main`, that runs a shell command and is never pulled for when it is a sandbox's own image."""
    container = {
        "name": "main",
        "image": image,
        "imagePullPolicy": "Never" if image.startswith("localhost/") else "IfNotPresent",
        "command": ["sh", "-c", command],
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }
    return {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 0, **spec},
    }


def deployment(name: str, image: str, command: str = "sleep 100000", **spec: Any) -> Object:
    template = pod_template(name, image, command, **spec)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}}, "template": template},
    }


def stateful_set(name: str, image: str, size: str = "16Mi", **claim_labels: str) -> Object:
    """One replica with one claim, data-<name>-0."""
    template = pod_template(name, image)
    template["spec"]["containers"][0]["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
    volume = {"metadata": {"name": "data", "labels": claim_labels}, "spec": claim("data", size)["spec"]}
    spec = {
        "replicas": 1,
        "serviceName": name,
        "selector": {"matchLabels": {"app": name}},
        "template": template,
        "volumeClaimTemplates": [volume],
    }
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": name}, "spec": spec}
