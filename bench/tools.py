"""The tools side by side, each as one command that gets the objects in the form it reads fastest."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import kubernetes_core as core
from sandbox import programs

from .cluster import Cluster
from .errors import BenchError
from .objects import Object, write_chart

COLLECTIONS = Path(__file__).parents[1] / "collections"

PACKAGES = ("ansible-core~=2.19.0", "kubernetes>=33,<37", "pyyaml", "jsonpatch")

# A module in its process as ansible-core 2.19 runs it: arguments as JSON, the profile of plain JSON. No controller.
RUN_MODULE = """
import runpy, sys
sys.path.insert(0, sys.argv[1])
from ansible.module_utils import basic
basic._ANSIBLE_ARGS = sys.stdin.buffer.read()
basic._ANSIBLE_PROFILE = "legacy"
runpy.run_module(sys.argv[2], run_name="__main__")
"""


@dataclass(frozen=True)
class Command:
    """A command line, its input, and whether Ansible answers: on stdout, errors too, a module as JSON."""

    line: list[str]
    stdin: bytes = b""
    is_ansible: bool = False


# Writes what a tool reads into a folder of its own; the command applies it to a namespace.
Prepare = Callable[[Cluster, Path, str, list[Object]], Command]


def kubectl(cluster: Cluster, folder: Path, namespace: str, items: list[Object]) -> Command:
    file = folder / "objects.json"
    file.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    access = [f"--kubeconfig={cluster.kubeconfig}", f"--context={cluster.context}", f"--namespace={namespace}"]
    return Command([str(cluster.kubectl_path), *access, "apply", "--server-side", f"--filename={file}"])


def helm(cluster: Cluster, folder: Path, namespace: str, items: list[Object]) -> Command:
    write_chart(folder, items)
    program = programs.Program.from_table("helm", programs.load_table()).bin / "helm"
    access = [f"--kubeconfig={cluster.kubeconfig}", f"--kube-context={cluster.context}", f"--namespace={namespace}"]
    return Command([str(program), *access, "upgrade", "--install", "bench", str(folder)])


def apply_set(cluster: Cluster, folder: Path, namespace: str, items: list[Object]) -> Command:
    options = {"name": "bench", "namespace": namespace, "objects": items}
    return _module(cluster, sys.executable, COLLECTIONS, "longterm.metrics.plugins.modules.apply_set", options)


def kubernetes_core(environment: Path) -> Prepare:
    """`kubernetes.core.k8s` with one list, from the virtual environment of `install_kubernetes_core`."""

    def prepare(cluster: Cluster, folder: Path, namespace: str, items: list[Object]) -> Command:
        options = {"definition": items, "apply": True, "server_side_apply": {"field_manager": "bench"}}
        python = str(environment / "bin" / "python")
        return _module(cluster, python, _site_packages(environment), "kubernetes.core.plugins.modules.k8s", options)

    return prepare


def _module(cluster: Cluster, python: str, collections: Path, module: str, options: dict[str, Any]) -> Command:
    arguments = {"kubeconfig": cluster.kubeconfig, "context": cluster.context, **options}
    stdin = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
    return Command([python, "-c", RUN_MODULE, str(collections), f"ansible_collections.{module}"], stdin, is_ansible=True)


def install_kubernetes_core() -> Path:
    """A virtual environment with kubernetes.core, in the cache; in the project's own it would hide our collection."""
    key = hashlib.sha256("\n".join((*PACKAGES, core.COMMUNITY_PACKAGE, sys.version)).encode()).hexdigest()[:12]
    home = programs.cache_dir() / f"venv-bench-{key}"
    # Written last, as the Makefile does it.
    ready = home / "complete"
    if ready.exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    _run(sys.executable, "-m", "venv", str(home))
    pip = [str(home / "bin" / "pip"), "--disable-pip-version-check", "--quiet"]
    _run(*pip, "install", *PACKAGES)
    core.extract(_site_packages(home))
    ready.touch()
    return home


def kubernetes_core_version(environment: Path) -> str:
    manifest = json.loads((_site_packages(environment) / core.FOLDER / "MANIFEST.json").read_text())
    return str(manifest["collection_info"]["version"])


def _site_packages(environment: Path) -> Path:
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(environment)}))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"{Path(command[0]).name} {' '.join(command[1:4])} failed: {done.stderr.strip()[-500:]}")


def environment(home: Path) -> dict[str, str]:
    """The environment of everything that is measured: nothing of the caller's but PATH, and a home that is thrown away."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home),
        "LONGTERM_METRICS_CACHE": str(programs.cache_dir()),
    }
