# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module cluster_info: one request for each thing it tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster
from ansible_collections.longterm.metrics.plugins.modules import cluster_info

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
PROMETHEUSES = "/apis/monitoring.coreos.com/v1/prometheuses"


class Api:
    """Stands for an API server that has two CRDs and one Prometheus; remembers what it was asked."""

    server = "https://api"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, path: str) -> Any:
        self.asked.append(path)
        return {"gitVersion": "v1.36.3"}

    def list(self, path: str, *, metadata_only: bool = False, **_parameters: Any) -> Iterator[dict[str, Any]]:
        self.asked.append(path)
        assert metadata_only == (path in (CRDS, PROMETHEUSES, "/api/v1/secrets"))
        found = {CRDS: [{"name": "a.one.example"}, {"name": "b.two.example"}], PROMETHEUSES: [{"name": "k8s", "namespace": "m"}]}
        return iter([{"metadata": metadata} for metadata in found.get(path, [])])

    def request(self, _method: str, path: str, *, accept: str) -> Any:
        self.asked.append(path)
        assert "APIGroupDiscoveryList" in accept
        resources = [{"resource": "prometheuses", "responseKind": {"kind": "Prometheus"}, "scope": "Namespaced"}]
        return {
            "items": [{"metadata": {"name": "monitoring.coreos.com"}, "versions": [{"version": "v1", "resources": resources}]}]
        }


@pytest.mark.parametrize(("options", "services"), [({}, 0), ({"node_ports": [30300]}, 1)])
def test_everything_is_told_with_one_request_each(
    options: dict[str, Any], services: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    api = Api()
    monkeypatch.setattr(_cluster, "connect", lambda _options: api)
    with patch_module_args({"crd_groups": ["two.example"], **options}), pytest.raises(SystemExit):
        cluster_info.main()
    result = json.loads(capsys.readouterr().out)
    assert (result["changed"], result["version"], result["distribution"]) == (False, "v1.36.3", "plain")
    assert [entry["name"] for entry in result["crds"]] == ["b.two.example"]
    assert (result["default_storage_class"], result["system_metrics"]) == (None, [])
    assert [(entry["kind"], entry["namespace"], entry["name"]) for entry in result["prometheus_resources"]] == [
        ("Prometheus", "m", "k8s")
    ]
    assert (result["prometheus_operators"], result["taken_ports"]) == ([], [])
    assert len(api.asked) == len(set(api.asked)) == 9 + services
    assert api.asked.count("/api/v1/services") == services
