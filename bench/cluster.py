"""The cluster everything is measured on: the sandbox `bench`, made for one run, or one that is marked as throw-away."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox import lifecycle, machine, node, programs

from .errors import BenchError
from .objects import CRD, resources

SANDBOX = "bench"
DELETE_TIMEOUT = "300s"


@dataclass(frozen=True)
class Cluster:
    """One context of one kubeconfig, and the kubectl to ask it with."""

    kubectl_path: Path
    kubeconfig: str
    context: str

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        command = [str(self.kubectl_path), f"--kubeconfig={self.kubeconfig}", f"--context={self.context}", *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchError(f"kubectl {' '.join(arguments[:3])} on {self.context}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def requests(self) -> int:
        """How many requests the API server has answered that a tool may have sent, by apiserver_request_total.

        Counted are all verbs but WATCH, dry runs included, on the kinds that are applied, and discovery (/api, /apis).
        Left out is what the cluster's own controllers and the API server send meanwhile: watches, subresources (status),
        other kinds, Namespaces (looked up by admission for every new object) and the OpenAPI documents (read by the
        aggregator). Of what a tool sends, that misses a handful.
        """
        total = 0
        for line in self.kubectl("get", "--raw=/metrics").splitlines():
            if line.startswith("apiserver_request_total{"):
                labels = dict(re.findall(r'(\w+)="([^"]*)"', line))
                discovery = not labels["resource"] and labels["subresource"] in ("api", "apis")
                applied = (labels["group"], labels["resource"]) in resources() and not labels["subresource"]
                if (discovery or applied) and labels["verb"] != "WATCH":
                    total += int(float(line.rpartition(" ")[2]))
        return total

    def create_namespace(self, name: str) -> None:
        """A namespace with all that controllers put into each, so that they rest while a tool is measured."""
        self.kubectl("create", "namespace", name)
        for content in ("serviceaccount/default", "configmap/kube-root-ca.crt"):
            self.kubectl("wait", "--for=create", content, f"--namespace={name}", "--timeout=60s")

    def delete_namespaces(self, names: list[str]) -> None:
        self.kubectl("delete", "namespace", *names, "--ignore-not-found", f"--timeout={DELETE_TIMEOUT}")


def of_environment(table: dict) -> Cluster | None:
    """The cluster that K8S_AUTH_KUBECONFIG and K8S_AUTH_CONTEXT name; None without them."""
    kubeconfig, context = (os.environ.get(f"K8S_AUTH_{name}", "") for name in ("KUBECONFIG", "CONTEXT"))
    return Cluster(_kubectl(table), kubeconfig, context) if kubeconfig and context else None


@contextlib.contextmanager
def own_sandbox(table: dict) -> Iterator[Cluster]:
    """A sandbox for this run alone."""
    home = node.Node(SANDBOX)
    machine.check()
    machine.prepare(home.state)
    programs.build(table["base"], table)
    node.down(home)
    try:
        lifecycle.up(home, table)
        yield Cluster(_kubectl(table), str(home.kubeconfig), home.id)
    finally:
        node.down(home)


@contextlib.contextmanager
def current(table: dict) -> Iterator[Cluster]:
    """The cluster of the environment, when it carries the throw-away mark."""
    programs.build(["kubernetes"], table)
    cluster = of_environment(table)
    if cluster is None:
        raise BenchError("--current needs K8S_AUTH_KUBECONFIG and K8S_AUTH_CONTEXT; `make bench CLUSTER=current` sets them.")
    namespace = json.loads(cluster.kubectl("get", "namespace", "kube-system", "--output=json"))
    if (namespace["metadata"].get("labels") or {}).get(node.THROW_AWAY) != "true":
        raise BenchError(
            f"The cluster of context {cluster.context} is not marked as one to throw away; to mark it: "
            f"kubectl --context {cluster.context} label namespace kube-system {node.THROW_AWAY}=true"
        )
    yield cluster


@contextlib.contextmanager
def with_crd(cluster: Cluster) -> Iterator[None]:
    """The kind of the custom resources, for as long as it is needed."""
    name = f"customresourcedefinition/{CRD['metadata']['name']}"
    cluster.kubectl("apply", "--server-side", "--filename=-", stdin=json.dumps(CRD))
    try:
        cluster.kubectl("wait", "--for=condition=Established", name, "--timeout=60s")
        yield
    finally:
        cluster.kubectl("delete", name, f"--timeout={DELETE_TIMEOUT}")


def _kubectl(table: dict) -> Path:
    return programs.Program.from_table("kubernetes", table).bin / "kubectl"
