# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""thanos_ready and scrape_targets on a small Thanos in the cluster: two Prometheus with sidecars, a Query, a compactor."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from kubernetes.dynamic.exceptions import NotFoundError

from sandbox import programs
from tests.integration.api import Api, eventually

Object = dict[str, Any]

COMPONENTS = [
    {"name": "query", "selector": "app=query"},
    {"name": "sidecar", "selector": "app=prometheus"},
    {"name": "compactor", "selector": "app=compact", "single": True, "not_halted": True},
]
PROMETHEUS = """\
global: {scrape_interval: 1s, external_labels: {cluster: test, prometheus_replica: "${REPLICA}"}}
scrape_configs:
- job_name: prometheus
  static_configs: [{targets: ["127.0.0.1:9090"]}]
"""


def container(program: str, *arguments: str, port: int = 10902, **env: str) -> Object:
    organisation = "prometheus" if program == "prometheus" else "thanos"
    return {
        "name": program if program == "prometheus" else arguments[0],
        "image": programs.image_reference(f"quay.io/{organisation}/{program}", programs.load_table()),
        "imagePullPolicy": "IfNotPresent",
        "args": list(arguments),
        "env": [{"name": name, "value": value} for name, value in env.items()],
        "volumeMounts": [{"name": "data", "mountPath": "/data"}, {"name": "config", "mountPath": "/config"}],
        "readinessProbe": {"httpGet": {"path": "/-/ready", "port": port}, "periodSeconds": 1},
    }


def pod(name: str, app: str, *containers: Object) -> Object:
    spec = {
        "containers": list(containers),
        "terminationGracePeriodSeconds": 1,
        "volumes": [{"name": "data", "emptyDir": {}}, {"name": "config", "configMap": {"name": "config"}}],
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": app}}, "spec": spec}


def prometheus(name: str, replica: str) -> Object:
    flags = ["--config.file=/config/prometheus.yml", "--storage.tsdb.path=/data/tsdb"]
    server = container("prometheus", *flags, port=9090, REPLICA=replica)
    sidecar = container("thanos", "sidecar", "--tsdb.path=/data/tsdb", "--prometheus.get_config_interval=2s")
    return pod(name, "prometheus", server, sidecar)


def compactor(name: str) -> Object:
    flags = ["--data-dir=/data/compact", "--objstore.config-file=/config/objstore.yml", "--wait"]
    return pod(name, "compact", container("thanos", "compact", *flags))


def service(name: str, app: str, **ports: int) -> Object:
    entries = [{"name": port, "port": number} for port, number in ports.items()]
    spec = {"clusterIP": "None", "selector": {"app": app}, "ports": entries}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


@pytest.fixture(scope="module")
def stack(api: Api) -> Iterator[str]:
    """The namespace of a Thanos that may still be starting."""
    name = f"it-thanos-{uuid.uuid4().hex[:8]}"
    objstore = "type: FILESYSTEM\nconfig: {directory: /data}\n"
    endpoint = f"--endpoint=dnssrv+_grpc._tcp.prometheus.{name}.svc"
    flags = [endpoint, "--query.replica-label=prometheus_replica", "--web.external-prefix=/thanos", "--endpoint.info-timeout=2s"]
    api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    for item in (
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "config"},
            "data": {"prometheus.yml": PROMETHEUS, "objstore.yml": objstore},
        },
        service("prometheus", "prometheus", web=9090, grpc=10901),
        service("query", "query", http=10902),
        prometheus("prometheus-0", "0"),
        prometheus("prometheus-1", "1"),
        compactor("compact-0"),
        pod("query-0", "query", container("thanos", "query", *flags)),
    ):
        api.create(item, name)
    yield name
    api.delete("Namespace", name)


@pytest.fixture
def ready(stack: str, run_module: Any) -> Any:
    """thanos_ready on that Thanos, with two sidecars expected."""
    query = {"service": "query", "path_prefix": "/thanos"}
    return partial(run_module, "thanos_ready", namespace=stack, query=query, components=COMPONENTS, stores={"sidecar": 2})


