# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cluster is a real one: what the stack leans on works in it, and so do our own ways into it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _endpoint
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from kubernetes.dynamic.exceptions import NotFoundError

from sandbox.node import Node
from tests.integration.api import Api, eventually
from tests.integration.conftest import ROOT
from tests.integration.manifests import Object, claim, config_map, pod_template

# More than one message of a port-forward holds.
BIG = 3 * 1024 * 1024
# A web server with a large file and a script that tells what it was asked, and with which header.
SERVE = f"""
mkdir -p /www/cgi-bin
busybox dd if=/dev/zero bs={BIG} count=1 | busybox tr '\\0' x > /www/big
busybox cat > /www/cgi-bin/asked <<'EOF'
#!/bin/sh
printf 'Content-Type: application/json\\r\\n\\r\\n{{"query": "%s", "referer": "%s"}}' "$QUERY_STRING" "$HTTP_REFERER"
EOF
busybox chmod +x /www/cgi-bin/asked
exec busybox httpd -f -p 8080 -h /www
"""


def pod(name: str, image: str, command: str, **spec: Any) -> Object:
    template = pod_template(name, image, command, **spec)
    template["metadata"]["name"] = name
    return {"apiVersion": "v1", "kind": "Pod", **template}


@pytest.fixture
def web(api: Api, namespace: str, image: str) -> dict[str, Any]:
    """Where a web server is that runs in the cluster, as the options of `_endpoint`; its Service has two ports."""
    item = pod("web", image, SERVE)
    item["spec"]["containers"][0]["readinessProbe"] = {"httpGet": {"path": "/cgi-bin/asked", "port": 8080}, "periodSeconds": 1}
    api.create(item, namespace)
    ports = [{"name": "http", "port": 80, "targetPort": 8080}, {"name": "none", "port": 81, "targetPort": 9999}]
    spec = {"selector": {"app": "web"}, "ports": ports}
    api.create({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}, namespace)
    eventually(lambda: is_ready(api, "web", namespace), 60)
    eventually(lambda: api.find("Endpoints", "web", namespace)["subsets"])
    return {"namespace": namespace, "service": "web", "port": "http"}


@pytest.fixture(scope="module")
def cluster(kubeconfig: str) -> _cluster.Cluster:
    return _cluster.connect({"kubeconfig": kubeconfig})


def test_a_port_forward_carries_large_answers_headers_and_many_at_once(cluster: _cluster.Cluster, web: dict[str, Any]) -> None:
    headers = {"Referer": "http://somewhere.example"}
    with _endpoint.open_endpoint(cluster, {**web, "via": "port_forward", "headers": headers}) as endpoint:
        # Again and again: a connection that ends must not disturb the one that follows.
        for _ in range(3):
            assert endpoint.get("/big") == "x" * BIG
            assert endpoint.get("/cgi-bin/asked", q="a b") == {"query": "q=a+b", "referer": headers["Referer"]}
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda number: endpoint.get("/cgi-bin/asked", n=number)["query"], range(16)))
        assert answers == [f"n={number}" for number in range(16)]
        with pytest.raises(MetricsError, match=r"/web:http \(pod web\) answered /nothing with 404"):
            endpoint.get("/nothing")
    with _endpoint.open_endpoint(cluster, {**web, "via": "port_forward", "port": "80", "path_prefix": "/cgi-bin"}) as endpoint:
        assert endpoint.get("/asked", n=1)["query"] == "n=1"


def test_the_proxy_of_the_api_server_gives_the_same_answers(cluster: _cluster.Cluster, web: dict[str, Any]) -> None:
    with _endpoint.open_endpoint(cluster, {**web, "via": "proxy"}) as endpoint:
        assert endpoint.get("/big") == "x" * BIG
        assert endpoint.get("/cgi-bin/asked", q="a b")["query"] == "q=a+b"
        with pytest.raises(MetricsError, match="answered /nothing with 404"):
            endpoint.get("/nothing")


def test_what_cannot_be_reached_is_named(cluster: _cluster.Cluster, web: dict[str, Any], namespace: str) -> None:
    def ask(**options: Any) -> str:
        with (
            pytest.raises(MetricsError) as caught,
            _endpoint.open_endpoint(cluster, {**web, "via": "port_forward", **options}) as endpoint,
        ):
            endpoint.get("/")
        return str(caught.value.message)

    assert f"no Service nobody in namespace {namespace}" in ask(service="nobody")
    assert "has no port grpc; it has http:80, none:81" in ask(port="grpc")
    # A port the pod does not listen on: told at once, not by a timeout.
    refused = ask(port="none")
    assert f"Service {namespace}/web:none (pod web) did not answer /" in refused
    assert "connection refused" in refused
    assert f"Service {namespace}/web:none answered / with 50" in ask(port="none", via="proxy")


def test_pods_reach_services_by_name(api: Api, namespace: str, image: str, web: dict[str, Any]) -> None:
    command = f"busybox wget -q -O - http://web.{namespace}.svc.cluster.local/cgi-bin/asked?from=inside"
    api.create(pod("client", image, command, restartPolicy="OnFailure"), namespace)
    eventually(lambda: api.get("Pod", "client", namespace)["status"]["phase"] == "Succeeded", 60)
    assert "from=inside" in api.text(f"/api/v1/namespaces/{namespace}/pods/client/log")


