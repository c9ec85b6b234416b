# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._arguments import OWN, problems
from ansible_collections.longterm.metrics.plugins.module_utils._node_collectors import COLLECTORS


@pytest.mark.parametrize(
    ("variable", "arguments"),
    [
        ("thanos_query_extra_args", []),
        (
            "thanos_query_extra_args",
            ["--log.level=debug", "--query.lookback-delta=5m", '--selector-label=a="b"', '--selector-label=c="d"'],
        ),
        ("thanos_compact_extra_args", ["--downsampling.disable", "--no-debug.accept-malformed-index"]),
        ("node_exporter_extra_args", ["--collector.textfile.directory=/a", "--collector.textfile.directory=/b"]),
        ("node_exporter_extra_args", ["--collector.systemd.unit-include=a b|c"]),
        ("prometheus_adapter_extra_args", ["--v=4"]),
        ("kube_state_metrics_extra_args", ["--namespaces=shop,web", "--metric-denylist="]),
    ],
)
def test_further_arguments_are_right(variable: str, arguments: list[str]) -> None:
    assert problems(arguments, variable) == []


@pytest.mark.parametrize(
    ("variable", "arguments", "finding"),
    [
        ("thanos_store_extra_args", ["--data-dir=/tmp"], "[0] sets --data-dir, which the role sets; leave it out."),
        (
            "thanos_query_extra_args",
            ["--log.level=debug", "--no-query.auto-downsampling"],
            "[1] sets --no-query.auto-downsampling, which the role sets; leave it out.",
        ),
        (
            "thanos_compact_extra_args",
            ["--delete-delay=1h"],
            "[0] sets --delete-delay, which the role sets; use thanos_compact_delete_delay instead.",
        ),
        (
            "node_exporter_extra_args",
            ["--no-collector.cpu"],
            "[0] sets --no-collector.cpu, which the role sets; use node_exporter_collectors or node_exporter_disabled_collectors "
            "instead.",
        ),
        (
            "node_exporter_extra_args",
            ["--collector.netdev.device-include=eth0"],
            "[0] sets --collector.netdev.device-include, which the role sets; use node_exporter_exclude_net_devices instead.",
        ),
        (
            "thanos_query_extra_args",
            ["--log.level=a", "--log.level=b"],
            "[1] sets --log.level, as thanos_query_extra_args[0] does; keep one.",
        ),
        (
            "thanos_query_extra_args",
            ["--selector-label=a", "--selector-label=a"],
            "[1] sets --selector-label, as thanos_query_extra_args[0] does; keep one.",
        ),
    ],
)
def test_an_argument_that_sets_what_is_set_is_named(variable: str, arguments: list[str], finding: str) -> None:
    assert problems(arguments, variable) == [f"{variable}{finding}"]


@pytest.mark.parametrize(
    "argument", ["debug", "-v", "--", "--=a", "--a b", "", 5, None, True, ["--a"], "--a=b\n--c", "--1a", " --a"]
)
def test_what_is_no_argument_is_named_and_not_shown(argument: Any) -> None:
    assert problems([argument], "thanos_query_extra_args") == [
        "thanos_query_extra_args[0] is no argument; must be text such as --log.level=debug, name and value in one."
    ]


@pytest.mark.parametrize("given", ["--log.level=debug", {"log.level": "debug"}, None, 5])
def test_what_is_no_list_is_refused_by_name(given: Any) -> None:
    assert problems(given, "thanos_query_extra_args") == [
        "thanos_query_extra_args must be a list of arguments, such as [--log.level=debug]."
    ]


def test_no_value_of_an_argument_is_shown() -> None:
    given = ["--objstore.config=hunter2", "--request.logging-config=hunter2", "--request.logging-config=hunter2", "hunter2"]
    findings = problems(given, "thanos_store_extra_args")
    assert len(findings) == 3
    assert "hunter2" not in str(findings)


def test_every_collector_has_a_flag_of_its_own() -> None:
    assert {f"collector.{name}" for name in COLLECTORS} <= OWN["node_exporter_extra_args"].keys()


def test_a_filter_that_is_no_regular_expression_and_flags_that_exclude_each_other_are_refused() -> None:
    variable = "node_exporter_extra_args"
    (problem,) = problems(["--collector.systemd.unit-include=("], variable)
    assert problem.startswith(f"{variable}[0] sets --collector.systemd.unit-include to no regular expression")
    flags = ["--collector.diskstats.device-exclude=a", "--collector.diskstats.device-include=b"]
    (problem,) = problems(flags, variable)
    assert problem.endswith(f"excludes --collector.diskstats.device-exclude of {variable}[0]; keep one.")
