# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alertmanager_ready, rules_ready and test_alert on a pair of Prometheus and a pair of Alertmanager in the cluster.

The test itself does the operator's part: it makes rule files of PrometheusRules.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from kubernetes.dynamic.exceptions import NotFoundError

from sandbox import programs
from tests.integration.api import Api, eventually
from tests.integration.manifests import CRDS

Object = dict[str, Any]

MONITORING = "monitoring.coreos.com/v1"
RECEIVER = "longterm-metrics-test"
NAME = "longterm-metrics-test-alert"
# The sandbox's own receiver; where there is none, the way of an alert ends at Alertmanager.
WEBHOOK = {"namespace": "kube-system", "service": "webhook"}
PROMETHEUS = {
    "global": {"scrape_interval": "1s", "evaluation_interval": "1s", "external_labels": {"prometheus_replica": "${REPLICA}"}},
    "rule_files": ["/rules/*.yaml"],
    "alerting": {
        "alert_relabel_configs": [{"action": "labeldrop", "regex": "prometheus_replica"}],
        "alertmanagers": [{"dns_sd_configs": [{"names": ["alertmanager"], "type": "A", "port": 9093, "refresh_interval": "1s"}]}],
    },
    "scrape_configs": [{"job_name": "prometheus", "static_configs": [{"targets": ["127.0.0.1:9090"]}]}],
}
ALERTMANAGER = {
    "route": {
        "receiver": "default",
        # A group for each run, as the role alertmanager has it: replicas of Alertmanager may lose the end of an alert that
        # shares a group with another's beginning.
        "group_by": ["..."],
        "group_wait": "1s",
        "group_interval": "2s",
        "routes": [{"receiver": RECEIVER, "matchers": ['longterm_metrics_test="true"']}],
    },
    "receivers": [
        {"name": "default"},
        {"name": RECEIVER, "webhook_configs": [{"url": "http://webhook.kube-system.svc:8080/", "send_resolved": True}]},
    ],
}


