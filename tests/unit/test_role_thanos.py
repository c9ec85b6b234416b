# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role `thanos`: Query, the Query Frontend before it, and its caches."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tests.playbooks import Outcome, run_roles

MEMCACHED = {"type": "MEMCACHED", "config": {"addresses": ["memcached.caches.svc:11211"]}}
SECRET = {"thanos_query_frontend_cache_secret": {"name": "caches", "key": "frontend.yml"}}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("thanos", {}),
    "off": ("thanos", {"thanos_query_frontend_enabled": False}),
    "one": ("thanos", {"thanos_query_frontend_replicas": 1, "thanos_query_frontend_cache": {}}),
    "prefix": ("thanos", {"thanos_query_external_prefix": "/thanos"}),
    "memcached": ("thanos", {"thanos_query_frontend_cache": MEMCACHED}),
    "secret": ("thanos", SECRET),
    "strict": ("thanos", {"thanos_query_strict_endpoints": ["leaf.example.com:443"]}),
    "shards": ("thanos", {"thanos_query_frontend_horizontal_shards": 4, "thanos_query_frontend_vertical_shards": 2}),
    "store": (
        "thanos",
        {"thanos_store_index_cache": MEMCACHED, "thanos_store_bucket_cache_secret": {"name": "caches", "key": "bucket.yml"}},
    ),
    "ranges": ("thanos", {"thanos_store_boundaries": ["-6w", "-2w"], "thanos_store_shards": 2}),
    "autoscaled": (
        "thanos",
        {
            "thanos_query_autoscaling": {"min_replicas": 2, "max_replicas": "6", "cpu_percent": 70},
            "thanos_query_frontend_autoscaling": {"min_replicas": 1, "max_replicas": 3, "cpu_percent": 70, "memory_percent": 80},
        },
    ),
    "deduplicated": (
        "thanos",
        {
            "thanos_compact_deduplication_labels": ["prometheus_replica", "receive_replica"],
            "thanos_compact_deduplication_func": "penalty",
        },
    ),
    "three shards": ("thanos", {"thanos_store_shards": 3}),
    "standalone": ("thanos", {"prometheus_engine": "standalone"}),
    "receive": (
        "thanos",
        {
            "thanos_mode": "both",
            "metrics_cluster": "eu-1",
            "thanos_receive_hashrings": [
                {"name": "team", "replicas": 3, "tenants": ["team"]},
                {"name": "default", "replicas": 5},
            ],
            "thanos_receive_limits": {"tenants": {"team": {"head_series_limit": 1000}}},
        },
    ),
    "receive, writer": ("prometheus", {"thanos_mode": "both"}),
    "receive, standalone": ("prometheus", {"thanos_mode": "both", "prometheus_engine": "standalone"}),
    "no ruler": ("thanos", {"thanos_ruler_enabled": False}),
    "published": (
        "thanos",
        {
            "metrics_cluster": "eu-1",
            "thanos_query_external_prefix": "/thanos",
            "alertmanager_external_url": "https://a.example/alerts",
            "exposure_endpoints": [{"component": "thanos-query", "method": "ingress", "host": "metrics.example"}],
        },
    ),
    "stripped": (
        "thanos",
        {
            "thanos_query_external_prefix": "/thanos",
            "thanos_query_route_prefix": "/",
            "exposure_endpoints": [{"component": "thanos-query", "method": "ingress", "host": "m.example", "path": "/thanos/"}],
        },
    ),
    "elsewhere": (
        "thanos",
        {
            "thanos_ruler_alertmanagers_secret": {"name": "alerting", "key": "config.yml"},
            "thanos_ruler_secrets": ["ca"],
            "thanos_ruler_extra_args": ["--tsdb.block-duration=2m", "--no-web.disable-cors"],
        },
    ),
    "elsewhere, standalone": (
        "thanos",
        {
            "prometheus_engine": "standalone",
            "metrics_cluster": "eu-1",
            "thanos_ruler_alertmanagers_secret": {"name": "alerting", "key": "config.yml"},
            "thanos_ruler_secrets": ["ca"],
        },
    ),
    "grafana": ("grafana", {"grafana_enabled": True}),
    "grafana without it": ("grafana", {"grafana_enabled": True, "thanos_query_frontend_enabled": False}),
}
FRONTEND = "thanos-query-frontend"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    found = run_roles(tmp_path_factory.mktemp("thanos"), CASES)
    assert {name: outcome.error for name, outcome in found.items() if outcome.error} == {}
    return found


