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


class Api:
    """Stands for an API server that has two CRDs and nothing else; remembers what it was asked."""

    server = "https://api"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, path: str) -> Any:
        self.asked.append(path)
        return {"gitVersion": "v1.36.3"}

    def list(self, path: str, *, metadata_only: bool = False, **_parameters: Any) -> Iterator[dict[str, Any]]:
        self.asked.append(path)
        assert metadata_only == (path in (CRDS, "/api/v1/secrets"))
        return iter([{"metadata": {"name": name}} for name in ("a.one.example", "b.two.example")] if path == CRDS else [])

    def request(self, _method: str, path: str, *, accept: str) -> Any:
        self.asked.append(path)
        assert "APIGroupDiscoveryList" in accept
        return {"items": []}


def test_everything_is_told_with_one_request_each(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    api = Api()
    monkeypatch.setattr(_cluster, "connect", lambda _options: api)
    with patch_module_args({"crd_groups": ["two.example"]}), pytest.raises(SystemExit):
        cluster_info.main()
    result = json.loads(capsys.readouterr().out)
    assert (result["changed"], result["version"], result["distribution"]) == (False, "v1.36.3", "plain")
    assert [entry["name"] for entry in result["crds"]] == ["b.two.example"]
    assert (result["default_storage_class"], result["system_metrics"]) == (None, [])
    assert len(api.asked) == len(set(api.asked)) == 8