def test_a_volume_outlives_its_pod_and_takes_the_group_of_the_next(api: Api, namespace: str, image: str) -> None:
    api.create(claim("data"), namespace)
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    for name, command in (("writer", "echo kept > /data/file"), ("reader", "busybox cat /data/file; echo more >> /data/other")):
        security = {"runAsUser": 1000, "runAsGroup": 1000, "fsGroup": 1000, "runAsNonRoot": True}
        item = pod(name, image, command, restartPolicy="Never", volumes=volumes, securityContext=security)
        item["spec"]["containers"][0]["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
        api.create(item, namespace)
        eventually(lambda name=name: api.get("Pod", name, namespace)["status"]["phase"] == "Succeeded", 60)
    assert api.text(f"/api/v1/namespaces/{namespace}/pods/reader/log") == "kept\n"


def test_network_policies_are_enforced(
    api: Api, namespace: str, image: str, cluster: _cluster.Cluster, web: dict[str, Any]
) -> None:
    connect = f"busybox nc -w 2 web.{namespace}.svc.cluster.local 80 -e busybox true 2>/dev/null"
    for name in ("admitted", "other"):
        api.create(
            pod(name, image, f"while :; do if {connect}; then echo reached; else echo refused; fi; sleep 0.2; done"), namespace
        )

    def told(name: str) -> list[str]:
        return api.text(f"/api/v1/namespaces/{namespace}/pods/{name}/log").split()[-2:]

    eventually(lambda: is_ready(api, "admitted", namespace) and is_ready(api, "other", namespace), 60)
    eventually(lambda: told("admitted") == told("other") == ["reached"] * 2, 60)
    peers = [{"podSelector": {"matchLabels": {"app": "admitted"}}}]
    spec = {"podSelector": {"matchLabels": {"app": "web"}}, "ingress": [{"from": peers}]}
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "web"}, "spec": spec}
    api.create(policy, namespace)

    eventually(lambda: told("other") == ["refused"] * 2, 60)
    assert told("admitted") == ["reached"] * 2
    # From the node come probes and what goes through the API server.
    for via in ("port_forward", "proxy"):
        with _endpoint.open_endpoint(cluster, {**web, "via": via}) as endpoint:
            assert endpoint.get("/cgi-bin/asked", q="a")["query"] == "q=a"


def stop_daemons(node: Node) -> None:
    for number, daemons in ((signal.SIGSTOP, "etcd kubelet"), (signal.SIGKILL, "kube-apiserver containerd kube-router")):
        node.enter("sh", "-c", f"for name in {daemons}; do kill -{int(number)} $(cat /run/$name.pid); done")


def kill_process_1(node: Node) -> None:
    pid = node.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)


def identities(api: Api, namespace: str) -> list[str]:
    kept = [("Namespace", "kube-system"), ("ConfigMap", "kept", namespace), ("Pod", "writer", namespace)]
    return [api.get(*which)["metadata"]["uid"] for which in kept]


@pytest.mark.alone
@pytest.mark.parametrize(
    ("break_it", "told", "restarts"),
    [(stop_daemons, "etcd is stopped; restarting it", 0), (kill_process_1, "does not run; starting it again with its data", 1)],
)
def test_a_broken_sandbox_is_repaired_and_keeps_its_data(
    api: Api, namespace: str, image: str, break_it: Callable[[Node], None], told: str, restarts: int
) -> None:
    (name,) = api.names("Node")
    if not name.startswith("lm-"):
        pytest.skip(f"the cluster of node {name} is no sandbox, and nobody here repairs it")
    node = Node(name.removeprefix("lm-"))
    api.create(config_map("kept", key="value"), namespace)
    api.create(claim("data"), namespace)
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    item = pod(
        "writer",
        image,
        "busybox test -e /data/file || echo kept > /data/file; busybox cat /data/file; sleep 100000",
        volumes=volumes,
    )
    item["spec"]["containers"][0]["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
    # Controllers that were started again by another test may still be waiting for their lease.
    eventually(lambda: api.find("ServiceAccount", "default", namespace), 60)
    api.create(item, namespace)
    eventually(lambda: is_ready(api, "writer", namespace), 60)
    before = identities(api, namespace)

    break_it(node)
    up = [sys.executable, "-m", "sandbox", f"--name={node.name}", "up"]
    done = subprocess.run(up, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert f"sandbox {node.name} {told}" in done.stderr
    assert f"sandbox {node.name} is repaired" in done.stderr
    assert identities(api, namespace) == before

    def restarted() -> bool:
        (status,) = api.get("Pod", "writer", namespace)["status"]["containerStatuses"]
        return status["ready"] and status["restartCount"] == restarts

    def kept() -> bool:
        # A kubelet that was started again knows its pods a little later than the API server.
        with suppress(NotFoundError):
            return api.text(f"/api/v1/namespaces/{namespace}/pods/writer/log") == "kept\n"
        return False

    eventually(restarted, 60)
    eventually(kept, 30)


def test_the_api_server_can_be_extended(api: Api) -> None:
    """An aggregated API server is told by this ConfigMap whom to trust (kubernetes.io: configure the aggregation layer)."""
    data = api.get("ConfigMap", "extension-apiserver-authentication", "kube-system")["data"]
    assert {"client-ca-file", "requestheader-client-ca-file", "requestheader-username-headers"} <= set(data)


def is_ready(api: Api, name: str, namespace: str) -> bool:
    conditions = api.get("Pod", name, namespace)["status"].get("conditions") or ()
    return any(entry["type"] == "Ready" and entry["status"] == "True" for entry in conditions)
