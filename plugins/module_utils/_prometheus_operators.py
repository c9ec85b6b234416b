# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Prometheus operators of a cluster, told by the pods they run in, and of which namespaces they take care."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._custom_resources import owner_of
from ansible_collections.longterm.metrics.plugins.module_utils._discovery import Discovery

Pod = Mapping[str, Any]

IMAGE = re.compile(r"(^|/)prometheus-operator(:|@|$)")
# Every operator is told which reloader to put beside Prometheus, whatever its image is called.
TELLING = "prometheus-config-reloader"
PART_OF = "app.kubernetes.io/part-of"
GROUP, KINDS = "monitoring.coreos.com", ("Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler")


def operators(pods: Iterable[Pod]) -> list[dict[str, Any]]:
    """Each operator that runs or starts, by namespace and name."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for pod in pods:
        for container in pod["spec"]["containers"]:
            flags = _flags((*(container.get("command") or ()), *(container.get("args") or ())))
            if IMAGE.search(container.get("image", "")) or TELLING in flags:
                metadata = pod["metadata"]
                place = (metadata["namespace"], _name(metadata))
                found[place] = {
                    "namespace": place[0],
                    "name": place[1],
                    "part_of": (metadata.get("labels") or {}).get(PART_OF),
                    "version": _version(container.get("image", "")),
                    # Those of Prometheus resources, or else those of all.
                    "namespaces": _listed(flags.get("prometheus-instance-namespaces") or flags.get("namespaces")),
                    "denied_namespaces": _listed(flags.get("deny-namespaces")),
                    "kubelet_service": flags.get("kubelet-service") or None,
                }
    return [found[place] for place in sorted(found)]


def collections(groups: dict[str, Any]) -> list[tuple[str, str]]:
    """Kind and path of what operators run, as far as the APIGroupDiscoveryList `groups` says that the cluster serves it."""
    discovery = Discovery.of_documents([groups])
    return [(kind, found.path()) for kind in sorted(KINDS) if (found := discovery.preferred(GROUP, kind))]


def resource(kind: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """A resource that an operator runs, by whom it is."""
    part_of = (metadata.get("labels") or {}).get(PART_OF)
    place = {"kind": kind, "namespace": metadata["namespace"], "name": metadata["name"]}
    return {**place, "part_of": part_of, "owner": owner_of(metadata)}


def _flags(words: Iterable[str]) -> dict[str, str]:
    """The values of -name=value and --name=value."""
    pairs = [word.lstrip("-").partition("=") for word in words if word.startswith("-")]
    return {name: value.strip('"') for name, _equals, value in pairs}


def _listed(value: str | None) -> list[str]:
    """Namespaces of a comma-separated flag; none where it says all, or leaves them to the environment."""
    names = [name.strip() for name in (value or "").split(",")]
    return [] if "$(" in (value or "") else sorted(name for name in names if name)


def _version(image: str) -> str | None:
    matched = re.search(r":(v?[0-9]+[.][0-9]+[.][0-9]+)", image.rpartition("/")[2])
    return matched[1] if matched else None


def _name(metadata: Mapping[str, Any]) -> str:
    """Of the Deployment whose ReplicaSet made the pod; of the pod, where none did."""
    template = (metadata.get("labels") or {}).get("pod-template-hash")
    owner = next((owner["name"] for owner in metadata.get("ownerReferences") or ()), metadata["name"])
    return str(owner.removesuffix(f"-{template}") if template else owner)
