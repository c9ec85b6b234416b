# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every dashboard, and for the role that puts them on a cluster."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils._allowances import Allowance
from ansible_collections.longterm.metrics.plugins.module_utils._dashboards import Query

from dashboards import write
from dashboards.panels import DATASOURCE, GROUPS, TAG, WIDTH
from tests.playbooks import evaluate

ROLE = write.FILES.parent
COMMITTED = {file.stem: json.loads(file.read_text()) for file in sorted(write.FILES.glob("*.json"))}
VARIABLES = yaml.safe_load((ROLE / "vars/main.yml").read_text())
BY_SETTING = [Allowance(**entry) for entries in VARIABLES["__dashboards_by_setting"].values() for entry in entries]
ALLOWANCES = [*(Allowance(**entry) for entry in VARIABLES["__dashboards_at_times"]), *BY_SETTING]
EVERY = pytest.mark.parametrize("board", COMMITTED.values(), ids=COMMITTED.keys())

FEWEST_PANELS, MOST_PANELS = 6, 14
MATCHERS = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\{([^}]*)\}")
GROUPING = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
WORDS = {"and", "or", "unless", "bool", "offset"}


def panels_of(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def queries_of(board: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each query, with the title of its panel."""
    for panel in panels_of(board):
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def without_strings(query: str) -> str:
    return re.sub(r'"[^"]*"', '""', query)


def bare_metrics(query: str) -> set[str]:
    """The names of metrics that are asked for without any matcher."""
    rest = GROUPING.sub("", without_strings(MATCHERS.sub("1", query)))
    rest = re.sub(r"\[[^\]]*\]", "", rest)
    return set(re.findall(r"\b[a-zA-Z_:][a-zA-Z0-9_:]*\b(?!\s*\()", rest)) - WORDS


def test_the_committed_dashboards_are_fresh() -> None:
    committed = {file.name: file.read_text() for file in write.FILES.glob("*.json")}
    assert committed == write.texts(), "run `make dashboards`"


def test_an_allowance_is_of_a_setting_or_comes_and_goes(tmp_path: Path) -> None:
    """Data in a panel that a setting explains is reported; one of the cluster or the hour says nothing."""
    hosts: dict[str, dict[str, Any]] = {
        "usual": {"alertmanager_replicas": 3, "prometheus_alertmanagers": [{"name": "a"}]},
        "single": {"alertmanager_replicas": "1"},
        "without cache": {"thanos_query_frontend_cache": {}},
        "no downsampling": {"thanos_compact_extra_args": ["--downsampling.disable"]},
    }
    made = evaluate("__dashboards_allowed_empty", ["dashboards"], hosts, tmp_path)
    lasting = {
        host: {f"{entry['dashboard']} / {entry['panel']}" for entry in entries if not entry.get("transient")}
        for host, entries in made.items()
    }
    assert lasting["usual"] == set()
    assert {"Alertmanager / Members", "Prometheus / Alerts sent"} <= lasting["single"]
    assert "Thanos Query Frontend / *ache*" in lasting["without cache"]
    assert "Thanos Compactor / Downsampling" in lasting["no downsampling"]


@EVERY
def test_a_dashboard_says_what_it_is_for_and_is_found_by_its_tags(board: dict[str, Any]) -> None:
    assert board["description"]
    assert board["tags"][0] == TAG
    assert board["tags"][1] in GROUPS


@pytest.mark.parametrize("name", ["uid", "title"])
def test_no_two_dashboards_share_their(name: str) -> None:
    assert len({board[name] for board in COMMITTED.values()}) == len(COMMITTED)


@EVERY
def test_the_first_variable_chooses_the_cluster(board: dict[str, Any]) -> None:
    first, *others = board["templating"]["list"]
    assert (first["name"], first["query"]["query"]) == ("cluster", "label_values(up, cluster)")
    for variable in others:
        assert 'cluster="$cluster"' in variable["query"]["query"]


@EVERY
def test_a_query_asks_for_the_chosen_cluster_only(board: dict[str, Any]) -> None:
    for title, query in queries_of(board):
        assert MATCHERS.search(query), title
        assert not bare_metrics(query), title
        for matchers in MATCHERS.findall(query):
            assert 'cluster="$cluster"' in matchers.split(","), title


@pytest.mark.parametrize(
    ("query", "bare"),
    [
        ('sum by (pod) (rate(a_total{cluster="$cluster"}[5m]))', set()),
        ('a{cluster="$cluster"} * on (pod) group_left (node) b{cluster="$cluster"} > 0', set()),
        ('sum(a) / sum(b{cluster="$cluster"})', {"a"}),
        ("rate(a_total[$__rate_interval])", {"a_total"}),
    ],
)
def test_a_metric_without_matchers_is_seen(query: str, bare: set[str]) -> None:
    assert bare_metrics(query) == bare


@EVERY
def test_a_query_uses_no_variable_that_the_dashboard_lacks(board: dict[str, Any]) -> None:
    known = {variable["name"] for variable in board["templating"]["list"]}
    for title, query in queries_of(board):
        used = {name for name in re.findall(r"\$(\w+)", query) if not name.isdigit() and not name.startswith("__")}
        assert used <= known, title


@EVERY
def test_panels_are_few_and_each_has_title_description_unit_and_data(board: dict[str, Any]) -> None:
    titles = [panel["title"] for panel in panels_of(board)]
    assert MOST_PANELS >= len(titles) >= FEWEST_PANELS
    assert all(titles)
    assert len(set(titles)) == len(titles), "panels are named by their title where they may be empty"
    for panel in panels_of(board):
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["datasource"] == {"type": DATASOURCE.type_val, "uid": DATASOURCE.uid}
        assert panel["targets"], panel["title"]


@EVERY
def test_panels_fill_their_lines_and_do_not_overlap(board: dict[str, Any]) -> None:
    cells: dict[int, int] = {}
    for panel in board["panels"]:
        place = panel["gridPos"]
        for line in range(place["y"], place["y"] + place["h"]):
            cells[line] = cells.get(line, 0) + place["w"]
    assert set(cells.values()) == {WIDTH}


@EVERY
def test_a_link_to_another_dashboard_leads_to_one_of_ours(board: dict[str, Any]) -> None:
    linked = set(re.findall(r"/d/([\w-]+)\?", json.dumps(board)))
    assert linked <= {other["uid"] for other in COMMITTED.values()}


def test_each_dashboard_can_be_turned_on_and_off() -> None:
    specification = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    assert set(specification["dashboards_enabled"]["options"]) == set(COMMITTED)
    chosen = yaml.safe_load((ROLE / "vars/main.yml").read_text())["__dashboards_chosen"]
    assert set(chosen) <= set(COMMITTED)


@pytest.mark.parametrize("allowance", ALLOWANCES, ids=str)
def test_a_panel_that_may_be_empty_is_there_and_its_condition_asks_for_what_its_dashboard_knows(allowance: Allowance) -> None:
    boards = [board for board in COMMITTED.values() if allowance.is_of(board["title"])]
    covered = [
        board
        for board in boards
        if any(allowance.covers(Query(board["title"], panel["title"], "")) for panel in panels_of(board))
    ]
    assert covered
    assert covered == boards, "it covers a panel of each dashboard that it names"
    condition = re.sub(r"\{\{.*?\}\}", "0", allowance.condition)
    for board in covered:
        known = {variable["name"] for variable in board["templating"]["list"]}
        assert set(re.findall(r"\$(\w+)", condition)) <= known
    assert not bare_metrics(condition) - {"vector"}
    assert all('cluster="$cluster"' in matchers for matchers in MATCHERS.findall(condition))
