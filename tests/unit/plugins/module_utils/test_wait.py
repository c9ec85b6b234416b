# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A joint wait, and only then the pruning."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._wait import ARGUMENT_SPEC, wait_and_prune
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import AVAILABLE, apply, config_map, parent_of, workload
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer

OPTIONS: dict[str, Any] = {name: option["default"] for name, option in ARGUMENT_SPEC.items()}


@pytest.fixture(autouse=True)
def renamed(cluster: Cluster) -> None:
    """Two sets; in the first, a Deployment that was renamed and a ConfigMap that was dropped wait to be removed."""
    apply(cluster, workload("Deployment", "old"), config_map("dropped"))
    apply(cluster, workload("Deployment", "new"))
    apply(cluster, workload("Deployment", "other"), name="other")


def run(cluster: Cluster, *, remove: bool = True) -> list[str]:
    parents = [parent_of(cluster, name) for name in ("web", "other")]
    return [str(key) for key in wait_and_prune(cluster, parents, OPTIONS, remove=remove)]


def make_ready(server: FakeServer, *names: str) -> None:
    for name in names:
        server.at("Deployment", name)["status"] = AVAILABLE


@pytest.mark.parametrize("ready", [("other",), ("new",)])
def test_while_the_new_does_not_run_in_any_of_the_sets_the_old_stays(
    server: FakeServer, cluster: Cluster, ready: tuple[str, ...]
) -> None:
    make_ready(server, *ready)
    with pytest.raises(MetricsError, match="Nothing was pruned"):
        run(cluster)
    assert server.names("Deployment") == {"old", "new", "other"}


def test_once_the_new_runs_the_old_is_removed(server: FakeServer, cluster: Cluster) -> None:
    make_ready(server, "new", "other")
    assert set(run(cluster)) == {"Deployment metrics/old", "ConfigMap metrics/dropped"}
    assert server.names("Deployment") == {"new", "other"}
    assert run(cluster) == []


def test_without_pruning_it_stays(server: FakeServer, cluster: Cluster) -> None:
    make_ready(server, "new", "other")
    assert run(cluster, remove=False) == []
    assert "old" in server.names("Deployment")
