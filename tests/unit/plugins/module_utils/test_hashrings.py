# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _hashrings

DEFAULT = {"name": "default", "replicas": 3}
TEAM = {"name": "team", "replicas": 3, "tenants": ["a*"], "tenant_matcher_type": "glob"}


def test_an_ingestor_is_a_pod_of_the_stateful_set_of_its_hashring() -> None:
    groups = list(_hashrings.groups([TEAM, {"name": "default", "replicas": 2}]))
    assert [(group.name, group.hashring, group.replicas) for group in groups] == [
        ("thanos-receive-team", "team", 3),
        ("thanos-receive-default", "default", 2),
    ]
    assert groups[1].pods() == ["thanos-receive-default-0", "thanos-receive-default-1"]


def test_routers_read_the_addresses_and_what_thanos_takes_of_tenants() -> None:
    (team,) = json.loads(_hashrings.configuration([{**TEAM, "shuffle_sharding_config": {"shard_size": 3}}], "metrics"))
    assert team == {
        "hashring": "team",
        "tenants": ["a*"],
        "tenant_matcher_type": "glob",
        "shuffle_sharding_config": {"shard_size": 3},
        "endpoints": [{"address": f"thanos-receive-team-{number}.thanos-receive.metrics.svc:10901"} for number in range(3)],
    }


def test_the_hash_is_the_one_that_thanos_shows() -> None:
    """A router of Thanos 0.42.5 showed 1.01348360701427e+14 for this file."""
    assert _hashrings.config_hash(_hashrings.configuration([DEFAULT], "metrics")) == 101348360701427


@pytest.mark.parametrize(
    ("rings", "factor"),
    [
        ([DEFAULT], 3),
        ([TEAM, DEFAULT], 3),
        ([{**TEAM, "tenants": ["team-*", "x-[a-c]?", "y\\*"], "tenant_matcher_type": "glob"}, DEFAULT], 3),
        ([{**DEFAULT, "replicas": 1}], 1),
        ([{**DEFAULT, "replicas": 6, "shuffle_sharding_config": {"shard_size": 3}}], 3),
    ],
)
def test_hashrings_that_thanos_takes_are_right(rings: list[dict[str, Any]], factor: int) -> None:
    assert _hashrings.problems(rings, factor, "rings") == []


@pytest.mark.parametrize(
    ("rings", "finding"),
    [
        ([], "rings has 0 entries; must have at least 1."),
        ([{"name": "default"}], "rings[0] has no replicas; it is required."),
        ([{**DEFAULT, "name": "Default"}], "rings[0].name is Default; must be a name of at most 20"),
        ([{**DEFAULT, "tenant": ["a"]}], "rings[0] has the unknown key tenant; did you mean tenants?"),
        (
            [{**DEFAULT, "replicas": 2}],
            "rings[0].replicas is 2; must be at least thanos_receive_replication_factor, 3.",
        ),
        ([{**TEAM, "tenant_matcher_type": "regex"}, DEFAULT], "rings[0].tenant_matcher_type is regex; must be exact or glob."),
        ([{**TEAM, "tenants": ["a/b"]}, DEFAULT], "rings[0].tenants[0] is a/b; must be the name of a tenant, without slashes."),
        (
            [TEAM, {**TEAM, "name": "again"}, DEFAULT],
            "rings[1].tenants[0] is a*, as an earlier one is; the first that matches has it.",
        ),
        (
            [{"name": "team", "replicas": 3, "tenants": ["team-*"]}, DEFAULT],
            "rings[0].tenants[0] is team-*; must be the name of a tenant unless tenant_matcher_type is glob.",
        ),
        (
            [{**TEAM, "tenants": ["team-["], "tenant_matcher_type": "glob"}, DEFAULT],
            "rings[0].tenants[0] is team-[; must be a pattern such as team-* or team-[ab].",
        ),
        ([TEAM], "rings[0].tenants must be left out of the last hashring"),
        ([DEFAULT, {**DEFAULT, "name": "other"}], "rings[0] has no tenants; the first hashring that matches wins"),
        ([DEFAULT, DEFAULT], "rings[1].name is default, as rings[0].name is; must be unique."),
        ([{**DEFAULT, "tenant_matcher_type": "glob"}], "rings[0] has tenant_matcher_type and no tenants; it needs them."),
        (
            [{**DEFAULT, "shuffle_sharding_config": {"shard_size": 2}}],
            "rings[0].shuffle_sharding_config.shard_size is 2; must be at least thanos_receive_replication_factor, 3,",
        ),
        (
            [{**DEFAULT, "shuffle_sharding_config": {"shard_size": 3, "overrides": [{"shard_size": 3, "tenants": ["a"]}]}}],
            "rings[0].shuffle_sharding_config.overrides[0] has no tenant_matcher_type; it is required.",
        ),
    ],
)
def test_hashrings_that_would_lose_or_refuse_samples_are_named(rings: list[dict[str, Any]], finding: str) -> None:
    (found,) = _hashrings.problems(rings, 3, "rings")
    assert found.startswith(finding)