def pod_of(outcome: Outcome, name: str = FRONTEND) -> dict[str, Any]:
    template: dict[str, Any] = outcome.objects["Deployment", name]["spec"]["template"]
    return template


def arguments(outcome: Outcome, name: str = FRONTEND) -> dict[str, list[str]]:
    """The values of each argument, by its name."""
    found: dict[str, list[str]] = {}
    for argument in pod_of(outcome, name)["spec"]["containers"][0]["args"]:
        flag, _, value = argument.partition("=")
        found.setdefault(flag, []).append(value)
    return found


@pytest.mark.parametrize("case", ["plain", "prefix"])
def test_the_frontend_asks_query_without_a_path_whatever_its_prefix_is(case: str, outcomes: dict[str, Outcome]) -> None:
    assert arguments(outcomes[case])["--query-frontend.downstream-url"] == ["http://thanos-query.metrics.svc:10902"]


@pytest.mark.parametrize("kind", ["query-range", "labels"])
def test_answers_are_cached_in_memory_but_for_those_of_the_last_hours(kind: str, outcomes: dict[str, Outcome]) -> None:
    found = arguments(outcomes["plain"])
    (cache,) = found[f"--{kind}.response-cache-config"]
    assert yaml.safe_load(cache) == {"type": "IN-MEMORY", "config": {"max_size": "256MB", "validity": "24h"}}
    assert found[f"--{kind}.response-cache-max-freshness"] == ["4h"]


def test_a_cache_elsewhere_is_named_and_without_one_nothing_is_cached(outcomes: dict[str, Outcome]) -> None:
    (cache,) = arguments(outcomes["memcached"])["--labels.response-cache-config"]
    assert yaml.safe_load(cache) == MEMCACHED
    assert not [name for name in arguments(outcomes["one"]) if "response-cache" in name]


def test_a_configuration_with_a_password_is_a_file_of_a_secret_whose_change_restarts_the_pods(
    outcomes: dict[str, Outcome],
) -> None:
    found, pod = arguments(outcomes["secret"]), pod_of(outcomes["secret"])
    assert found["--query-range.response-cache-config-file"] == ["/etc/thanos/cache/frontend.yml"]
    assert "--query-range.response-cache-config" not in found
    assert pod["spec"]["volumes"][0]["secret"]["secretName"] == "caches"
    assert pod["metadata"]["annotations"]["longterm.metrics/restarted-by-secrets"] == "caches"


def test_ranges_are_split_by_length_or_into_shards(outcomes: dict[str, Outcome]) -> None:
    plain, shards = arguments(outcomes["plain"]), arguments(outcomes["shards"])
    assert plain["--query-range.split-interval"] == ["24h"]
    assert "--query-range.horizontal-shards" not in plain
    assert shards["--query-range.split-interval"] == ["0s"]
    assert shards["--query-range.horizontal-shards"] == ["4"]
    assert shards["--query-frontend.vertical-shards"] == ["2"]


@pytest.mark.parametrize(("case", "budgets"), [("plain", 2), ("one", 1), ("off", 1)])
def test_a_budget_is_there_where_there_are_several_replicas(case: str, budgets: int, outcomes: dict[str, Outcome]) -> None:
    found = {name for kind, name in outcomes[case].objects if kind == "PodDisruptionBudget"} & {FRONTEND, "thanos-query"}
    assert len(found) == budgets


def callers(outcome: Outcome, name: str) -> set[str]:
    """Who may reach the HTTP port of a component."""
    rules = outcome.objects["NetworkPolicy", name]["spec"]["ingress"]
    peers = [peer for rule in rules for port in rule["ports"] if port["port"] == 10902 for peer in rule["from"]]
    selectors = [peer["podSelector"] for peer in peers]
    return {
        value
        for selector in selectors
        for value in [
            *selector.get("matchLabels", {}).values(),
            *(value for entry in selector.get("matchExpressions", []) for value in entry["values"]),
        ]
    }


