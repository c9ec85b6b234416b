# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask the running stack who reaches whom: pods with the labels of each component, and of a stranger, connect to every port."""

from __future__ import annotations

import argparse
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kubernetes.client.exceptions import ApiException

from tests.integration.api import Api
from tests.network_policies import COMPONENTS, ELSEWHERE, TABLES

NAME = "app.kubernetes.io/name"
# The chart's operator has its name there.
COMPONENT = "app.kubernetes.io/component"
MARK = "longterm.metrics/connections"
IMAGE = "localhost/busybox:1"
# Network plugins learn of a pod some time after it has started.
CONVERGES_WITHIN = 120
# Round after round, one line each: the targets that took a connection.
ROUNDS = """
while :; do
  reached=
  for target in $TARGETS; do
    busybox nc -w 2 "${target%:*}" "${target#*:}" -e busybox true 2>/dev/null && reached="$reached $target"
  done
  echo "round$reached"
  sleep 1
done
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
            "command": ["sh", "-c", ROUNDS],
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


def expected(source: Source, targets: list[Target], home: str, table: dict[tuple[str, int], set[str]]) -> set[str]:
    """The targets that must take a connection from it; a port without a line in the table takes none."""

    def admitted(users: set[str]) -> bool:
        return ELSEWHERE in users or (source.namespace == home and source.component in users)

    return {str(target) for target in targets if admitted(table.get((target.component, target.port), set()))}


def listens(api: Api, namespace: str, target: Target) -> bool:
    """Whether anything takes connections there, asked from the node, which every policy admits."""
    try:
        api.text(f"/api/v1/namespaces/{namespace}/pods/{target.pod}:{target.port}/proxy/")
    except ApiException as error:
        return "connection refused" not in str(error.body)
    return True


def rounds_of(api: Api, source: Source) -> list[set[str]]:
    try:
        log = api.text(f"/api/v1/namespaces/{source.namespace}/pods/connections-{source.component}/log")
    except ApiException:
        # Its container has not started.
        return []
    return [set(line.split()[1:]) for line in log.splitlines() if line.startswith("round")]


def ask(api: Api, sources: dict[Source, set[str]]) -> dict[Source, tuple[set[str], set[str]]]:
    """What differs from what is expected: the targets that a source reached in any round, and those missing in the last one.

    The sources are asked until each has had two whole rounds in a row that are as expected.
    """
    deadline = time.monotonic() + CONVERGES_WITHIN
    while True:
        seen = {source: rounds_of(api, source) for source in sources}
        converged = all(seen[source][-2:] == [wanted, wanted] for source, wanted in sources.items())
        if converged or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    differences = {}
    for source, wanted in sources.items():
        too_many = set().union(*seen[source]) - wanted
        missing = wanted - (seen[source][-1] if seen[source] else set())
        # One without rounds has told nothing.
        if too_many or missing or not seen[source]:
            differences[source] = too_many, missing
    return differences


def remove(api: Api, namespace: str, elsewhere: str) -> None:
    for name in api.names("Pod", namespace, label_selector=MARK):
        api.delete("Pod", name, namespace)
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
        targets = targets_of(api.list("Pod", home), table)
        absent = {name for name, _port in table} - {target.component for target in targets}
        if absent != set(arguments.absent):
            print(f"Without a running pod in namespace {home}: {sorted(absent)}; expected: {sorted(arguments.absent)}.")
            return 1
        here = [Source(name, home) for name in (*COMPONENTS, "stranger")]
        there = [Source(name, elsewhere) for name in ("prometheus", "stranger")]
        sources = {source: expected(source, targets, home, table) for source in (*here, *there)}
        reached_by_nobody = [target for target in targets if str(target) not in set().union(*sources.values())]
        deaf = [target for target in reached_by_nobody if not listens(api, home, target)]
        try:
            api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": elsewhere}})
            for source in sources:
                api.create(source.pod(targets), source.namespace)
            differences = ask(api, sources)
        finally:
            remove(api, home, elsewhere)
    names = {str(target): f"{target.pod}:{target.port}" for target in targets}
    for target in deaf:
        print(f"Nothing listens at {names[str(target)]}, so that a refusal there says nothing.")
    for source, (too_many, missing) in differences.items():
        who = f"A pod called {source.component} in namespace {'of its own' if source.namespace == elsewhere else home}"
        reached, unreached = (", ".join(sorted(names[one] for one in some)) for some in (too_many, missing))
        print(f"{who} reached, against the table: {reached or 'nothing'}; did not reach: {unreached or 'nothing'}.")
    if deaf or differences:
        return 1
    print(f"{len(sources)} sources, {len(targets)} ports of {len({target.pod for target in targets})} pods: as in the table.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
