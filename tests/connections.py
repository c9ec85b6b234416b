# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask the running stack who reaches whom: pods with the labels of each component, and of a stranger, connect to every port."""

from __future__ import annotations

import argparse
import sys
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kubernetes.client.exceptions import ApiException

from tests.integration.api import Api
from tests.network_policies import CONSUMERS, ELSEWHERE, EXPOSED, TABLES

NAME = "app.kubernetes.io/name"
# The chart's operator has its name there.
COMPONENT = "app.kubernetes.io/component"
MARK = "longterm.metrics/connections"
IMAGE = "localhost/busybox:1"
POD_NAME = "statefulset.kubernetes.io/pod-name"
POLICIES = "networking.k8s.io/v1"
# How long pods take to start, and a network plugin to learn of them.
READY_WITHIN = 180
# The first target is the canary. When it answers, the network plugin knows this pod; a moment later every policy does.
SCRIPT = """
connects() { busybox nc -w 5 "${1%:*}" "${1#*:}" -e busybox true 2>/dev/null; }
until connects "${TARGETS%% *}"; do sleep 1; done
sleep 2
for target in $TARGETS; do
  if connects "$target"; then echo "$target"; fi
done
echo done
sleep 100000
"""


@dataclass(frozen=True)
class Target:
    component: str
    pod: str
    address: str
    port: int

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


@dataclass(frozen=True)
class Source:
    """A pod that carries the name of a component."""

    component: str
    namespace: str

    def pod(self, targets: list[Target]) -> dict[str, Any]:
        """Its manifest: under the pod security level `restricted`, and never Ready, so that no Service sends anybody to it."""
        container = {
            "name": "main",
            "image": IMAGE,
            "command": ["sh", "-c", SCRIPT],
            "env": [{"name": "TARGETS", "value": " ".join(map(str, targets))}],
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        }
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"connections-{self.component}", "labels": {NAME: self.component, MARK: "true"}},
            "spec": {
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "readinessGates": [{"conditionType": "longterm.metrics/never"}],
                "restartPolicy": "Never",
                "terminationGracePeriodSeconds": 0,
                "securityContext": {"runAsNonRoot": True, "runAsUser": 65534, "seccompProfile": {"type": "RuntimeDefault"}},
                "containers": [container],
            },
        }


def targets_of(pods: list[dict[str, Any]], table: dict[tuple[str, int], set[str]]) -> list[Target]:
    """The ports of the table and those that the containers declare, of one running pod of each of its components."""
    components = {component for component, _port in table}
    found: list[Target] = []
    for pod in pods:
        labels = pod["metadata"].get("labels", {})
        name = next((labels[key] for key in (NAME, COMPONENT) if labels.get(key) in components), None)
        if not name or pod["status"]["phase"] != "Running" or MARK in labels or name in {target.component for target in found}:
            continue
        ports = {port for component, port in table if component == name}
        for container in pod["spec"]["containers"]:
            declared = container.get("ports") or ()
            ports |= {entry["containerPort"] for entry in declared if entry.get("protocol", "TCP") == "TCP"}
        found += [Target(name, pod["metadata"]["name"], pod["status"]["podIP"], port) for port in sorted(ports)]
    return found


def canary_of(pods: list[dict[str, Any]], targets: list[Target], table: dict[tuple[str, int], set[str]]) -> Target:
    """A further replica of a component of the targets, at the port that most use; a policy of our own admits all sources there.

    The network plugin refuses a pod that it does not know yet whatever the policies say. It knows one that the canary answers.
    """
    asked = {target.pod: target.component for target in targets}
    for pod in pods:
        labels, name = pod["metadata"].get("labels", {}), pod["metadata"]["name"]
        component = labels.get(NAME)
        if POD_NAME in labels and component in asked.values() and name not in asked:
            port = max((port for other, port in table if other == component), key=lambda port: len(table[component, port]))
            return Target(component, name, pod["status"]["podIP"], port)
    raise SystemExit(
        "No StatefulSet of the stack has a second replica, which tells when new pods are known to the network plugin."
    )


def admission(canary: Target) -> dict[str, Any]:
    """The policy by which the canary takes connections from all sources."""
    peer = {"namespaceSelector": {}, "podSelector": {"matchLabels": {MARK: "true"}}}
    return {
        "apiVersion": POLICIES,
        "kind": "NetworkPolicy",
        "metadata": {"name": "connections", "labels": {MARK: "true"}},
        "spec": {
            "podSelector": {"matchLabels": {POD_NAME: canary.pod}},
            "policyTypes": ["Ingress"],
            "ingress": [{"ports": [{"port": canary.port}], "from": [peer]}],
        },
    }