def test_grafana_and_users_come_by_the_frontend_and_by_query_without_it(outcomes: dict[str, Outcome]) -> None:
    assert {"exposure", "grafana"} <= callers(outcomes["plain"], FRONTEND)
    assert not {"exposure", "grafana"} & callers(outcomes["plain"], "thanos-query")
    assert FRONTEND in callers(outcomes["plain"], "thanos-query")
    assert {"exposure", "grafana"} <= callers(outcomes["off"], "thanos-query")
    assert not [name for _kind, name in outcomes["off"].objects if name == FRONTEND]
    said = {case: str(outcomes[case].objects) for case in ("grafana", "grafana without it")}
    assert "http://thanos-query-frontend.metrics.svc:10902" in said["grafana"]
    assert "http://thanos-query.metrics.svc:10902" in said["grafana without it"]


def test_what_every_answer_needs_is_strict(outcomes: dict[str, Outcome]) -> None:
    found = arguments(outcomes["strict"], "thanos-query")
    assert found["--endpoint-strict"] == ["thanos-store-grpc.metrics.svc:10901", "leaf.example.com:443"]
    assert found["--endpoint"] == [
        f"dnssrv+_grpc._tcp.{name}.metrics.svc" for name in ("prometheus-thanos-sidecar", "thanos-ruler")
    ]
    (port,) = outcomes["strict"].objects["Service", "thanos-store-grpc"]["spec"]["ports"]
    assert port["port"] == 10901


def test_the_store_gateway_caches_in_memory_or_elsewhere(outcomes: dict[str, Outcome]) -> None:
    def container(case: str) -> dict[str, Any]:
        spec = outcomes[case].objects["StatefulSet", "thanos-store"]["spec"]["template"]["spec"]
        return {"args": spec["containers"][0]["args"], "volumes": spec["volumes"]}

    plain, elsewhere = container("plain"), container("store")
    assert "--index-cache-size=250MB" in plain["args"]
    assert not [argument for argument in plain["args"] if "cache.config" in argument or "caching-bucket" in argument]
    (index,) = [argument.partition("=")[2] for argument in elsewhere["args"] if argument.startswith("--index-cache")]
    assert yaml.safe_load(index) == MEMCACHED
    assert "--store.caching-bucket.config-file=/etc/bucket-cache/bucket.yml" in elsewhere["args"]
    assert elsewhere["volumes"][-1]["secret"]["secretName"] == "caches"
    annotations = outcomes["store"].objects["StatefulSet", "thanos-store"]["spec"]["template"]["metadata"]["annotations"]
    assert annotations["longterm.metrics/restarted-by-secrets"] == "caches,object-store-credentials"


def test_each_shard_of_the_store_has_a_share_of_the_blocks_and_every_one_is_asked(outcomes: dict[str, Outcome]) -> None:
    objects = outcomes["three shards"].objects
    names = sorted(name for kind, name in objects if kind == "StatefulSet" and name.startswith("thanos-store"))
    assert names == [f"thanos-store-shard-{number}" for number in range(3)]
    for number, name in enumerate(names):
        spec = objects["StatefulSet", name]["spec"]
        (argument,) = [one for one in spec["template"]["spec"]["containers"][0]["args"] if one.startswith("--selector")]
        hashed, kept = yaml.safe_load(argument.partition("=")[2])
        assert (hashed["modulus"], hashed["source_labels"], kept["regex"]) == (3, ["__block_id"], str(number))
        assert objects["Service", f"thanos-store-grpc-shard-{number}"]["spec"]["selector"] == spec["selector"]["matchLabels"]
        assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
    asked = arguments(outcomes["three shards"], "thanos-query")["--endpoint-strict"]
    assert asked == [f"thanos-store-grpc-shard-{number}.metrics.svc:10901" for number in range(3)]
    plain = outcomes["plain"].objects["StatefulSet", "thanos-store"]["spec"]
    assert plain["selector"]["matchLabels"] == {"app.kubernetes.io/name": "thanos-store"}
    assert not [one for one in plain["template"]["spec"]["containers"][0]["args"] if one.startswith("--selector")]


