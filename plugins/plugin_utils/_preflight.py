# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a cluster, as `cluster_info` saw it, the settings of a play do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Any]

OURS = "longterm-metrics"
NEEDED_CRDS = ("alertmanagers", "probes", "prometheuses", "prometheusrules", "servicemonitors")
# Since when definitions and operators know all that we ask of them.
OLDEST_OPERATOR = "0.81.0"
GITOPS_MANAGERS = ("argocd-controller", "kustomize-controller")
_MANY = 3


@dataclass(frozen=True)
class Port:
    """A port of the nodes that a variable asks for, and which object may have it already; any of the namespace "
    "without a name."""

    port: int
    variable: str
    kind: str
    namespace: str
    name: str = ""

    def is_of(self, holder: Item) -> bool:
        place = (holder["kind"], holder["namespace"])
        return place == (self.kind, self.namespace) and self.name in ("", holder["name"])


@dataclass(frozen=True)
class Settings:
    """What the play asks of the cluster. `storage_classes` are names by their variables, `gateways` variables that "
    "need the Gateway API."""

    namespace: str
    kubernetes: str
    operator: bool
    brings_crds: bool
    existing_operator: bool
    kubelet: bool
    default_class: str
    storage_classes: Mapping[str, str]
    ports: tuple[Port, ...]
    gateways: tuple[str, ...]
    shortages: tuple[str, ...]

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Settings:
        ports = tuple(Port(**{"namespace": given["namespace"], **port}) for port in given["ports"])
        return cls(**{**given, "ports": ports, "gateways": tuple(given["gateways"]), "shortages": tuple(given["shortages"])})


def findings(cluster: Item, settings: Settings) -> list[str]:
    """A sentence or two for each thing in the way, with every way out."""
    return [
        *_version(cluster, settings),
        *_definitions(cluster, settings),
        *_gateway_api(cluster, settings),
        *_storage_classes(cluster, settings),
        *_operators(cluster, settings),
        *_room(settings),
        *_ports_taken(cluster, settings),
    ]


def ports_twice(ports: tuple[Port, ...]) -> list[str]:
    """Two variables that ask for one port, each pair once."""
    pairs = [(one, other) for place, one in enumerate(ports) for other in ports[place + 1 :] if one.port == other.port]
    return [f"{one.variable} and {other.variable} are both {one.port}; give each a port of its own." for one, other in pairs]


def reconciled(cluster: Item) -> list[str]:
    """Definitions that Argo CD or Flux writes, by their field managers."""
    return sorted(crd["name"] for crd in cluster.get("crds") or [] if set(GITOPS_MANAGERS) & set(crd["owner"]["managers"]))


def _release(text: str | None) -> tuple[int, ...]:
    """One that does not say which it is counts as the newest."""
    found = re.search(r"\d+\.\d+(\.\d+)?", text or "")
    return tuple(map(int, found[0].split("."))) if found else (10**6,)


def _version(cluster: Item, settings: Settings) -> Iterator[str]:
    if _release(cluster["version"])[:2] < _release(settings.kubernetes)[:2]:
        yield f"Kubernetes is {cluster['version']}; must be at least {settings.kubernetes}."


def _definitions(cluster: Item, settings: Settings) -> Iterator[str]:
    crds = cluster.get("crds") or []
    if not settings.operator:
        return
    if settings.brings_crds:
        foreign = [
            crd["name"]
            for crd in crds
            if OURS not in crd["owner"]["managers"] and (crd["owner"]["helm_release"] or crd["owner"]["applyset"])
        ]
        if foreign:
            yield (
                "These custom resource definitions belong to another Helm release or ApplySet: "
                f"{', '.join(sorted(foreign))}. Set prometheus_operator_crds to false to use them as they are, or "
                "remove what brought them."
            )
        return
    missing = [name for name in NEEDED_CRDS if name not in {crd["name"].partition(".")[0] for crd in crds}]
    old = sorted(crd["name"] for crd in crds if crd["release"] and _release(crd["release"]) < _release(OLDEST_OPERATOR))
    if missing:
        yield (
            "prometheus_operator_crds is false, but the cluster has no custom resource definitions of "
            f"{', '.join(missing)}; bring those of Prometheus Operator, or set it to true."
        )
    elif old:
        yield (
            "prometheus_operator_crds is false, but these custom resource definitions are older than Prometheus "
            f"Operator {OLDEST_OPERATOR} "
            f"and lack fields that we use: {', '.join(old)}. Upgrade them, or set it to true."
        )


def _gateway_api(cluster: Item, settings: Settings) -> Iterator[str]:
    if settings.gateways and "gateway.networking.k8s.io" not in cluster["api_groups"]:
        yield (
            "The cluster does not serve the Gateway API (gateway.networking.k8s.io): bring its definitions and a "
            "controller, or set "
            f"{' and '.join(settings.gateways)} to another way in."
        )