def expected(source: Source, targets: list[Target], home: str, table: dict[tuple[str, int], set[str]]) -> set[str]:
    """The targets that must take a connection from it; a port without a line in the table takes none."""

    def admitted(users: set[str]) -> bool:
        return ELSEWHERE in users or (source.namespace == home and source.component in users)

    lines = {**table, **EXPOSED}
    return {str(target) for target in targets if admitted(lines.get((target.component, target.port), set()))}


def listens(api: Api, namespace: str, target: Target) -> bool:
    """Whether anything takes connections there, asked from the node, which every policy admits."""
    try:
        api.text(f"/api/v1/namespaces/{namespace}/pods/{target.pod}:{target.port}/proxy/")
    except ApiException as error:
        return "connection refused" not in str(error.body)
    return True


def reached_by(api: Api, source: Source) -> set[str] | None:
    """The targets that took its connection; None until it has asked all."""
    try:
        lines = api.text(f"/api/v1/namespaces/{source.namespace}/pods/connections-{source.component}/log").split()
    except ApiException:
        # Its container has not started.
        return None
    return set(lines[:-1]) if lines[-1:] == ["done"] else None


def ask(api: Api, sources: Iterable[Source]) -> dict[Source, set[str]]:
    """What each source reached; those are left out that have not asked all in time."""
    deadline = time.monotonic() + READY_WITHIN
    reached: dict[Source, set[str]] = {}
    while len(reached) < len(list(sources)) and time.monotonic() < deadline:
        for source in sources:
            if source not in reached and (found := reached_by(api, source)) is not None:
                reached[source] = found
        time.sleep(0.5)
    return reached


def remove(api: Api, namespace: str, elsewhere: str) -> None:
    for name in api.names("Pod", namespace, label_selector=MARK):
        api.delete("Pod", name, namespace)
    for name in api.names("NetworkPolicy", namespace, api_version=POLICIES, label_selector=MARK):
        api.delete("NetworkPolicy", name, namespace, api_version=POLICIES)
    if api.find("Namespace", elsewhere):
        api.delete("Namespace", elsewhere)
    while api.names("Pod", namespace, label_selector=MARK):
        time.sleep(0.2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--context", required=True)
    parser.add_argument("--namespace", required=True)
    parser.add_argument("--engine", required=True, choices=TABLES)
    parser.add_argument("--absent", nargs="*", default=[], help="the components of the table that do not run here")
    arguments = parser.parse_args()
    table, home, elsewhere = TABLES[arguments.engine], arguments.namespace, f"connections-{uuid.uuid4().hex[:8]}"
    with TemporaryDirectory() as folder:
        api = Api(arguments.kubeconfig, Path(folder, "discovery.json"), arguments.context)
        remove(api, home, elsewhere)
        pods = api.list("Pod", home)
        targets = targets_of(pods, table)
        absent = {name for name, _port in table} - {target.component for target in targets}
        if absent != set(arguments.absent):
            print(f"Without a running pod in namespace {home}: {sorted(absent)}; expected: {sorted(arguments.absent)}.")
            return 1
        canary = canary_of(pods, targets, table)
        here = [Source(name, home) for name in (*CONSUMERS, "stranger")]
        there = [Source(name, elsewhere) for name in ("prometheus", "stranger")]
        sources = {source: {str(canary)} | expected(source, targets, home, table) for source in (*here, *there)}
        reached_by_nobody = [target for target in targets if str(target) not in set().union(*sources.values())]
        deaf = [target for target in reached_by_nobody if not listens(api, home, target)]
        try:
            api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": elsewhere}})
            api.create(admission(canary), home)
            for source in sources:
                api.create(source.pod([canary, *targets]), source.namespace)
            reached = ask(api, sources)
        finally:
            remove(api, home, elsewhere)
    names = {str(target): f"{target.pod}:{target.port}" for target in [canary, *targets]}
    findings = [f"Nothing listens at {names[str(target)]}, so that a refusal there says nothing." for target in deaf]
    for source, wanted in sources.items():
        who = f"A pod called {source.component} {'of another namespace' if source.namespace == elsewhere else 'beside them'}"
        if source not in reached:
            findings.append(f"{who} had not asked all after {READY_WITHIN} s; {names[str(canary)]} must answer it first.")
            continue
        findings += [f"{who} reached {names[one]} and must not." for one in sorted(reached[source] - wanted)]
        findings += [f"{who} did not reach {names[one]} and must." for one in sorted(wanted - reached[source])]
    print("\n".join(findings) or f"{len(sources)} sources, {len(targets)} ports: as in the table.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
