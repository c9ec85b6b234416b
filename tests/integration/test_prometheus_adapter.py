# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role prometheus_adapter takes no metrics API from anybody, and gives back what it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from kubernetes.dynamic.exceptions import NotFoundError

from tests.integration import manifests
from tests.integration.api import Api, eventually
from tests.playbooks import play

RESOURCE_METRICS = "v1beta1.metrics.k8s.io"
RULE = {"seriesQuery": "up", "metricsQuery": "sum(<<.Series>>)"}
# What has each served.
APIS: dict[str, dict[str, Any]] = {
    RESOURCE_METRICS: {},
    "v1beta1.custom.metrics.k8s.io": {"prometheus_adapter_rules": [RULE]},
    "v1beta1.external.metrics.k8s.io": {"prometheus_adapter_external_rules": [RULE]},
}
REGISTRATION = "apiregistration.k8s.io/v1"
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
Run = Callable[..., str]

# An API group whose server is not there is in everybody's way.
pytestmark = pytest.mark.alone


def served_by(api: Api, name: str) -> str:
    """The Service that the API is sent to; empty when there is no such API."""
    found = api.find("APIService", name, api_version=REGISTRATION)
    return "{namespace}/{name}".format(**found["spec"]["service"]) if found else ""


@pytest.fixture(params=APIS, ids=lambda name: name.split(".", 1)[1])
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def service_monitors(api: Api) -> Iterator[None]:
    """The kind ServiceMonitor, on a cluster that does not know it yet."""
    item = manifests.crd("monitoring.coreos.com")
    name = item["metadata"]["name"] = "servicemonitors.monitoring.coreos.com"
    if api.find("CustomResourceDefinition", name, api_version=manifests.CRDS):
        yield
        return
    item["spec"]["names"] = {"kind": "ServiceMonitor", "plural": "servicemonitors"}
    item["spec"]["versions"][0]["schema"] = {
        "openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
    }
    api.create(item)
    eventually(lambda: '"servicemonitors"' in api.text("/apis", DISCOVERY))
    yield
    api.delete("CustomResourceDefinition", name, api_version=manifests.CRDS)


@pytest.fixture
def run(api: Api, namespace: str, name: str, service_monitors: None, tmp_path: Path) -> Iterator[Run]:
    """Runs the role alone, for one API, and returns what failed. What it made is removed at the end."""
    if served_by(api, name):
        pytest.skip(f"This cluster has a server of {name} of its own.")
    plays = [{"hosts": "all", "gather_facts": False, "roles": ["longterm.metrics.prometheus_adapter"]}]
    states = []

    def run(state: str, **variables: Any) -> str:
        states.append(state)
        of_one = {"prometheus_adapter_rules": [], "prometheus_adapter_resource_metrics": "never"} | APIS[name]
        if name == RESOURCE_METRICS:
            of_one["prometheus_adapter_resource_metrics"] = "auto"
        settings = {"metrics_namespace": namespace, "metrics_state": state, "metrics_wait": False, **of_one}
        ran = play(plays, {"cluster": settings | variables}, tmp_path)
        return "" if ran.returncode == 0 else ran.stdout

    yield run
    if states[-1:] != ["absent"]:
        run("absent")
    with suppress(NotFoundError):
        api.delete("APIService", name, api_version=REGISTRATION)


@pytest.fixture
def another(api: Api, namespace: str, name: str, run: Run) -> str:
    """An API of another's, whose server need not be there: the Service that it names."""
    service = {"namespace": namespace, "name": "another", "port": 443}
    version, group = name.split(".", 1)
    spec = {"group": group, "version": version, "groupPriorityMinimum": 100, "versionPriority": 100}
    spec |= {"service": service, "insecureSkipTLSVerify": True}
    api.create({"apiVersion": REGISTRATION, "kind": "APIService", "metadata": {"name": name}, "spec": spec})
    return f"{namespace}/another"


def test_an_api_that_another_serves_stays_with_that_from_installation_to_removal(
    api: Api, namespace: str, name: str, another: str, run: Run
) -> None:
    before = api.get("APIService", name, api_version=REGISTRATION)
    assert run("present") == ""
    assert api.find("Deployment", "prometheus-adapter", namespace, api_version="apps/v1")
    assert run("absent") == ""
    after = api.get("APIService", name, api_version=REGISTRATION)
    assert (after["spec"], after["metadata"].get("labels")) == (before["spec"], before["metadata"].get("labels"))
    assert served_by(api, name) == another


def test_an_api_that_another_leaves_is_taken_then_and_given_back(
    api: Api, namespace: str, name: str, another: str, run: Run
) -> None:
    assert run("present") == ""
    api.delete("APIService", name, api_version=REGISTRATION)
    assert run("present") == ""
    assert served_by(api, name) == f"{namespace}/prometheus-adapter"
    assert run("absent") == ""
    assert served_by(api, name) == ""


@pytest.mark.parametrize("name", [RESOURCE_METRICS])
def test_it_is_not_taken_by_force(api: Api, namespace: str, name: str, another: str, run: Run) -> None:
    said = run("present", prometheus_adapter_resource_metrics="always")
    assert f"{another} serves {name}; set it to auto, or remove that first." in said
    assert served_by(api, name) == another
    assert not api.find("Deployment", "prometheus-adapter", namespace, api_version="apps/v1")


def test_an_api_that_another_took_over_meanwhile_stays_with_that(api: Api, namespace: str, name: str, run: Run) -> None:
    assert run("present") == ""
    assert served_by(api, name) == f"{namespace}/prometheus-adapter"
    change = {"spec": {"service": {"namespace": "kube-system", "name": "another"}}}
    api.edit("APIService", name, change=change, api_version=REGISTRATION)
    assert run("present") == ""
    assert served_by(api, name) == "kube-system/another"
    assert run("absent") == ""
    assert served_by(api, name) == "kube-system/another"
