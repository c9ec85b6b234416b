# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the plugins share."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import ESTABLISHED
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer


@pytest.fixture
def server() -> FakeServer:
    """A cluster with the namespace `metrics`."""
    made = FakeServer()
    made.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "metrics"}})
    return made


@pytest.fixture
def cluster(server: FakeServer) -> Cluster:
    """A connection to `server`, by its clock."""
    connection = Cluster(server, "https://fake:6443")
    connection.clock, connection.sleep = server.clock, server.sleep
    return connection


@pytest.fixture
def establishing(server: FakeServer) -> None:
    """CRDs are served a moment after they were applied."""

    def establish() -> None:
        for item in server.objects.values():
            if item["kind"] == "CustomResourceDefinition":
                item["status"] = ESTABLISHED

    server.tasks.append(establish)
