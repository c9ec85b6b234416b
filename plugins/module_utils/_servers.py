# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The servers that a question is for: the one behind a Service or a URL, or every pod behind the Service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, TypeVar

from ansible_collections.longterm.metrics.plugins.module_utils import _endpoint, _pod_endpoints, _service
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, may_pass
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

Connect = Callable[[], AbstractContextManager[Endpoint]]
Answer = TypeVar("Answer")


def connections(cluster: Cluster | None, options: Mapping[str, Any]) -> tuple[dict[str, Connect], list[str]]:
    """The ways to each server, by the name of its pod, Service or URL, and what is wrong with pods that cannot be asked.

    The options are those of the `endpoint` fragment, and `every_pod`.
    """
    if not options["every_pod"]:
        via_url = options["via"] == "url"
        name = options["url"] if via_url else f"Service {options['namespace']}/{options['service']}"
        return {name: partial(_endpoint.open_endpoint, cluster, options)}, []
    if cluster is None or options["via"] == "url":
        raise MetricsError("every_pod asks the pods behind a Service; with via=url there is none.")
    try:
        pods = _service.behind_service(cluster, options["namespace"], options["service"], options["port"])
    except MetricsError as error:
        if not may_pass(error):
            raise
        return {}, [error.message]
    findings = [f"{pod} {pod.problem}" for pod in pods if pod.problem]
    if not pods:
        findings = [f"Service {options['namespace']}/{options['service']} has no pod behind port {options['port']}"]
    settings = {"prefix": options["path_prefix"], "headers": options.get("headers"), "timeout": options["timeout"]}
    open_pod = partial(_pod_endpoints.open_pod, cluster, via=options["via"], **settings)
    return {pod.name: partial(open_pod, pod) for pod in pods if not pod.problem}, findings


def ask_each(servers: Mapping[str, Connect], question: Callable[[Endpoint], Answer]) -> tuple[dict[str, Answer], list[str]]:
    """What each server answers, and a finding for each that does not answer yet. One that refuses raises MetricsError."""
    answers, findings = {}, []
    for name, connect in servers.items():
        try:
            with connect() as endpoint:
                answers[name] = question(endpoint)
        except MetricsError as error:
            if not may_pass(error):
                raise
            findings.append(error.message)
    return answers, findings
