"""Objects to apply: of mixed kinds, a third of them ConfigMaps of 30 KB, none of which starts a pod."""

from __future__ import annotations

import base64
from itertools import cycle
from pathlib import Path
from typing import Any

import yaml

Object = dict[str, Any]

GROUP = "bench.longterm.metrics"
LARGE = 30_000
LABELS = {"app.kubernetes.io/part-of": "bench"}

# The kind of the custom resources.
CRD: Object = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": f"probes.{GROUP}"},
    "spec": {
        "group": GROUP,
        "scope": "Namespaced",
        "names": {"kind": "Probe", "listKind": "ProbeList", "plural": "probes", "singular": "probe"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "required": ["interval"],
                                "properties": {
                                    "interval": {"type": "string"},
                                    "targets": {
                                        "type": "array",
                                        "items": {
                                            "type": "object",
                                            "properties": {"host": {"type": "string"}, "port": {"type": "integer"}},
                                        },
                                    },
                                },
                            }
                        },
                    }
                },
            }
        ],
    },
}


def objects(count: int, namespace: str) -> list[Object]:
    """`count` objects: every third a large ConfigMap, the others of the eight small kinds in turn."""
    small = cycle((_config_map, _secret, _service_account, _role, _role_binding, _service, _deployment, _probe))
    made = []
    for number in range(count):
        make = next(small) if number % 3 else _large_config_map
        made.append(make(f"bench-{number:04d}", namespace))
    for item in made:
        item["metadata"]["labels"] = LABELS
    return made


def resources() -> set[tuple[str, str]]:
    """API group and plural of every kind among the objects."""
    return {
        ("", "configmaps"),
        ("", "secrets"),
        ("", "serviceaccounts"),
        ("", "services"),
        ("apps", "deployments"),
        ("rbac.authorization.k8s.io", "roles"),
        ("rbac.authorization.k8s.io", "rolebindings"),
        (GROUP, "probes"),
    }


def write_chart(folder: Path, items: list[Object]) -> Path:
    """A Helm chart of plain objects, one file each; its folder of templates, which kubectl reads as well."""
    templates = folder / "templates"
    templates.mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: bench\nversion: 1.0.0\n")
    for item in items:
        (templates / f"{item['kind'].lower()}-{item['metadata']['name']}.yaml").write_text(yaml.safe_dump(item))
    return templates


def _large_config_map(name: str, namespace: str) -> Object:
    """Text as of a dashboard: long, regular, different in every object."""
    text = ""
    while len(text) < LARGE:
        text += f'{{"at": {len(text)}, "title": "{name}", "expr": "sum(rate(http_requests_total[5m])) by (code)"}}\n'
    return _object("v1", "ConfigMap", name, namespace, data={"dashboard.json": text})


def _config_map(name: str, namespace: str) -> Object:
    return _object("v1", "ConfigMap", name, namespace, data={"settings.yaml": f"name: {name}\nretention: 30d\n"})


def _secret(name: str, namespace: str) -> Object:
    value = base64.b64encode(f"made for {name}".encode()).decode()
    return _object("v1", "Secret", name, namespace, type="Opaque", data={"note": value})


def _service_account(name: str, namespace: str) -> Object:
    return _object("v1", "ServiceAccount", name, namespace, automountServiceAccountToken=False)


def _role(name: str, namespace: str) -> Object:
    rule = {"apiGroups": [""], "resources": ["pods", "services", "endpoints"], "verbs": ["get", "list", "watch"]}
    return _object("rbac.authorization.k8s.io/v1", "Role", name, namespace, rules=[rule])


def _role_binding(name: str, namespace: str) -> Object:
    return _object(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        name,
        namespace,
        roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
        subjects=[{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
    )


def _service(name: str, namespace: str) -> Object:
    port = {"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}
    return _object("v1", "Service", name, namespace, spec={"selector": {"app": name}, "ports": [port]})


def _deployment(name: str, namespace: str) -> Object:
    container = {
        "name": "main",
        "image": "registry.k8s.io/pause:3.10",
        "args": ["--listen=:8080"],
        "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}},
    }
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    spec = {"replicas": 0, "selector": {"matchLabels": {"app": name}}, "template": template}
    return _object("apps/v1", "Deployment", name, namespace, spec=spec)


def _probe(name: str, namespace: str) -> Object:
    targets = [{"host": f"{name}-{number}.example.org", "port": 443} for number in range(5)]
    return _object(f"{GROUP}/v1", "Probe", name, namespace, spec={"interval": "30s", "targets": targets})


def _object(api_version: str, kind: str, name: str, namespace: str, **content: Any) -> Object:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": namespace}, **content}
