# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pods of a selector."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._pod_endpoints import of_selector, open_pod, problem_of
from ansible_collections.longterm.metrics.plugins.module_utils._service import Pod

STUCK = json.loads((Path(__file__).parent / "fixtures/pod_image_pull.json").read_text())
RUNNING = {
    "metadata": {"name": "prom-0"},
    "status": {"phase": "Running", "containerStatuses": [{"name": "a", "state": {"running": {}}}]},
}


class Cluster:
    """Stands for the API server: it has pods."""

    def __init__(self, pods: list[dict[str, Any]]) -> None:
        self.pods = pods

    def list(self, _path: str, **_parameters: Any) -> Iterator[dict[str, Any]]:
        return iter(self.pods)


def test_a_selector_finds_all_pods_but_finished_ones() -> None:
    finished = {"metadata": {"name": "prom-2"}, "status": {"phase": "Failed"}}
    pods = of_selector(Cluster([STUCK, RUNNING, finished]), "m", "app=prom", 10902)
    assert [(pod.name, bool(pod.problem)) for pod in pods] == [("prom-0", False), ("prom-1", True)]


def test_why_a_pod_does_not_run_is_said_in_the_words_of_the_cluster() -> None:
    assert problem_of(RUNNING) == ""
    assert problem_of(STUCK) == 'is Pending (sidecar: ImagePullBackOff Back-off pulling image "localhost/none:1")'
    unschedulable = {"type": "PodScheduled", "reason": "Unschedulable", "message": "0/1 nodes are available"}
    pending = {"metadata": {"name": "x"}, "status": {"phase": "Pending", "conditions": [unschedulable]}}
    assert problem_of(pending) == "is Pending (0/1 nodes are available)"
    assert problem_of({"metadata": {"name": "x", "deletionTimestamp": "2026-11-20T12:20:04Z"}}) == "is going away"


def test_the_proxy_of_the_api_server_reaches_one_pod_under_its_prefix() -> None:
    paths = []

    class Proxy:
        def request(self, _method: str, path: str, **_options: Any) -> Any:
            paths.append(path)

    with open_pod(Proxy(), Pod("m", "query-0", 10902), "proxy", prefix="/thanos") as asked:
        asked.get("/api/v1/stores")
    assert paths == ["/api/v1/namespaces/m/pods/query-0:10902/proxy/thanos/api/v1/stores"]
