# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module thanos_ready: what its options become, and how its outcome becomes a result."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _thanos
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.modules import thanos_ready

COMPONENTS = [{"name": "store", "selector": "app=store"}]
QUERY = {"service": "thanos-query"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(look: Any, **options: Any) -> dict[str, Any]:
        monkeypatch.setattr(_cluster, "connect", lambda _options: None)
        monkeypatch.setattr(_thanos, "wait_for", look)
        with patch_module_args({"namespace": "monitoring", **options}), pytest.raises(SystemExit):
            thanos_ready.main()
        return json.loads(capsys.readouterr().out)

    return run


def test_components_and_query_get_the_ports_thanos_uses(run: Any) -> None:
    seen = []

    def look(_cluster: Any, options: dict[str, Any], _attempts: Any) -> _thanos.Seen:
        seen.append(options)
        return _thanos.Seen(components={"store": {"store-0": "ready"}})

    result = run(look, query=QUERY, components=COMPONENTS, stores={"sidecar": 2})
    assert (result["changed"], result["components"]) == (False, {"store": {"store-0": "ready"}})
    assert seen[0]["components"][0]["port"] == 10902
    assert (seen[0]["query"]["port"], seen[0]["stores"]["sidecar"]) == ("http", 2)


def test_addresses_are_lists_by_kind_and_blocks_are_compared_where_that_is_asked(run: Any) -> None:
    seen = []

    def look(_cluster: Any, options: dict[str, Any], _attempts: Any) -> _thanos.Seen:
        seen.append(options)
        return _thanos.Seen()

    components = [*COMPONENTS, {"name": "other", "selector": "app=other", "same_blocks": True}]
    run(look, query=QUERY, components=components, addresses={"store": "a:1,b:1"})
    assert seen[0]["addresses"]["store"] == ["a:1", "b:1"]
    assert [component["same_blocks"] for component in seen[0]["components"]] == [False, True]
    assert "stores" in run(None, query=QUERY, addresses={"stores": ["a:1"]})["msg"]


def test_a_failure_returns_every_finding(run: Any) -> None:
    def look(*_arguments: Any) -> Any:
        raise MetricsError("Thanos is not ready", findings=["a", "b"], components={}, stores={})

    result = run(look, query=QUERY)
    assert (result["failed"], result["findings"]) == (True, ["a", "b"])


def test_an_unknown_kind_of_store_is_refused(run: Any) -> None:
    assert "sidecars" in run(None, query=QUERY, stores={"sidecars": 2})["msg"]


def test_components_may_be_asked_without_query_and_stores_may_not(run: Any) -> None:
    seen = []

    def look(_cluster: Any, options: dict[str, Any], _attempts: Any) -> _thanos.Seen:
        seen.append(options)
        return _thanos.Seen()

    assert "failed" not in run(look, components=COMPONENTS)
    assert (seen[0]["query"], seen[0]["stores"]) == (None, None)
    for options in ({"stores": {"store": 1}}, {"addresses": {"store": ["a:1"]}}):
        missing = run(look, components=COMPONENTS, **options)["msg"]
        assert missing == f"missing parameter(s) required by '{next(iter(options))}': query"


def test_that_nothing_at_all_is_asked_is_refused(run: Any) -> None:
    assert run(None)["msg"] == "one of the following is required: components, query"
