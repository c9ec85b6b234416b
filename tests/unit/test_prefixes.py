# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prometheus, Alertmanager and Thanos Query below a path: they answer there, and whoever asks them asks there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.playbooks import ROOT, Outcome, run_roles

PREFIXES = {
    "prometheus_route_prefix": "/prometheus",
    "alertmanager_route_prefix": "/alerts",
    "thanos_query_external_prefix": "/thanos",
}
URL = {"prometheus_external_url": "https://metrics.example.com/prometheus/"}
ALERTS = {"alertmanager_external_url": "https://metrics.example.com/alerts/"}
STANDALONE = {"prometheus_engine": "standalone"}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("prometheus", {}),
    "prefix": ("prometheus", PREFIXES),
    "url": ("prometheus", URL),
    "stripped": ("prometheus", {**URL, "prometheus_route_prefix": "/"}),
    "query": ("thanos", {**PREFIXES, "thanos_query_prefix_header": "X-Forwarded-Prefix"}),
    "grafana": ("grafana", PREFIXES),
    "alertmanager": ("alertmanager", PREFIXES),
    "alertmanager, by its url": ("alertmanager", ALERTS),
    "alertmanager, stripped": ("alertmanager", {**ALERTS, "alertmanager_route_prefix": "/"}),
    "standalone": ("alertmanager", {**PREFIXES, **STANDALONE}),
    "prometheus of standalone": ("prometheus", {**PREFIXES, **STANDALONE}),
    "adapter": ("prometheus_adapter", PREFIXES),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    found = run_roles(tmp_path_factory.mktemp("prefixes"), CASES)
    assert {name: outcome.error for name, outcome in found.items() if outcome.error} == {}
    return found


@pytest.mark.parametrize(
    ("case", "url", "prefix"),
    [
        ("plain", None, None),
        # Redirects go to the path of the external URL: without one they would lead out of the prefix.
        ("prefix", "http://prometheus.metrics.svc:9090/prometheus", "/prometheus"),
        ("url", "https://metrics.example.com/prometheus/", "/prometheus"),
        ("stripped", "https://metrics.example.com/prometheus/", "/"),
    ],
)
def test_prometheus_knows_its_url_and_its_prefix(
    case: str, url: str | None, prefix: str | None, outcomes: dict[str, Outcome]
) -> None:
    spec = outcomes[case].objects["Prometheus", "main"]["spec"]
    assert (spec.get("externalUrl"), spec.get("routePrefix")) == (url, prefix)


@pytest.mark.parametrize(
    ("case", "path"),
    [("plain", "/metrics"), ("prefix", "/prometheus/metrics"), ("url", "/prometheus/metrics"), ("stripped", "/metrics")],
)
def test_prometheus_scrapes_itself_below_its_prefix(case: str, path: str, outcomes: dict[str, Outcome]) -> None:
    endpoints = outcomes[case].objects["ServiceMonitor", "prometheus"]["spec"]["endpoints"]
    assert {endpoint["port"]: endpoint.get("path") for endpoint in endpoints} == {"http": path, "reloader": None}


@pytest.mark.parametrize(
    ("case", "url", "prefix"),
    [
        ("alertmanager", "http://alertmanager.metrics.svc:9093/alerts", "/alerts"),
        ("alertmanager, by its url", "https://metrics.example.com/alerts/", "/alerts"),
        ("alertmanager, stripped", "https://metrics.example.com/alerts/", "/"),
    ],
)
def test_alertmanager_knows_its_url_and_its_prefix(case: str, url: str, prefix: str, outcomes: dict[str, Outcome]) -> None:
    objects = outcomes[case].objects
    spec = objects["Alertmanager", "main"]["spec"]
    assert (spec["externalUrl"], spec["routePrefix"]) == (url, prefix)
    endpoints = objects["ServiceMonitor", "alertmanager"]["spec"]["endpoints"]
    assert endpoints[0]["path"] == f"{prefix.rstrip('/')}/metrics"