def test_store_gateways_of_each_range_serve_the_blocks_of_its_time(outcomes: dict[str, Outcome]) -> None:
    objects = outcomes["ranges"].objects
    times = {}
    for (kind, name), item in objects.items():
        if kind == "StatefulSet" and name.startswith("thanos-store"):
            args = item["spec"]["template"]["spec"]["containers"][0]["args"]
            times[name] = [one for one in args if one.startswith(("--min-time", "--max-time"))]
            assert len([one for one in args if one.startswith("--selector")]) == 1
    expected = [["--max-time=-6w"], ["--min-time=-6w", "--max-time=-2w"], ["--min-time=-2w"]]
    assert times == {f"thanos-store-range-{r}-shard-{s}": expected[r] for r in range(3) for s in range(2)}
    asked = arguments(outcomes["ranges"], "thanos-query")["--endpoint-strict"]
    assert asked == [f"{name.replace('store', 'store-grpc')}.metrics.svc:10901" for name in sorted(times)]


def test_the_page_of_the_bucket_changes_no_block(outcomes: dict[str, Outcome]) -> None:
    args = pod_of(outcomes["plain"], "thanos-bucket-web")["spec"]["containers"][0]["args"]
    assert args[:3] == ["tools", "bucket", "web"]
    assert "--disable-admin-operations" in args
    assert callers(outcomes["plain"], "thanos-bucket-web") == {"exposure", "prometheus"}


def test_it_is_scraped_in_every_engine(outcomes: dict[str, Outcome]) -> None:
    monitor = outcomes["plain"].objects["ServiceMonitor", "thanos"]["spec"]["selector"]["matchExpressions"][0]
    assert FRONTEND in monitor["values"]
    assert outcomes["standalone"].objects["Service", FRONTEND]["metadata"]["annotations"]["prometheus.io/scrape"] == "true"


def ruler(outcome: Outcome) -> dict[str, Any]:
    spec: dict[str, Any] = outcome.objects["ThanosRuler", "main"]["spec"]
    return spec


def ruler_args(outcome: Outcome) -> list[str]:
    pod = outcome.objects["StatefulSet", "thanos-ruler"]["spec"]["template"]["spec"]
    args: list[str] = pod["containers"][0]["args"]
    return args


def test_the_ruler_asks_query_below_its_path_and_query_asks_every_ruler(outcomes: dict[str, Outcome]) -> None:
    assert ruler(outcomes["published"])["queryEndpoints"] == ["http://thanos-query.metrics.svc:10902/thanos"]
    assert "--query=http://thanos-query.metrics.svc:10902" in ruler_args(outcomes["standalone"])
    for case in ("plain", "standalone"):
        assert "dnssrv+_grpc._tcp.thanos-ruler.metrics.svc" in arguments(outcomes[case], "thanos-query")["--endpoint"]
        assert outcomes[case].objects["Service", "thanos-ruler"]["spec"]["clusterIP"] == "None"
    assert "ruler" not in str(arguments(outcomes["no ruler"], "thanos-query")["--endpoint"])
    assert not [name for _kind, name in outcomes["no ruler"].objects if "ruler" in name]


def test_alerts_of_the_ruler_reach_every_alertmanager_and_link_to_a_page_that_people_reach(outcomes: dict[str, Outcome]) -> None:
    plain, published = ruler(outcomes["plain"]), ruler(outcomes["published"])
    assert plain["alertmanagersUrl"] == ["dns+http://alertmanager-operated.metrics.svc:9093"]
    assert plain["alertQueryUrl"] == "http://thanos-query.metrics.svc:10902"
    assert published["alertmanagersUrl"] == ["dns+http://alertmanager-operated.metrics.svc:9093/alerts"]
    assert published["alertQueryUrl"] == "https://metrics.example/thanos"
    assert ruler(outcomes["stripped"])["alertQueryUrl"] == "https://m.example/thanos"
    assert ruler(outcomes["stripped"])["queryEndpoints"] == ["http://thanos-query.metrics.svc:10902"]
    assert "--alertmanagers.url=dns+http://alertmanager-mesh.metrics.svc:9093" in ruler_args(outcomes["standalone"])


