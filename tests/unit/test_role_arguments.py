# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments that roles set are known where further ones are judged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils._arguments import OWN

from tests.playbooks import ROOT, Outcome, run_roles

# Whatever makes a template set an argument more.
EVERYTHING = {
    "thanos_query_external_prefix": "/thanos",
    "thanos_query_route_prefix": "/thanos",
    "thanos_query_prefix_header": "X-Forwarded-Prefix",
    "thanos_query_endpoints": ["other:10901"],
    "thanos_query_strict_endpoints": ["another:10901"],
    "thanos_compact_vertical_compaction": True,
    "thanos_compact_deduplication_labels": ["replica"],
    "thanos_compact_deduplication_func": "penalty",
    "thanos_store_shards": 2,
    "thanos_store_boundaries": ["-6w", "-2w"],
    "thanos_mode": "both",
    "thanos_receive_block_duration": "1m",
    "thanos_query_engine": "thanos",
    "thanos_query_mode": "distributed",
    "thanos_query_partition_labels": ["region"],
    "thanos_query_frontend_vertical_shards": 4,
    "thanos_bucket_web_external_prefix": "/bucket",
    "thanos_query_frontend_forward_headers": ["X-Team"],
    "node_exporter_collectors": ["systemd"],
    "kube_state_metrics_labels": {"pods": ["team"]},
    "kube_state_metrics_annotations": {"pods": ["team"]},
    "prometheus_adapter_resource_metrics": "always",
}
# The variable of further arguments of a container, by the container's name.
VARIABLES = {
    "thanos-query": "thanos_query_extra_args",
    "thanos-query-frontend": "thanos_query_frontend_extra_args",
    "thanos-store": "thanos_store_extra_args",
    "thanos-bucket-web": "thanos_bucket_web_extra_args",
    "thanos-compact": "thanos_compact_extra_args",
    "thanos-receive": "thanos_receive_extra_args",
    "thanos-receive-router": "thanos_receive_router_extra_args",
    "thanos-ruler": "thanos_ruler_extra_args",
    "node-exporter": "node_exporter_extra_args",
    "kube-state-metrics": "kube_state_metrics_extra_args",
    "prometheus-adapter": "prometheus_adapter_extra_args",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    roles = ("thanos", "node_exporter", "kube_state_metrics", "prometheus_adapter")
    # Without an operator, which writes the Ruler's arguments itself.
    variables = {"metrics_cluster": "a", "prometheus_engine": "standalone", **EVERYTHING}
    found = run_roles(tmp_path_factory.mktemp("arguments"), {role: (role, variables) for role in roles})
    assert {name: outcome.error for name, outcome in found.items() if outcome.error} == {}
    return found


def containers(outcomes: dict[str, Outcome]) -> Iterator[dict[str, Any]]:
    for outcome in outcomes.values():
        for item in outcome.objects.values():
            if item["kind"] in ("Deployment", "StatefulSet", "DaemonSet"):
                yield from item["spec"]["template"]["spec"]["containers"]


def test_every_argument_that_a_template_sets_is_known(outcomes: dict[str, Outcome]) -> None:
    rendered = {VARIABLES[entry["name"]]: entry["args"] for entry in containers(outcomes) if entry["name"] != "reloader"}
    assert rendered.keys() == OWN.keys()
    for variable, arguments in rendered.items():
        names = {re.sub("^--(no-)?|=.*", "", argument, flags=re.DOTALL) for argument in arguments if argument.startswith("--")}
        assert names <= OWN[variable].keys(), variable
        assert len(names) > 3


def test_the_variables_to_use_instead_exist() -> None:
    specs = (yaml.safe_load(path.read_text()) for path in ROOT.glob("roles/*/meta/argument_specs.yml"))
    known = {name for spec in specs for name in spec["argument_specs"]["main"].get("options", {})}
    instead = {name for names in OWN.values() for text in names.values() for name in text.split(" or ") if name}
    assert instead | OWN.keys() <= known
