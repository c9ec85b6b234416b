# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pods behind a Service of the fake API server, and what they answer through its proxy (`via: proxy`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import Answer, FakeServer, Request

# What is answered at a path: a body, an Answer with a status of its own, or a function of the query's parameters.
Answers = dict[str, Any]


class FakePods:
    """`pods` are their answers by name and path; a pod taken out of `ready` is not ready."""

    def __init__(self, server: FakeServer, service: str, pods: Mapping[str, Answers], port: int = 9090) -> None:
        self.pods = {name: dict(answers) for name, answers in pods.items()}
        self.ready = set(pods)
        self._server, self._service, self._port = server, service, port
        metadata = {"name": service, "namespace": "metrics"}
        spec = {"ports": [{"name": "http", "port": port}]}
        server.put({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec})
        self.announce()
        server.answers.append(self._answer)

    def announce(self) -> None:
        """The EndpointSlice as it is now."""
        endpoints = [
            {"targetRef": {"kind": "Pod", "name": name}, "conditions": {"ready": name in self.ready}} for name in self.pods
        ]
        self._server.put(
            {
                "apiVersion": "discovery.k8s.io/v1",
                "kind": "EndpointSlice",
                "metadata": {
                    "name": self._service,
                    "namespace": "metrics",
                    "labels": {"kubernetes.io/service-name": self._service},
                },
                "ports": [{"name": "http", "port": self._port}],
                "endpoints": endpoints,
            }
        )

    def _answer(self, request: Request) -> Answer | None:
        found = re.fullmatch(r"/api/v1/namespaces/metrics/(pods|services)/([^:/]+):[^/]+/proxy(/.*)", request.path)
        if not found:
            return None
        kind, name, path = found.groups()
        if kind == "services":
            answers = next(iter(self.pods.values())) if name == self._service else None
        else:
            answers = self.pods.get(name)
        if answers is None:
            return None
        given = answers.get(path, Answer(404, "404 page not found"))
        if isinstance(given, Callable):
            given = given(request.params)
        return given if isinstance(given, Answer) else Answer(200, given)


def reached(service: str) -> dict[str, Any]:
    """The options by which modules reach it."""
    return {"namespace": "metrics", "service": service, "port": "http", "path_prefix": "", "via": "proxy", "timeout": 1}


def prometheus(**data: Any) -> Answers:
    """The answers of a Prometheus: the `data` of its API by the path's last part, as `rules=...`; its clock reads 1000."""
    clock = {"status": "success", "data": {"resultType": "scalar", "result": [1000, "1000"]}}
    bodies = {f"/api/v1/{name}": {"status": "success", "data": value} for name, value in data.items()}
    return {"/api/v1/query": clock, **bodies}
