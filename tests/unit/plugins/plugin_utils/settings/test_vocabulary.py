# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import vocabulary
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.vocabulary import FILTERS, TESTS, version


def test_releases_are_compared_by_their_numbers() -> None:
    assert version("v3.9.0") < version("v3.15.0") < version("4.0") < version("latest")


@pytest.mark.parametrize(
    ("image", "release", "same"),
    [
        ("quay.io/a/b:v1.2.3", "v1.2.3", True),
        ("quay.io/a/b:1.2.3-alpine", "v1.2.3", True),
        ("quay.io/a/b:v1.2.4", "v1.2.3", False),
        ("quay.io/a/b@sha256:ab", "v1.2.3", True),
        ("quay.io:5000/a/b:latest", "v1.2.3", True),
        ("quay.io/a/b:v1.2.4", "latest", True),
    ],
)
def test_a_tag_contradicts_a_version_where_both_are_releases(image: str, release: str, same: bool) -> None:
    assert vocabulary.tag_says(image, release) == same


def test_paths_are_compared_without_a_slash_at_their_end() -> None:
    assert [vocabulary.path_of(url) for url in ("https://a/b/", "https://a", "http://a:1/b/c")] == ["/b", "", "/b/c"]
    assert vocabulary.without_slash("/") == ""


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("http://prometheus.metrics.svc:9090/p/", False),
        ("http://prometheus.metrics:9090/p", False),
        ("http://prometheus.metrics.svc:9090", True),
        ("http://prometheus.metrics.svc/p", True),
        ("http://prometheus.other.svc:1", False),
        ("https://prometheus.example.com/q", False),
        ("http://query.metrics.svc:9090", False),
    ],
)
def test_a_url_of_a_service_of_ours_has_its_port_and_path(url: str, wrong: bool) -> None:
    assert vocabulary.misses(url, "metrics", {"prometheus": ":9090/p"}) == wrong


def test_what_is_there_twice_is_found() -> None:
    assert vocabulary.repeated([1, {"a": 1}, 1, {"a": 1}, 2]) == [1, {"a": 1}]


def test_text_with_commas_is_a_list_where_a_rule_takes_both() -> None:
    assert vocabulary.words("a, b") == vocabulary.words(["a", "b"]) == ["a", "b"]


def test_a_secret_in_plain_text_is_named_and_not_shown() -> None:
    assert vocabulary.secrets_in({"a": {"password": "hunter2"}}, "x", "put it into a Secret") == [
        "x.a.password holds a secret in plain text; put it into a Secret."
    ]
    assert vocabulary.secrets_in([{"token": "hunter2"}], "x", "y")[0].startswith("x[0].token holds")


@pytest.mark.parametrize(
    "path", ["/data", "/etcd", "/prometheus/a", "/var/lib/metrics", "/var/lib/docker-data", "/mnt/disk1", "/srv/a/b"]
)
def test_a_folder_of_its_own_may_hold_data(path: str) -> None:
    assert vocabulary.is_data_folder(path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/etc",
        "/etc/a",
        "/usr/local/a",
        "/var",
        "/var/cache/a",
        "/var/lib",
        "/var/lib/kubelet/pods",
        "/opt/cni",
        "/mnt",
        "/tmp/a",
    ],
)
def test_a_folder_of_the_system_may_not_hold_data(path: str) -> None:
    assert not vocabulary.is_data_folder(path)


def test_the_version_of_a_chart_is_read_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "Chart.yaml").write_text("version: 1.2.3\n")
    assert vocabulary.chart_version(str(tmp_path)) == "1.2.3"
    assert vocabulary.chart_version(str(tmp_path / "chart.tgz")) == ""


def test_problems_of_rules_are_those_of_the_filter_that_changes_them(tmp_path: Path) -> None:
    def problems(path: Path, overrides: dict[str, Any], together: bool = False) -> list[str]:
        return vocabulary.rule_problems([str(path)], [], overrides, {}, [], "30s", "https://example.com", together)

    none, large = tmp_path / "none.yml", tmp_path / "large.yml"
    assert problems(none, {}) == []
    (problem,) = problems(none, {"NodeDwn": {}})
    assert "did you mean NodeDown?" in problem
    large.write_text(f"groups: [{{name: a, rules: [{{alert: A, expr: up, labels: {{b: {'c' * 600_000}}}}}]}}]")
    assert problems(large, {}, together=True) == []
    (problem,) = problems(large, {})
    assert "the operator takes of one PrometheusRule" in problem


def test_files_and_programs_of_the_controller_are_found(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert [TESTS["existing_file"](str(path)) for path in (tmp_path, tmp_path / "file", tmp_path / "none")] == [
        False,
        True,
        False,
    ]
    assert [TESTS["existing_path"](str(path)) for path in (tmp_path, tmp_path / "file", tmp_path / "none")] == [True, True, False]
    assert [TESTS["executable"](program) for program in ("sh", "", "none-such")] == [True, False, False]


def test_a_pattern_has_to_match_all_of_a_text() -> None:
    assert [TESTS["matching"](text, "a+") for text in ("aa", "ab", 1)] == [True, False, False]


def test_a_private_key_is_known() -> None:
    assert [TESTS["private_key"](text) for text in ("AGE-SECRET-KEY-1", "age1a", "-----BEGIN PRIVATE KEY")] == [True, False, True]


def test_every_filter_is_callable() -> None:
    assert all(map(callable, FILTERS.values()))


@pytest.mark.parametrize(
    ("cache", "bytes_taken"),
    [
        ({"type": "IN-MEMORY", "config": {"max_size": "64MB"}}, 64 * 2**20),
        ({"type": "IN-MEMORY", "config": {"max_size": "much"}}, 0),
        ({"type": "IN-MEMORY", "config": {}}, 0),
        ({"type": "MEMCACHED", "config": {"max_size": "64MB"}}, 0),
        ({}, 0),
    ],
)
def test_a_cache_takes_memory_where_it_is_in_memory(cache: dict[str, Any], bytes_taken: int) -> None:
    assert vocabulary.memory_of_cache(cache) == bytes_taken


def test_without_a_limit_a_container_takes_any_memory() -> None:
    assert vocabulary.memory_limit({"limits": {"memory": "1Mi"}}) == 2**20
    assert vocabulary.memory_limit({"limits": {"cpu": 1}}) == vocabulary.memory_limit({}) == float("inf")