def test_without_the_operator_probes_reloader_and_scrapes_know_the_prefix(outcomes: dict[str, Outcome]) -> None:
    objects = outcomes["standalone"].objects
    server, reloader = objects["StatefulSet", "alertmanager"]["spec"]["template"]["spec"]["containers"]
    assert "--web.route-prefix=/alerts" in server["args"]
    probes = {server[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")}
    assert probes == {"/alerts/-/healthy", "/alerts/-/ready"}
    assert "--reload-url=http://localhost:9093/alerts/-/reload" in reloader["args"]
    assert objects["Service", "alertmanager"]["metadata"]["annotations"]["prometheus.io/path"] == "/alerts/metrics"


def test_prometheus_sends_alerts_below_the_prefix(outcomes: dict[str, Outcome]) -> None:
    alerting = outcomes["prefix"].objects["Prometheus", "main"]["spec"]["alerting"]
    assert [receiver["pathPrefix"] for receiver in alerting["alertmanagers"]] == ["/alerts"]
    maps = [
        item for (kind, _name), item in outcomes["prometheus of standalone"].objects.items() if kind in ("ConfigMap", "Secret")
    ]
    texts = [text for item in maps for data in (item.get("data"), item.get("stringData")) for text in (data or {}).values()]
    config = next(yaml.safe_load(text) for text in texts if "alertmanagers:" in text)
    assert [receiver["path_prefix"] for receiver in config["alerting"]["alertmanagers"]] == ["/alerts"]


def test_query_has_its_prefix_and_the_header_asked_for(outcomes: dict[str, Outcome]) -> None:
    args = outcomes["query"].objects["Deployment", "thanos-query"]["spec"]["template"]["spec"]["containers"][0]["args"]
    assert {argument for argument in args if argument.startswith("--web")} == {
        "--web.external-prefix=/thanos",
        "--web.prefix-header=X-Forwarded-Prefix",
    }


def test_grafana_and_the_adapter_ask_below_the_prefix(outcomes: dict[str, Outcome]) -> None:
    sources = next(
        yaml.safe_load(text)["datasources"]
        for (kind, _name), item in outcomes["grafana"].objects.items()
        if kind in ("ConfigMap", "Secret")
        for text in item.get("data", {}).values()
        if "datasources:" in text
    )
    urls = {source["uid"]: source["url"] for source in sources}
    assert urls["prometheus"] == "http://prometheus.metrics.svc:9090/prometheus"
    assert urls["alertmanager"] == "http://alertmanager.metrics.svc:9093/alerts"
    assert urls["thanos"] == "http://thanos-query-frontend.metrics.svc:10902/thanos"
    args = outcomes["adapter"].objects["Deployment", "prometheus-adapter"]["spec"]["template"]["spec"]["containers"][0]["args"]
    assert "--prometheus-url=http://prometheus.metrics.svc:9090/prometheus" in args


def questions(tasks: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Whom the proofs ask and below which path, by the task's name."""
    for task in tasks:
        yield from questions(task.get("block", []))
        for module, options in task.items():
            if module == "longterm.metrics.test_alert":
                yield from ((task["name"], server, options[server]["path_prefix"]) for server in ("prometheus", "alertmanager"))
            elif module == "longterm.metrics.alertmanager_ready":
                yield task["name"], "alertmanager", options["path_prefix"]
            elif module.startswith("longterm.metrics.") and isinstance(options, dict):
                asked = options.get("query") if isinstance(options.get("query"), dict) else options
                if asked.get("service") in ("prometheus", "thanos-query"):
                    yield task["name"], asked["service"], asked["path_prefix"]


def test_the_proofs_ask_below_the_prefix() -> None:
    tasks = yaml.safe_load((ROOT / "roles/verify/tasks/main.yml").read_text())
    defaults = [default for task in tasks for default in task.get("module_defaults", {}).items()]
    asked = [
        *questions(tasks),
        *((name, options["service"], options["path_prefix"]) for name, options in defaults if "service" in options),
    ]
    assert {service for _task, service, _path in asked} == {"prometheus", "alertmanager", "thanos-query"}
    wrong = [name for name, service, path in asked if path != f"{{{{ __common_{service.replace('-', '_')}_prefix }}}}"]
    assert wrong == []