def _storage_classes(cluster: Item, settings: Settings) -> Iterator[str]:
    existing = [entry["name"] for entry in cluster["storage_classes"]]
    asked: dict[str, list[str]] = {}
    for variable, name in settings.storage_classes.items():
        # That is what those say that are as they come.
        asked.setdefault(name, []).append("metrics_storage_class" if name == settings.default_class else variable)
    there = f" (available: {', '.join(existing) or 'none'})"
    for name, variables in asked.items():
        named = ", ".join(dict.fromkeys(variables))
        if name and name not in existing:
            yield f"There is no StorageClass {name}{there}; set {named} to one of them."
        elif not name and not cluster["default_storage_class"]:
            yield f"The cluster has no default StorageClass{there}; mark one, or set {named}."


def _operators(cluster: Item, settings: Settings) -> Iterator[str]:
    """Of others: those that would take our Prometheus, and what they run."""
    if not settings.operator:
        return
    others = [operator for operator in cluster["prometheus_operators"] if operator["part_of"] != OURS]
    taking = [operator for operator in others if _takes(operator, settings.namespace)]
    names = [f"the operator {_place(one)}{' ' + one['version'] if one['version'] else ''}" for one in taking]
    if settings.existing_operator:
        yield from _existing(taking, names, settings)
        return
    resources = [*_resources(cluster, [operator for operator in others if operator not in taking])]
    if names:
        yield (
            f"The cluster has another Prometheus by an operator: {', '.join([*names, *resources])}. Two operators undo "
            "what the other does. "
            "Leave ours to the existing operator (prometheus_operator_existing: true), keep that one to namespaces of "
            "its own (its argument "
            f"--deny-namespaces={settings.namespace}), or remove what is named."
        )
    elif resources:
        yield (
            f"The cluster has what another operator runs: {', '.join(resources)}. Should one without bounds come back, "
            "it would undo what ours "
            f"does. Remove what is named, or start its operator with --deny-namespaces={settings.namespace} if it is "
            "not in that namespace."
        )


def _existing(taking: list[Item], names: list[str], settings: Settings) -> Iterator[str]:
    said = "prometheus_operator_existing is true, but"
    if not taking:
        yield (
            f"{said} no operator on the cluster takes the namespace {settings.namespace}; let one take it (its "
            "arguments --namespaces and "
            "--deny-namespaces), or set prometheus_operator_existing to false."
        )
        return
    if len(taking) > 1:
        yield (
            f"{said} several operators take the namespace {settings.namespace}: {', '.join(names)}. Keep all but one "
            "from it (their argument "
            f"--deny-namespaces={settings.namespace})."
        )
    if _release(taking[0]["version"]) < _release(OLDEST_OPERATOR):
        yield (
            f"{said} the operator that Prometheus is left to is {taking[0]['version']}; must be {OLDEST_OPERATOR} or "
            "later. Upgrade it, or "
            "remove it and set prometheus_operator_existing to false."
        )
    if settings.kubelet and not any(operator["kubelet_service"] for operator in taking):
        yield (
            f"prometheus_kubelet is true, but {', '.join(names)} lists no kubelets; start it with "
            "--kubelet-service=kube-system/kubelet and "
            "--kubelet-endpointslice=true, or set prometheus_kubelet to false."
        )


def _resources(cluster: Item, confined: list[Item]) -> Iterator[str]:
    """What operators of others run, but for what a confined one takes care of."""
    for resource in cluster["prometheus_resources"]:
        ours = resource["part_of"] == OURS or OURS in resource["owner"]["managers"]
        if not ours and not any(_takes(operator, resource["namespace"]) for operator in confined):
            release = resource["owner"]["helm_release"]
            yield f"{resource['kind']} {_place(resource)}{f' of the Helm release {release}' if release else ''}"


def _takes(operator: Item, namespace: str) -> bool:
    return namespace not in operator["denied_namespaces"] and (not operator["namespaces"] or namespace in operator["namespaces"])


def _place(item: Item) -> str:
    return f"{item['namespace']}/{item['name']}"


def _room(settings: Settings) -> Iterator[str]:
    if settings.shortages:
        yield (
            f"The nodes have no room for all pods: {'; '.join(settings.shortages)}. Add nodes, lower what is asked for "
            "(the variables that end "
            "in _replicas and _resources), or set preflight_capacity to false where nodes are added on demand."
        )


def _ports_taken(cluster: Item, settings: Settings) -> Iterator[str]:
    for asked in settings.ports:
        held = [holder for holder in cluster["taken_ports"] if holder["port"] == asked.port and not asked.is_of(holder)]
        others = list(dict.fromkeys(f"{holder['kind']} {_place(holder)}" for holder in held))
        if others:
            more = " and others have" if len(others) > _MANY else " has" if len(others) == 1 else " have"
            yield (
                f"{asked.variable} is {asked.port}, which {', '.join(others[:_MANY])}{more} on the nodes already; set "
                "it to another port, or "
                "remove what has it."
            )
