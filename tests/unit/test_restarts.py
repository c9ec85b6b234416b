# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pods that read a Secret only when they start list it, so that they are restarted when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._secret_digests import RESTARTED_BY

OBJECT_STORE = {"object-store-credentials"}
# Files that a program of these pods reads once, though the kubelet keeps them current.
READ_ONCE = {"grafana": {"grafana-admin", "grafana-keys"}, "exposure": {"people", "tls"}}


def pods(objects: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any], dict[str, str]]]:
    """Of each workload its name, the spec of its pods and their annotations; Jobs left out, which run once."""
    for item in objects:
        spec = item.get("spec") or {}
        if item["kind"] in ("Deployment", "StatefulSet", "DaemonSet"):
            template = spec["template"]
            yield item["metadata"]["name"], template["spec"], template["metadata"].get("annotations") or {}
        if item["kind"] in ("Prometheus", "Alertmanager", "ThanosRuler"):
            name = "thanos-ruler" if item["kind"] == "ThanosRuler" else item["metadata"]["name"]
            yield name, spec, (spec.get("podMetadata") or {}).get("annotations") or {}


def read_at_startup(spec: dict[str, Any]) -> set[str]:
    """Secrets in the environment of containers, and those mounted by a subPath, which the kubelet never updates."""
    containers = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
    env = {
        entry["valueFrom"]["secretKeyRef"]["name"]
        for container in containers
        for entry in container.get("env") or ()
        if "secretKeyRef" in entry.get("valueFrom", {})
    }
    sources = [source for container in containers for source in container.get("envFrom") or ()]
    whole = {source["secretRef"]["name"] for source in sources if "secretRef" in source}
    volumes = {volume["name"]: volume["secret"]["secretName"] for volume in spec.get("volumes") or () if "secret" in volume}
    mounts = [mount for container in containers for mount in container.get("volumeMounts") or () if mount.get("subPath")]
    return env | whole | {volumes[mount["name"]] for mount in mounts if mount["name"] in volumes}


@pytest.mark.parametrize("engine", ["operator", "standalone"])
def test_every_secret_that_pods_read_at_startup_restarts_them(engine: str, stacks: dict[str, list[dict[str, Any]]]) -> None:
    found = {}
    for name, spec, notes in pods(stacks[engine]):
        needed = read_at_startup(spec) | READ_ONCE.get(name, set())
        if needed:
            found[name] = needed
            assert set(notes.get(RESTARTED_BY, "").split(",")) == needed, name
    prometheus = "main" if engine == "operator" else "prometheus"
    assert {name for name, needed in found.items() if needed == OBJECT_STORE} == {
        "object-store",
        "thanos-bucket-web",
        "thanos-receive-default",
        "thanos-store",
        "thanos-ruler",
        "thanos-compact",
        prometheus,
    }
    assert found["prometheus-alert"] == {"prometheus-alert-login", "dingtalk"}
