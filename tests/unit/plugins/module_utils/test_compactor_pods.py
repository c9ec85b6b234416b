# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which pods run `thanos compact`, and on which bucket."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _compactor_pods
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_cluster import FakeServer

IMAGE = "quay.io/thanos/thanos:v0.42.5"
CONFIG = """\
type: S3
config:
  bucket: thanos
  endpoint: object-store.metrics.svc:9000
  insecure: true
  secret_key: hunter2
"""
OURS = _compactor_pods.place_of(CONFIG, "metrics")


@pytest.fixture
def server() -> FakeServer:
    server = FakeServer()
    for namespace in ("metrics", "other"):
        server.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
    return server


@pytest.fixture
def cluster(server: FakeServer) -> Cluster:
    return Cluster(server, "https://cluster")


def pod(
    *args: str, command: tuple[str, ...] = (), image: str = IMAGE, phase: str = "Running", name: str = "tidy", **spec: Any
) -> dict[str, Any]:
    """A pod of namespace other whose labels say nothing."""
    container = {"name": "main", "image": image, "command": list(command), "args": list(args)}
    container |= {key: spec.pop(key) for key in ("env", "volumeMounts") if key in spec}
    metadata = {"name": name, "namespace": "other", "labels": {"app": "tidy"}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": [container], **spec},
        "status": {"phase": phase},
    }


def found(cluster: Cluster, *pods: dict[str, Any]) -> list[_compactor_pods.Compactor]:
    return list(_compactor_pods.compactors(cluster, pods))


@pytest.mark.parametrize(
    ("command", "args", "image"),
    [
        ((), ("compact", "--wait"), IMAGE),
        ((), ("--log.level=debug", "compact", "--wait"), IMAGE),
        ((), ("--log.level", "debug", "compact"), "registry.example.org:5000/mirror/thanos@sha256:0"),
        (("/bin/thanos", "compact"), ("--wait",), "localhost/tools:1"),
        (("sh", "-c"), ("sleep 5; exec /bin/thanos compact --wait",), "localhost/tools:1"),
        ((), ("--log.level", "store", "compact"), IMAGE),
        (("/app/thanos-v0.42", "compact"), (), "localhost/tools:1"),
        ((), ("compact", "--log.level=info"), "registry.example.org/metrics:1"),
        ((), ("compact", "--wait", "--objstore.config-file=/a"), "registry.example.org/metrics@sha256:0"),
        (("sh", "-c", '"/bin/thanos" compact'), (), "localhost/tools:1"),
        (("sh", "-c", "exec $BIN compact --data-dir=/data"), (), "localhost/tools:1"),
        (("sh", "-c", "while true; do thanos --log.level=warn compact; done"), (), "localhost/tools:1"),
    ],
)
def test_a_compactor_is_known_by_what_it_runs(
    cluster: Cluster, command: tuple[str, ...], args: tuple[str, ...], image: str
) -> None:
    (one,) = found(cluster, pod(*args, command=command, image=image))
    assert str(one) == "Pod other/tidy, container main"


@pytest.mark.parametrize(
    ("command", "args", "image"),
    [
        ((), ("store", "--data-dir=/compact"), IMAGE),
        ((), ("tools", "bucket", "compact"), IMAGE),
        ((), ("store", "--wait", "compact"), IMAGE),
        ((), ("compact",), "localhost/mimir:1"),
        (("sh", "-c", "make it compact"), (), "localhost/tools:1"),
        (("compact",), (), "localhost/tidy:1"),
        ((), (), IMAGE),
    ],
)
def test_what_runs_something_else_is_none(cluster: Cluster, command: tuple[str, ...], args: tuple[str, ...], image: str) -> None:
    assert found(cluster, pod(*args, command=command, image=image)) == []


def test_one_that_has_ended_is_none(cluster: Cluster) -> None:
    assert found(cluster, pod("compact", phase="Succeeded"), pod("compact", phase="Failed")) == []