def pod(name: str, app: str, port: int, *arguments: str, **env: str) -> Object:
    container = {
        "name": app,
        "image": programs.image_reference(f"quay.io/prometheus/{app}", programs.load_table()),
        "imagePullPolicy": "IfNotPresent",
        "args": list(arguments),
        "env": [{"name": key, "value": value} for key, value in env.items()],
        "volumeMounts": [{"name": name, "mountPath": f"/{name}"} for name in ("config", "rules", "data")],
        "readinessProbe": {"httpGet": {"path": "/-/ready", "port": port}, "periodSeconds": 1},
    }
    volumes = [{"name": name, "configMap": {"name": name}} for name in ("config", "rules")]
    spec = {
        "hostname": name,
        "subdomain": app,
        "containers": [container],
        "terminationGracePeriodSeconds": 1,
        "volumes": [*volumes, {"name": "data", "emptyDir": {}}],
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": app}}, "spec": spec}


def prometheus(name: str) -> Object:
    flags = ["--config.file=/config/prometheus.yml", "--storage.tsdb.path=/data", "--config.auto-reload"]
    return pod(name, "prometheus", 9090, *flags, "--config.auto-reload-interval=1s", REPLICA=name)


def alertmanager(name: str) -> Object:
    flags = ["--config.file=/config/alertmanager.yml", "--storage.path=/data", "--cluster.settle-timeout=5s"]
    return pod(name, "alertmanager", 9093, *flags, *(f"--cluster.peer=alertmanager-{n}.alertmanager:9094" for n in range(2)))


def service(app: str, port: int) -> Object:
    spec = {
        "clusterIP": "None",
        # Peers look for one another before any of them is ready.
        "publishNotReadyAddresses": True,
        "selector": {"app": app},
        "ports": [{"name": "http", "port": port}],
    }
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": app}, "spec": spec}


def config_map(name: str, **files: Any) -> Object:
    """Its files `<name>.yml`, by name."""
    data = {f"{file}.yml": json.dumps(content) for file, content in files.items()}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def prometheus_rule(name: str, **rules: str) -> Object:
    """A PrometheusRule of one group, with an alert for each name and expression."""
    alerts = [{"alert": alert, "expr": expression} for alert, expression in rules.items()]
    spec = {"groups": [{"name": name, "rules": alerts}]}
    return {"apiVersion": MONITORING, "kind": "PrometheusRule", "metadata": {"name": name}, "spec": spec}


@pytest.fixture(scope="module")
def kind(api: Api) -> Iterator[None]:
    """The kind PrometheusRule; without a schema where there was none, and then gone afterwards."""
    name = "prometheusrules.monitoring.coreos.com"
    if api.find("CustomResourceDefinition", name, api_version=CRDS):
        yield
        return
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    spec = {
        "group": "monitoring.coreos.com",
        "scope": "Namespaced",
        "names": {"kind": "PrometheusRule", "plural": "prometheusrules", "singular": "prometheusrule"},
        "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
    }
    api.create({"apiVersion": CRDS, "kind": "CustomResourceDefinition", "metadata": {"name": name}, "spec": spec})
    eventually(lambda: is_established(api.get("CustomResourceDefinition", name, api_version=CRDS)))
    yield
    api.delete("CustomResourceDefinition", name, api_version=CRDS)


def is_established(crd: Object) -> bool:
    conditions = (crd.get("status") or {}).get("conditions") or ()
    return any(entry["type"] == "Established" and entry["status"] == "True" for entry in conditions)


def rule_file(item: Object) -> str:
    return "{namespace}-{name}-{uid}.yaml".format(**item["metadata"])


@contextmanager
def operator(api: Api, namespace: str) -> Iterator[None]:
    """Keeps the ConfigMap `rules` as the PrometheusRules of the namespace say, as the operator does."""
    stop = threading.Event()

    def run() -> None:
        written: dict[str, str] = {}
        while not stop.wait(0.5):
            items = api.list("PrometheusRule", namespace, api_version=MONITORING)
            wanted = {rule_file(item): json.dumps(item["spec"]) for item in items}
            if wanted != written:
                api.edit("ConfigMap", "rules", namespace, change={"data": {**dict.fromkeys(written), **wanted}})
                written = wanted

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.fixture(scope="module")
def stack(api: Api, kind: None) -> Iterator[str]:
    """The namespace of the two pairs, which may still be starting."""
    name = f"it-alerting-{uuid.uuid4().hex[:8]}"
    api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    for item in (
        config_map("config", prometheus=PROMETHEUS, alertmanager=ALERTMANAGER),
        config_map("rules"),
        service("prometheus", 9090),
        service("alertmanager", 9093),
        *(prometheus(f"prometheus-{number}") for number in range(2)),
        *(alertmanager(f"alertmanager-{number}") for number in range(2)),
    ):
        api.create(item, name)
    with operator(api, name):
        yield name
    api.delete("Namespace", name)


@pytest.fixture
def ready(stack: str, run_module: Any) -> Any:
    """alertmanager_ready on the pair."""
    return partial(run_module, "alertmanager_ready", namespace=stack)


@pytest.fixture
def rules_ready(stack: str, run_module: Any) -> Any:
    """rules_ready on the pair, for the rules of its namespace."""
    options = {"namespace": stack, "service": "prometheus", "port": "http", "every_pod": True, "namespaces": [stack]}
    return partial(run_module, "rules_ready", **options)


@pytest.fixture
def declare(api: Api, stack: str) -> Iterator[Callable[[Object], None]]:
    """Creates a PrometheusRule; it is gone when the test ends."""
    names: list[str] = []

    def create(item: Object) -> None:
        names.append(item["metadata"]["name"])
        api.create(item, stack)

    yield create
    for name in names:
        api.delete("PrometheusRule", name, stack, api_version=MONITORING)


@pytest.fixture
def webhook(api: Api) -> dict[str, str] | None:
    return WEBHOOK if api.find("Service", WEBHOOK["service"], WEBHOOK["namespace"]) else None


@pytest.fixture
def options(ready: Any, stack: str, webhook: dict[str, str] | None) -> dict[str, Any]:
    """The options of test_alert, once both Alertmanagers are ready."""
    started = ready(replicas=2, wait_timeout=120)
    assert not started["failed"], started["msg"]
    return {"namespace": stack, "webhook": webhook}


def rule_names(api: Api, namespace: str) -> set[str]:
    return api.names("PrometheusRule", namespace, api_version=MONITORING)


def test_two_alertmanagers_that_start_are_waited_for_until_they_know_each_other(ready: Any) -> None:
    result = ready(replicas=2, wait_timeout=120)
    assert not result["failed"], result["msg"]
    assert {len(state["cluster"]["peers"]) for state in result["alertmanagers"].values()} == {2}


def test_a_peer_that_is_missing_is_named(ready: Any) -> None:
    result = ready(replicas=3, wait_timeout=0)
    assert "there are 2 pods (alertmanager-0, alertmanager-1), 3 are wanted" in result["msg"]
    assert "alertmanager-0: it has 2 peers, itself among them, 3 are wanted" in result["msg"]


def test_rules_are_waited_for_and_one_that_fails_is_named_with_its_error(
    rules_ready: Any, declare: Callable[[Object], None], stack: str
) -> None:
    declare(prometheus_rule("good", Fine="up == 0"))
    result = rules_ready(wait_timeout=120)
    assert not result["failed"], result["msg"]
    assert result["objects"] == {f"{stack}/good": 1}
    declare(prometheus_rule("bad", Broken='{job="prometheus"} + on() {job="prometheus"}'))
    for pod in ("prometheus-0", "prometheus-1"):
        words = f"{pod}: PrometheusRule {stack}/bad, group bad, rule Broken is err"
        message = eventually(lambda words=words: worded(rules_ready, words), seconds=120, pause=2)
        assert "many-to-many" in message
        assert f"{stack}/good" not in message


def worded(module: Any, words: str) -> str:
    """The message of a module that fails with these words."""
    message: str = module(wait_timeout=0).get("msg", "")
    return message if words in message else ""


def test_check_mode_fires_nothing(api: Api, options: dict[str, Any], run_module: Any) -> None:
    result = run_module("test_alert", check=True, **options)
    assert (result["changed"], "Would put PrometheusRule" in result["msg"]) == (False, True)
    assert NAME not in rule_names(api, options["namespace"])


def test_an_alert_goes_all_the_way_and_comes_back(api: Api, options: dict[str, Any], run_module: Any) -> None:
    result = run_module("test_alert", **options)
    assert not result["failed"], result["msg"]
    assert [step["step"] for step in result["steps"] if "delivered" not in step["step"]] == [
        "prepared",
        "loaded",
        "firing",
        "received",
        "inactive",
        "resolved",
        "removed",
    ]
    assert result["receivers"] == {"alertmanager-0": [RECEIVER], "alertmanager-1": [RECEIVER]}
    if options["webhook"]:
        assert min(result["deliveries"].values()) >= 1
    assert NAME not in rule_names(api, options["namespace"])


def test_what_a_killed_run_left_is_resolved_by_the_next(
    api: Api, options: dict[str, Any], run_module: Any, start_module: Any
) -> None:
    killed = start_module("test_alert", **options)
    alerts = f"/api/v1/namespaces/{options['namespace']}/pods/alertmanager-0:9093/proxy/api/v2/alerts"
    eventually(lambda: RECEIVER in api.text(alerts), seconds=120)
    killed.kill()
    assert NAME in rule_names(api, options["namespace"])
    result = run_module("test_alert", **options)
    assert not result["failed"], result["msg"]
    assert result["steps"][0]["step"] == "leftover_resolved"
    assert json.loads(api.text(alerts)) == []
    assert NAME not in rule_names(api, options["namespace"])


def test_an_alert_that_would_go_elsewhere_is_taken_back(api: Api, options: dict[str, Any], run_module: Any) -> None:
    result = run_module("test_alert", **{**options, "labels": {"severity": "none"}})
    assert "sends the test alert to default" in result["msg"]
    assert result["failed_step"] == "received"
    assert NAME not in rule_names(api, options["namespace"])


def test_an_alert_that_is_silenced_is_told_with_the_silence_and_taken_back(
    api: Api, options: dict[str, Any], run_module: Any
) -> None:
    now = datetime.now(UTC)
    silence = {
        "matchers": [{"name": "longterm_metrics_test", "value": ".+", "isRegex": True, "isEqual": True}],
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(hours=1)).isoformat(),
        "createdBy": "night shift",
        "comment": "too loud",
    }
    proxy = f"/api/v1/namespaces/{options['namespace']}/pods/alertmanager-0:9093/proxy/api/v2"
    uid = json.loads(api.send("post", f"{proxy}/silences", silence))["silenceID"]
    try:
        result = run_module("test_alert", **options)
    finally:
        api.send("delete", f"{proxy}/silence/{uid}")
    assert (
        f'The test alert is silenced, so it reaches nobody: {uid} {{longterm_metrics_test=~".+"}} by night shift' in result["msg"]
    )
    assert result["failed_step"] == "received"
    assert NAME not in rule_names(api, options["namespace"])


def test_nothing_is_fired_without_the_receiver(api: Api, options: dict[str, Any], run_module: Any) -> None:
    result = run_module("test_alert", **options, receiver="nobody", wait_timeout=1)
    assert "knows no receiver nobody; it knows default, longterm-metrics-test" in result["msg"]
    with pytest.raises(NotFoundError):
        api.get("PrometheusRule", NAME, options["namespace"], api_version=MONITORING)
