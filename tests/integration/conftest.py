# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all integration tests share: one cluster that carries the mark of a cluster to throw away, and no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import pytest
from kubernetes import config
from kubernetes.client.exceptions import ApiException
from kubernetes.config.config_exception import ConfigException
from kubernetes.dynamic.exceptions import NotFoundError
from urllib3.exceptions import HTTPError

from tests.integration.api import Api

ROOT = Path(__file__).resolve().parents[2]
MODULES = "ansible_collections.longterm.metrics.plugins.modules"
DEFAULT_KUBECONFIG = "/var/opt/longterm-metrics/default/kubeconfig"
THROW_AWAY = "longterm.metrics/throw-away"


class RunModule(Protocol):
    """Runs a module of the collection and returns its result, with `failed` True when it failed."""

    def __call__(self, name: str, /, *, check: bool = False, diff: bool = False, **options: Any) -> dict[str, Any]: ...


class Started:
    """A module that runs in a process of its own."""

    def __init__(self, name: str, options: dict[str, Any]) -> None:
        self.name = name
        search_path = os.pathsep.join(filter(None, (str(ROOT / "collections"), os.environ.get("PYTHONPATH"))))
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"{MODULES}.{name}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": search_path},
            text=True,
        )
        assert self.process.stdin
        with self.process.stdin as stdin:
            json.dump({"ANSIBLE_MODULE_ARGS": options}, stdin)
        self.process.stdin = None

    def result(self) -> dict[str, Any]:
        """What it answers once it has ended."""
        output, errors = self.process.communicate()
        try:
            result: dict[str, Any] = json.loads(output)
        except ValueError:
            raise AssertionError(f"{self.name} ended with {self.process.returncode} and no JSON: {output}\n{errors}") from None
        result.setdefault("failed", False)
        return result

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def pytest_sessionstart(session: pytest.Session) -> None:
    """The run ends here when the cluster is not one to throw away; the workers of a run in parallel need not ask again."""
    if hasattr(session.config, "workerinput"):
        return
    path = cluster_of_the_tests()
    try:
        with TemporaryDirectory() as folder:
            found = Api(path, Path(folder, "discovery.json"))
            labels = found.get("Namespace", "kube-system")["metadata"]["labels"]
    except (ConfigException, ApiException, HTTPError, OSError) as error:
        pytest.exit(f"The cluster of {path} cannot be tested: {error}. `make sandbox-up` makes one that can.", 1)
    if labels.get(THROW_AWAY) != "true":
        context = config.list_kube_config_contexts(path)[1]["name"]
        pytest.exit(
            f"The tests refuse the cluster of context {context} ({found.server}): it is not marked as one to throw away. "
            f"To mark it: kubectl --kubeconfig {path} label namespace kube-system {THROW_AWAY}=true",
            1,
        )


def cluster_of_the_tests() -> str:
    """Its kubeconfig. An ambient KUBECONFIG says nothing about what may be thrown away."""
    return os.environ.get("LONGTERM_METRICS_KUBECONFIG") or DEFAULT_KUBECONFIG


@pytest.fixture(scope="session")
def kubeconfig() -> str:
    return cluster_of_the_tests()


@pytest.fixture(scope="session", autouse=True)
def api(kubeconfig: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The cluster seen without our modules, which is made the only one in reach."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name == "KUBECONFIG" or name.startswith("K8S_AUTH_")]:
            patch.delenv(name)
        patch.setenv("K8S_AUTH_KUBECONFIG", kubeconfig)
        yield Api(kubeconfig, tmp_path_factory.mktemp("discovery") / "cache.json")


@pytest.fixture(scope="session")
def start_module() -> Callable[..., Started]:
    """As `run_module`, without waiting for the module to end."""

    def start(name: str, /, *, check: bool = False, diff: bool = False, **options: Any) -> Started:
        return Started(name, {**options, "_ansible_check_mode": check, "_ansible_diff": diff})

    return start


@pytest.fixture(scope="session")
def run_module(start_module: Callable[..., Started]) -> RunModule:
    """A module in a process of its own, with its arguments as JSON on stdin, as ansible-core runs it (without action plugin).

    The process has this one's environment, with the cluster of the tests as K8S_AUTH_KUBECONFIG. Options are checked by the
    module's argument spec.
    """

    def run(name: str, /, *, check: bool = False, diff: bool = False, **options: Any) -> dict[str, Any]:
        return start_module(name, check=check, diff=diff, **options).result()

    return run


@pytest.fixture
def namespace(api: Api) -> Iterator[str]:
    """A namespace of the test's own; removed afterwards, without waiting for that."""
    name = f"it-{uuid.uuid4().hex[:8]}"
    api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    yield name
    with suppress(NotFoundError):
        api.delete("Namespace", name)


@pytest.fixture
def group(api: Api, namespace: str) -> Iterator[str]:
    """The name of an API group of the test's own; CRDs in it are removed afterwards."""
    name = f"{namespace}.example"
    yield name
    for crd in api.list("CustomResourceDefinition", api_version="apiextensions.k8s.io/v1"):
        if crd["spec"]["group"] == name:
            with suppress(NotFoundError):
                api.delete("CustomResourceDefinition", crd["metadata"]["name"], api_version="apiextensions.k8s.io/v1")


@pytest.fixture(scope="session")
def image(api: Api) -> str:
    """An image with a shell: a sandbox has one of its own."""
    # A node tells its images only minutes after it has them; a sandbox is known by the name of its node.
    here = any(node["metadata"]["name"].startswith("lm-") for node in api.list("Node"))
    return "localhost/busybox:1" if here else "docker.io/library/busybox:1.37"