@pytest.fixture
def beside(api: Api, stack: str) -> Iterator[Any]:
    """Creates a pod beside those of the stack; it is gone when the test ends."""
    names: list[str] = []

    def create(item: Object) -> None:
        names.append(item["metadata"]["name"])
        api.create(item, stack)

    yield create
    for name in names:
        with suppress(NotFoundError):
            api.delete("Pod", name, stack)
        eventually(lambda name=name: api.find("Pod", name, stack) is None)


def test_a_starting_thanos_is_waited_for(ready: Any) -> None:
    result = ready(wait_timeout=180)
    assert not result["failed"], result["msg"]
    assert result["components"]["sidecar"] == {"prometheus-0": "ready", "prometheus-1": "ready"}
    assert len(result["stores"]["query-0"]["sidecar"]) == 2


@pytest.mark.parametrize("via", ["port_forward", "proxy"])
def test_a_thanos_that_works_is_ready_at_once(ready: Any, via: str) -> None:
    result = ready(wait_timeout=0, via=via, check=True)
    assert not result["failed"], result["msg"]
    assert not result["changed"]


def test_both_of_a_pair_are_asked_for_their_targets(stack: str, run_module: Any) -> None:
    options = {"namespace": stack, "service": "prometheus", "port": "web", "every_pod": True}
    result = run_module("scrape_targets", jobs=["prometheus"], wait_timeout=30, **options)
    assert not result["failed"], result["msg"]
    assert set(result["asked"]) == {"prometheus-0", "prometheus-1"}
    assert result["jobs"]["prometheus"]["up"] == 2


def test_a_missing_store_gateway_and_a_missing_component_are_both_named(ready: Any) -> None:
    components = [*COMPONENTS, {"name": "store", "selector": "app=store"}]
    result = ready(wait_timeout=1, components=components, stores={"sidecar": 2, "store": 1})
    assert result["failed"]
    assert "store has no pod: nothing in its namespace has the labels app=store" in result["msg"]
    assert "1 of kind store are expected, seen: none" in result["msg"]
    assert len(result["findings"]) == 2


def test_stores_that_were_checked_too_long_ago_are_named(ready: Any) -> None:
    result = ready(wait_timeout=0, max_age=-1)
    assert result["msg"].count("was last checked at") == 2


def test_a_second_compactor_is_named(ready: Any, beside: Any) -> None:
    beside(compactor("compact-1"))
    assert "compactor must be single, but there are 2 pods: compact-0, compact-1" in ready(wait_timeout=1)["msg"]


def test_what_is_no_compactor_is_not_taken_for_one(ready: Any) -> None:
    wrong = [{"name": "compactor", "selector": "app=query", "not_halted": True}]
    assert "has no metric thanos_compact_halted" in ready(wait_timeout=0, components=wrong)["msg"]


def test_a_pod_that_does_not_start_is_named_in_the_words_of_the_cluster(ready: Any, beside: Any) -> None:
    broken = pod("query-1", "query", container("thanos", "query"))
    broken["spec"]["containers"][0]["image"] = "localhost/absent:1"
    beside(broken)
    result = ready(wait_timeout=5)
    assert "query-1 is Pending (query: " in result["msg"]
    assert "localhost/absent:1" in result["msg"]
    assert result["components"]["query"]["query-0"] == "ready"


def test_two_prometheus_of_the_same_labels_are_named(api: Api, stack: str, ready: Any, beside: Any) -> None:
    beside(prometheus("prometheus-2", "1"))
    eventually(lambda: "announce the same labels" in ready(wait_timeout=0).get("msg", ""), seconds=90, pause=2)
    message = ready(wait_timeout=0)["msg"]
    assert '{cluster="test", prometheus_replica="1"}' in message


def test_a_sidecar_that_went_away_is_named(api: Api, stack: str, ready: Any) -> None:
    api.delete("Pod", "prometheus-1", stack)

    def is_named() -> bool:
        # Which of the two depends on whether Query still keeps the store with its error.
        message = ready(wait_timeout=0).get("msg", "")
        return "2 of kind sidecar are expected" in message or "has the error" in message

    eventually(is_named, seconds=60, pause=2)