def test_a_container_that_starts_with_the_pod_counts(cluster: Cluster) -> None:
    one = pod("store")
    one["spec"]["initContainers"] = [{"name": "beside", "image": IMAGE, "args": ["compact"], "restartPolicy": "Always"}]
    assert [each.container for each in found(cluster, one)] == ["beside"]


def test_a_container_that_was_put_into_a_running_pod_counts(cluster: Cluster) -> None:
    one = pod("store")
    one["spec"]["ephemeralContainers"] = [{"name": "debug", "image": IMAGE, "args": ["compact"]}]
    assert [each.container for each in found(cluster, one)] == ["debug"]


def secret(server: FakeServer, name: str = "bucket", key: str = "objstore.yml", text: str = CONFIG) -> None:
    metadata = {"name": name, "namespace": "other"}
    server.put({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": {key: b64encode(text.encode()).decode()}})


def mounted(key: str = "objstore.yml", **volume: Any) -> dict[str, Any]:
    return {"volumeMounts": [{"name": "objstore", "mountPath": "/etc/thanos/"}], "volumes": [{"name": "objstore", **volume}]}


def test_its_bucket_is_read_wherever_its_configuration_is(server: FakeServer, cluster: Cluster) -> None:
    secret(server)
    metadata = {"name": "bucket", "namespace": "other"}
    server.put({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"objstore.yml": CONFIG}})
    file, variable = "--objstore.config-file=/etc/thanos/objstore.yml", ("compact", "--objstore.config=$(OBJSTORE)")
    items = {"items": [{"key": "objstore.yml", "path": "x/y.yml"}]}
    ways = [
        pod("compact", f"--objstore.config={CONFIG}"),
        pod("compact", "--objstore.config", CONFIG),
        pod("compact", file, **mounted(secret={"secretName": "bucket"})),
        pod("compact", file, **mounted(configMap={"name": "bucket"})),
        pod("compact", *file.split("="), **mounted(projected={"sources": [{"secret": {"name": "bucket"}}]})),
        pod("compact", "--objstore.config-file=/etc/thanos/x/y.yml", **mounted(secret={"secretName": "bucket", **items})),
        pod(*variable, env=[{"name": "OBJSTORE", "value": CONFIG}]),
        pod(*variable, env=[{"name": "OBJSTORE", "valueFrom": {"secretKeyRef": {"name": "bucket", "key": "objstore.yml"}}}]),
        pod(*variable, env=[{"name": "OBJSTORE", "valueFrom": {"configMapKeyRef": {"name": "bucket", "key": "objstore.yml"}}}]),
        pod(
            "compact",
            "--objstore.config=" + CONFIG.replace("bucket: thanos", "bucket: $(NAME)"),
            env=[{"name": "NAME", "value": "thanos"}],
        ),
    ]
    assert [(one.place, one.unknown) for one in found(cluster, *ways)] == [(OURS, "")] * len(ways)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (pod("compact"), "it has neither --objstore.config nor --objstore.config-file"),
        (pod("compact", "--objstore.config=$(GONE)"), "in the variable GONE, which is not in its manifest"),
        (pod("compact", "--objstore.config-file=/baked/in.yml"), "the file /baked/in.yml, which is in no Secret"),
        (
            pod("compact", "--objstore.config-file=/etc/thanos/objstore.yml", **mounted(secret={"secretName": "gone"})),
            "in the secret other/gone, which has no objstore.yml",
        ),
        (pod("compact", "--objstore.config=" + CONFIG.replace("thanos", "$(GONE)")), "variables that are not in its manifest"),
    ],
)
def test_a_bucket_that_cannot_be_told_has_a_reason(cluster: Cluster, one: dict[str, Any], reason: str) -> None:
    (compactor,) = found(cluster, one)
    assert compactor.place is None
    assert reason in compactor.unknown


