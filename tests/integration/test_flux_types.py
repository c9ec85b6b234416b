# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tree of the engine helm has for Flux is of Flux's own types: the API server judges it by Flux's definitions."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from kubernetes.dynamic.exceptions import DynamicApiError

from sandbox import crds
from sandbox.programs import load_table
from tests.integration.api import Api, with_definitions
from tests.playbooks import ROOT, play

CONTROLLERS = ("helm-controller", "source-controller")
KINDS = {"HelmRelease", "HelmRepository", "OCIRepository"}
CHART = "kube_prometheus_stack_"
OCI = {f"{CHART}chart_ref": "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack", f"{CHART}chart_repo_url": ""}
VALUES = {f"{CHART}values": {"prometheus": {"prometheusSpec": {"logLevel": "debug", "scrapeTimeout": "3s"}}, "extra": None}}
# Hosts and their variables.
VARIANTS: dict[str, dict[str, Any]] = {
    "repository": {},
    "repository-local": {f"{CHART}environment": "local", "metrics_labels": {"team": "platform"}},
    "repository-values": {f"{CHART}release": "stack", f"{CHART}chart_version": "88.5.3-rc.1+build.7", **VALUES},
    "oci": OCI,
    "oci-values": {**OCI, **VALUES},
}
Tree = dict[str, dict[str, Any]]
# Ways to break an object, by its kind.
FAULTS: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "a misspelt field": ("HelmRelease", lambda item: item["spec"]["chart"]["spec"].update(vesion="1")),
    "a misspelt field in a list": ("HelmRelease", lambda item: item["spec"]["valuesFrom"][0].update(valueKey="a")),
    "a value that is not allowed": ("HelmRelease", lambda item: item["spec"]["install"].update(crds="Ignore")),
    "a number for a text": ("HelmRelease", lambda item: item["spec"]["chart"]["spec"].update(version=88.5)),
    "two charts": ("HelmRelease", lambda item: item["spec"].update(chartRef={"kind": "OCIRepository", "name": "a"})),
    "no URL": ("HelmRepository", lambda item: item["spec"].update(url="ftp://example.com/charts")),
    "no interval": ("HelmRepository", lambda item: item["spec"].update(interval="often")),
}


@pytest.fixture(scope="module")
def flux(api: Api) -> Iterator[None]:
    """Flux's kinds; where they were not there before, they are gone afterwards."""
    table = load_table()
    files = [file for name in CONTROLLERS for file in crds.folder(name, table).iterdir()]
    found = [item for file in files for item in yaml.safe_load_all(file.read_text())]
    definitions = [item for item in found if item["spec"]["names"]["kind"] in KINDS]
    assert len(definitions) == len(KINDS)
    with with_definitions(api, definitions):
        yield


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tree]:
    """What each variant would have Flux do, by kind."""
    place = tmp_path_factory.mktemp("flux")
    source = ROOT / "roles/kube_prometheus_stack/templates/helm-release.yaml.j2"
    write = {"ansible.builtin.template": {"src": str(source), "dest": f"{place}/{{{{ inventory_hostname }}}}.yaml"}}
    plays = [
        {
            "hosts": "all",
            "gather_facts": False,
            # For its variables alone.
            "roles": [{"role": "longterm.metrics.kube_prometheus_stack", "tags": ["never"]}],
            "tasks": [write],
        }
    ]
    ran = play(plays, {host: {"prometheus_engine": "helm", **variables} for host, variables in VARIANTS.items()}, place)
    assert ran.returncode == 0, ran.stdout
    return {host: {item["kind"]: item for item in yaml.safe_load_all((place / f"{host}.yaml").read_text())} for host in VARIANTS}


def accept(api: Api, item: dict[str, Any], namespace: str) -> None:
    """Have the API server accept an object with every field of it, without keeping it."""
    item = {**item, "metadata": {**item["metadata"], "namespace": namespace}}
    api.create(item, namespace, dry_run="All", query_params=[("fieldValidation", "Strict")])


@pytest.mark.parametrize("variant", VARIANTS)
def test_flux_knows_every_field_of_it(variant: str, api: Api, flux: None, namespace: str, trees: dict[str, Tree]) -> None:
    tree = trees[variant]
    assert tree.keys() == {"HelmRelease", "OCIRepository" if "oci" in variant else "HelmRepository"}
    for item in tree.values():
        accept(api, item, namespace)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_would_be_seen(fault: str, api: Api, flux: None, namespace: str, trees: dict[str, Tree]) -> None:
    kind, spoil = FAULTS[fault]
    item = copy.deepcopy(trees["repository"][kind])
    spoil(item)
    with pytest.raises(DynamicApiError) as refused:
        accept(api, item, namespace)
    assert refused.value.status in (400, 422)
