# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What preflight refuses before anything is touched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.playbooks import ROOT, play

ENDPOINT: dict[str, Any] = {"component": "prometheus", "host": "prometheus.example.com", "parent_refs": [{"name": "edge"}]}


@pytest.mark.parametrize("method", ["ingress", "gateway", "nodeport"])
def test_nothing_is_exposed_without_authentication(method: str, tmp_path: Path) -> None:
    variables = {"metrics_rendered_to": f"{tmp_path}/rendered", "exposure_endpoints": [{**ENDPOINT, "method": method}]}
    ran = play(ROOT / "playbooks/render.yml", {"site": variables}, tmp_path)
    assert ran.returncode != 0
    assert f"exposure_endpoints[0] (prometheus by {method}) has no auth" in ran.stdout
    assert not (tmp_path / "rendered").exists()


@pytest.mark.parametrize(
    ("variables", "served", "named"),
    [
        ({"grafana_enabled": True, "grafana_expose": "gateway"}, [], "grafana_expose"),
        ({"exposure_endpoints": [{"method": "gateway"}]}, [], "exposure_endpoints[].method"),
        ({"grafana_enabled": True, "grafana_expose": "gateway"}, ["gateway.networking.k8s.io"], ""),
        ({"grafana_enabled": False, "grafana_expose": "gateway"}, [], ""),
        ({"grafana_enabled": True, "grafana_expose": "ingress"}, [], ""),
    ],
)
def test_the_gateway_api_is_asked_for_where_a_route_is_wanted(
    variables: dict[str, Any], served: list[str], named: str, tmp_path: Path
) -> None:
    cluster = {"__preflight_cluster": {"api_groups": {group: ["v1"] for group in served}}}
    tell = {"ansible.builtin.copy": {"content": "{{ __preflight_gateway_api }}", "dest": f"{tmp_path}/said"}}
    preflight = str(ROOT / "roles/preflight/vars/main.yml")
    plays = [{"hosts": "all", "gather_facts": False, "vars_files": [preflight], "tasks": [tell]}]
    ran = play(plays, {"site": {**variables, **cluster}}, tmp_path)
    assert ran.returncode == 0, ran.stdout
    said = (tmp_path / "said").read_text()
    assert named in said
    assert bool(said) == bool(named)


def test_what_preflight_has_let_pass_is_not_judged_again_in_its_play_but_what_it_has_not_seen_is(tmp_path: Path) -> None:
    namespace, preflight = "longterm.metrics.namespace", "longterm.metrics.preflight"
    late = {"ansible.builtin.include_role": {"name": "longterm.metrics.thanos"}, "vars": {"thanos_query_replicas": 0}}
    plays = [{"roles": [preflight, namespace]}, {"roles": [namespace]}, {"roles": [preflight], "tasks": [late]}]
    variables = {"metrics_state": "rendered", "metrics_rendered_to": f"{tmp_path}/rendered"}
    ran = play([{"hosts": "all", "gather_facts": False, **each} for each in plays], {"site": variables}, tmp_path)
    judged = re.findall(r"TASK .*?: Settings of (.*?)\].*\n(?:.*\n)*?(\w+): \[", ran.stdout)
    assert judged == [("the namespace", "skipping"), ("the namespace", "ok"), ("Thanos", "fatal")]
    assert "thanos_query_replicas is 0" in ran.stdout