def test_rulers_differ_in_a_label_that_alerts_do_not_have(outcomes: dict[str, Outcome]) -> None:
    # The operator adds thanos_ruler_replica to both.
    spec, args = ruler(outcomes["published"]), ruler_args(outcomes["elsewhere, standalone"])
    assert (spec["labels"], spec["alertDropLabels"]) == ({"ruler": "eu-1"}, ["ruler"])
    assert [one for one in args if one.startswith(("--label", "--alert.label"))] == [
        '--label=thanos_ruler_replica="$(POD_NAME)"',
        "--alert.label-drop=thanos_ruler_replica",
        '--label=ruler="eu-1"',
        "--alert.label-drop=ruler",
    ]


def test_alertmanagers_with_a_login_are_in_a_secret_whose_change_restarts_the_rulers(outcomes: dict[str, Outcome]) -> None:
    spec = ruler(outcomes["elsewhere"])
    assert spec["alertmanagersConfig"] == {"name": "alerting", "key": "config.yml"}
    assert "alertmanagersUrl" not in spec
    assert spec["volumes"][0]["secret"]["secretName"] == "ca"
    assert spec["volumeMounts"][0]["mountPath"] == "/etc/thanos/secrets/ca"
    restarted_by = "alerting,ca,object-store-credentials"
    assert spec["podMetadata"]["annotations"]["longterm.metrics/restarted-by-secrets"] == restarted_by
    template = outcomes["elsewhere, standalone"].objects["StatefulSet", "thanos-ruler"]["spec"]["template"]
    assert template["metadata"]["annotations"]["longterm.metrics/restarted-by-secrets"] == restarted_by
    args = ruler_args(outcomes["elsewhere, standalone"])
    assert "--alertmanagers.config-file=/etc/alertmanagers/config.yml" in args
    assert not [one for one in args if one.startswith("--alertmanagers.url")]
    assert spec["additionalArgs"] == [{"name": "tsdb.block-duration", "value": "2m"}, {"name": "no-web.disable-cors"}]


def test_the_operator_s_rulers_have_probes_too(outcomes: dict[str, Outcome]) -> None:
    (container,) = ruler(outcomes["plain"])["containers"]
    assert container["name"] == "thanos-ruler"
    assert container["readinessProbe"]["httpGet"]["path"] == "/-/ready"
    assert container["livenessProbe"]["httpGet"]["path"] == "/-/healthy"


def test_the_ruler_takes_the_rules_with_its_label_alone(outcomes: dict[str, Outcome]) -> None:
    assert ruler(outcomes["plain"])["ruleSelector"] == {"matchLabels": {"longterm.metrics/evaluated-by": "thanos-ruler"}}


def test_an_autoscaler_sets_the_replicas_and_a_run_leaves_them_alone(outcomes: dict[str, Outcome]) -> None:
    objects = outcomes["autoscaled"].objects
    scaler = objects["HorizontalPodAutoscaler", "thanos-query"]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 6)
    assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "thanos-query"}
    metrics = objects["HorizontalPodAutoscaler", FRONTEND]["spec"]["metrics"]
    found = {one["resource"]["name"]: one["resource"]["target"]["averageUtilization"] for one in metrics}
    assert found == {"cpu": 70, "memory": 80}
    for name in ("thanos-query", FRONTEND):
        assert "replicas" not in objects["Deployment", name]["spec"]
        assert "replicas" in outcomes["plain"].objects["Deployment", name]["spec"]
    assert not [name for kind, name in outcomes["plain"].objects if kind == "HorizontalPodAutoscaler"]
    budgets = {name for kind, name in objects if kind == "PodDisruptionBudget"}
    assert ("thanos-query" in budgets, FRONTEND in budgets) == (True, False)


def test_the_compactor_merges_replicas_on_request_alone(outcomes: dict[str, Outcome]) -> None:
    def merging(case: str) -> list[str]:
        pod = outcomes[case].objects["StatefulSet", "thanos-compact"]["spec"]["template"]["spec"]
        return [one for one in pod["containers"][0]["args"] if "dedup" in one or "vertical" in one]

    assert merging("plain") == []
    assert merging("deduplicated") == [
        "--deduplication.replica-label=prometheus_replica",
        "--deduplication.replica-label=receive_replica",
        "--deduplication.func=penalty",
    ]


def ingestors(outcome: Outcome) -> dict[str, dict[str, Any]]:
    return {name: item for (kind, name), item in outcome.objects.items() if kind == "StatefulSet" and "thanos-receive" in name}