def test_a_secret_that_may_not_be_read_is_said(server: FakeServer, cluster: Cluster) -> None:
    secret(server)
    server.fail("GET", ".*/secrets/bucket", 403, "Forbidden", "no")
    one = pod("compact", "--objstore.config-file=/etc/thanos/objstore.yml", **mounted(secret={"secretName": "bucket"}))
    (compactor,) = found(cluster, one)
    assert compactor.unknown == "its configuration is in the secret other/bucket, which may not be read"


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (("svc:9000", "svc.cluster.local:9000"), True),
        (("object-store.metrics.svc", "object-store.metrics"), True),
        (("secret_key: hunter2", "region: eu-1"), True),
        (("object-store.metrics", "object-store.other"), False),
        (("bucket: thanos", "bucket: loki"), False),
        (("9000", "9001"), False),
        (("type: S3", "prefix: one\ntype: S3"), False),
        (("type: S3", "type: COS"), False),
    ],
)
def test_a_bucket_is_the_same_by_its_place_whatever_else_differs(change: tuple[str, str], same: bool) -> None:
    assert (_compactor_pods.place_of(CONFIG.replace(*change), "other") == OURS) is same


def test_a_service_without_its_namespace_is_that_of_the_pods_namespace() -> None:
    short = CONFIG.replace("object-store.metrics.svc", "object-store")
    assert _compactor_pods.place_of(short, "metrics") == OURS
    assert _compactor_pods.place_of(short, "other") != OURS


def test_an_error_of_a_configuration_quotes_nothing_of_it() -> None:
    with pytest.raises(MetricsError) as caught:
        _compactor_pods.place_of("secret_key: hunter2: [", "metrics")
    assert "hunter2" not in caught.value.message


def test_pods_are_looked_for_in_all_namespaces(server: FakeServer, cluster: Cluster) -> None:
    server.put(pod("compact"))
    pods, where = _compactor_pods.pods_of(cluster, "metrics")
    assert ([one["metadata"]["name"] for one in pods], where) == (["tidy"], "all namespaces")


def test_where_that_is_refused_in_those_that_allow_it(server: FakeServer, cluster: Cluster) -> None:
    server.put(pod("compact"))
    server.fail("GET", "/api/v1/pods", 403, "Forbidden", "no")
    server.fail("GET", "/api/v1/namespaces/metrics/pods", 403, "Forbidden", "no")
    pods, where = _compactor_pods.pods_of(cluster, "metrics")
    assert len(pods) == 1
    assert where.startswith("1 of 2 namespaces")


def test_where_no_other_namespace_may_be_listed_its_own_is_searched(server: FakeServer, cluster: Cluster) -> None:
    server.put(pod("compact"))
    server.fail("GET", "/api/v1/(pods|namespaces)", 403, "Forbidden", "no")
    pods, where = _compactor_pods.pods_of(cluster, "other")
    assert ([one["metadata"]["name"] for one in pods], where) == (["tidy"], "no namespace but its own (others may not be listed)")


def test_where_not_even_that_is_allowed_it_is_an_error(server: FakeServer, cluster: Cluster) -> None:
    server.fail("GET", "/api/v1/(pods|namespaces|namespaces/metrics/pods)", 403, "Forbidden", "no")
    with pytest.raises(MetricsError, match="Forbidden"):
        _compactor_pods.pods_of(cluster, "metrics")


@pytest.mark.parametrize(
    "container",
    [
        {"args": ["$(MODE)", "--wait"], "env": [{"name": "MODE", "value": "compact"}]},
        {"command": ["sh", "-c", "thanos $MODE --wait"], "env": [{"name": "MODE", "value": "compact"}]},
        {"command": ["sh", "-c", "thanos ${MODE} --wait"], "env": [{"name": "MODE", "value": "compact"}]},
        {"command": ["sh", "-c", 'thanos "compact" --wait']},
        {"command": ["sh", "-c", "(thanos compact)"]},
    ],
    ids=lambda container: str(container),
)
def test_a_compactor_behind_variables_quotes_and_brackets_is_seen(container: dict[str, Any]) -> None:
    whole = {"image": "quay.io/thanos/thanos:v0.42.5", **container}
    assert _compactor_pods.runs_compact(whole, _compactor_pods.words_of(whole))
