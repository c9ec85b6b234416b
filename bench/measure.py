"""Taking the times: of each tool's first apply and no-op, of a module's floor, of site.yml."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import yaml

from .cluster import Cluster
from .errors import BenchError
from .objects import objects
from .tools import Command, Prepare, environment

ROOT = Path(__file__).parents[1]
# Requests of the cluster's controllers that the last apply set off are over by then.
REST_SECONDS = 2

PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  vars: {{ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"}}
  tasks:
    - {task}
"""
PING = "ansible.builtin.ping:"
# Connects and makes one request: a GET of a Secret that is not there.
ONE_REQUEST = "longterm.metrics.generated_secret: {{name: bench, namespace: default, state: absent, {access}}}"


@dataclass
class Run:
    """Seconds and API requests of every repetition of one kind of run."""

    seconds: list[float] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)


@dataclass
class Figures:
    """One tool's first applies and its runs with nothing to do."""

    first: Run = field(default_factory=Run)
    no_op: Run = field(default_factory=Run)


class Bench:
    """Everything measured on one cluster; `home` is a folder that is thrown away."""

    def __init__(self, cluster: Cluster, home: Path) -> None:
        self.cluster = cluster
        self.home = home
        self.environment = environment(home)

    def side_by_side(self, tools: dict[str, Prepare], count: int, repetitions: int) -> dict[str, Figures]:
        """Every repetition gives every tool a new namespace; whoever is first changes from one to the next."""
        names, found = list(tools), {name: Figures() for name in tools}
        for number in range(repetitions):
            _progress(f"{count} objects, repetition {number + 1} of {repetitions}")
            turn = number % len(names)
            spaces = {name: f"bench-{count}-{number}-{place}" for place, name in enumerate(names)}
            try:
                for name in names[turn:] + names[:turn]:
                    self._first_and_no_op(tools[name], spaces[name], count, found[name])
            finally:
                self.cluster.delete_namespaces(list(spaces.values()))
        return found

    def _first_and_no_op(self, prepare: Prepare, namespace: str, count: int, found: Figures) -> None:
        folder = self.home / namespace
        folder.mkdir()
        command = prepare(self.cluster, folder, namespace, objects(count, namespace))
        self.cluster.create_namespace(namespace)
        for run, changes in ((found.first, True), (found.no_op, False)):
            time.sleep(REST_SECONDS)
            before = self.cluster.requests()
            seconds, output = self._timed(command)
            run.requests.append(self.cluster.requests() - before)
            run.seconds.append(seconds)
            if command.is_ansible and json.loads(output)["changed"] != changes:
                raise BenchError(f"{command.line[-1]} says changed={not changes} where it must be {changes}.")

    def floor(self, repetitions: int) -> tuple[float, float]:
        """Median seconds of a playbook with one ping, and of one with our cheapest module, in turn."""
        access = f"kubeconfig: {self.cluster.kubeconfig}, context: {self.cluster.context}"
        found: dict[str, list[float]] = {"ping": [], "ours": []}
        for name, task in (("ping", PING), ("ours", ONE_REQUEST.format(access=access))):
            (self.home / f"{name}.yml").write_text(PLAYBOOK.format(task=task))
        for number in range(repetitions + 1):
            _progress(f"floor of a module, repetition {number} of {repetitions}")
            for name, seconds in found.items():
                taken, _output = self._timed(_playbook(self.home / f"{name}.yml", "--inventory=localhost,"))
                # The first one of each compiles and is not counted.
                if number:
                    seconds.append(taken)
        return median(found["ping"]), median(found["ours"])

    def site(self, target: Cluster, inventory: str, repetitions: int) -> float:
        """Median seconds of site.yml where all of it is deployed already. Measuring deploys nothing: check mode comes first."""
        namespace = yaml.safe_load((ROOT / "roles/common/defaults/main.yml").read_text())["metrics_namespace"]
        parents = target.kubectl(
            "get", "configmap", "thanos", "prometheus", f"--namespace={namespace}", "--ignore-not-found", "-o=name"
        )
        if len(parents.split()) != 2:
            raise BenchError(f"the stack is not deployed in namespace {namespace} of {target.context}; `make up` deploys it")
        variables = {"metrics_kubeconfig": target.kubeconfig, "metrics_context": target.context, "metrics_namespace": namespace}
        arguments = [f"--inventory={ROOT / inventory}", f"--extra-vars={json.dumps(variables)}"]
        seconds = []
        for number in range(repetitions + 1):
            _progress(f"site.yml, repetition {number} of {repetitions}")
            mode = [] if number else ["--check"]
            taken, output = self._timed(_playbook(ROOT / "site.yml", *arguments, *mode))
            if changed := sum(map(int, re.findall(r"\bchanged=(\d+)", output))):
                raise BenchError(f"site.yml {' '.join(mode)} says changed={changed} on {target.context}; `make up` first")
            seconds.append(taken)
        return median(seconds[1:])

    def _timed(self, command: Command) -> tuple[float, str]:
        started = time.monotonic()
        done = subprocess.run(command.line, input=command.stdin, capture_output=True, env=self.environment, cwd=ROOT, check=False)
        taken = time.monotonic() - started
        output = done.stdout.decode()
        if done.returncode:
            tail = (output if command.is_ansible else done.stderr.decode()).strip()[-800:]
            raise BenchError(f"{Path(command.line[0]).name} failed with {done.returncode}: {tail}")
        return taken, output


def _playbook(file: Path, *arguments: str) -> Command:
    return Command([str(Path(sys.executable).with_name("ansible-playbook")), *arguments, str(file)], is_ansible=True)


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