def test_without_receive_nothing_of_it_is_there(outcomes: dict[str, Outcome]) -> None:
    assert [key for key in outcomes["plain"].objects if "receive" in key[1]] == []
    assert not any("thanos-receive" in address for address in arguments(outcomes["plain"], "thanos-query")["--endpoint"])
    assert "--compact.enable-vertical-compaction" not in str(outcomes["plain"].objects["StatefulSet", "thanos-compact"])


def test_each_hashring_has_ingestors_whose_blocks_are_their_own(outcomes: dict[str, Outcome]) -> None:
    found = ingestors(outcomes["receive"])
    assert {name: item["spec"]["replicas"] for name, item in found.items()} == {
        "thanos-receive-team": 3,
        "thanos-receive-default": 5,
    }
    for item in found.values():
        args = item["spec"]["template"]["spec"]["containers"][0]["args"]
        assert '--label=receive_replica="eu-1/$(POD_NAME)"' in args
        assert "--receive.capnproto-address=127.0.0.1:19391" in args
        assert "--tsdb.out-of-order.time-window=2h" in args
        assert item["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 900
    selectors = [item["spec"]["selector"]["matchLabels"] for item in found.values()]
    assert all(selectors.count(one) == 1 for one in selectors)


def test_routers_have_the_hashrings_and_query_asks_the_ingestors(outcomes: dict[str, Outcome]) -> None:
    receive = outcomes["receive"]
    args = arguments(receive, "thanos-receive-router")
    assert (args["--receive.replication-factor"], args["--receive.hashrings-algorithm"]) == (["3"], ["ketama"])
    team, default = json.loads(receive.objects["ConfigMap", "thanos-receive-hashrings"]["data"]["hashrings.json"])
    assert (team["tenants"], len(team["endpoints"])) == (["team"], 3)
    assert len(default["endpoints"]) == 5
    query = arguments(receive, "thanos-query")
    assert "dnssrv+_grpc._tcp.thanos-receive.metrics.svc" in query["--endpoint"]
    assert {"receive_replica", "receive_tenant"} <= set(query["--query.replica-label"][0].split(","))


def test_routers_have_the_limits_and_may_ask_query_for_the_series_of_a_tenant(outcomes: dict[str, Outcome]) -> None:
    receive = outcomes["receive"]
    (file,) = arguments(receive, "thanos-receive-router")["--receive.limits-config-file"]
    assert json.loads(receive.objects["ConfigMap", "thanos-receive-limits"]["data"][file.rpartition("/")[2]])["write"] == {
        "tenants": {"team": {"head_series_limit": 1000}},
        "global": {
            "meta_monitoring_url": "http://thanos-query.metrics.svc:10902",
            "meta_monitoring_limit_query": 'sum by (tenant) (prometheus_tsdb_head_series{cluster="eu-1",job="thanos-receive"})',
        },
    }
    askers = [outcomes[name].objects["NetworkPolicy", "thanos-query"]["spec"]["ingress"] for name in ("receive", "plain")]
    assert ["thanos-receive-router" in json.dumps(ingress) for ingress in askers] == [True, False]


def test_the_compactor_merges_blocks_of_late_samples(outcomes: dict[str, Outcome]) -> None:
    args = outcomes["receive"].objects["StatefulSet", "thanos-compact"]["spec"]["template"]["spec"]["containers"][0]["args"]
    assert "--compact.enable-vertical-compaction" in args
    assert not any(argument.startswith("--deduplication.") for argument in args)


def test_prometheus_writes_to_the_routers_with_every_engine(outcomes: dict[str, Outcome]) -> None:
    url = "http://thanos-receive-router.metrics.svc:19291/api/v1/receive"
    (written,) = outcomes["receive, writer"].objects["Prometheus", "main"]["spec"]["remoteWrite"]
    assert (written["url"], written["messageVersion"], written["metadataConfig"]) == (url, "V1.0", {"send": False})
    config = outcomes["receive, standalone"].objects["ConfigMap", "prometheus-config"]["data"]["prometheus.yml"]
    (written,) = yaml.safe_load(config)["remote_write"]
    assert (written["url"], written["protobuf_message"]) == (url, "prometheus.WriteRequest")
