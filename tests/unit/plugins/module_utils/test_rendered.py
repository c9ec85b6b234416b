# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A set written as files."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._rendered import MARK, write
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import config_map, namespace, secret


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*")}


def test_each_object_is_a_file_of_its_own_that_reads_back_as_declared(tmp_path: Path) -> None:
    without_place = {**config_map("a", x="1"), "metadata": {"name": "a"}}
    result = write(tmp_path / "web", [without_place, namespace("n")], "metrics", check=False)
    assert files(tmp_path / "web") == {"configmap-metrics-a.yaml", "namespace-n.yaml"}
    assert result["files"] == [str(tmp_path / "web" / name) for name in ("configmap-metrics-a.yaml", "namespace-n.yaml")]
    assert yaml.safe_load((tmp_path / "web" / "configmap-metrics-a.yaml").read_text()) == config_map("a", x="1")
    assert yaml.safe_load((tmp_path / "web" / "namespace-n.yaml").read_text()) == namespace("n")


def test_the_same_set_changes_nothing(tmp_path: Path) -> None:
    assert write(tmp_path, [config_map("a"), config_map("b")], "metrics", check=False)["changed"]
    assert not write(tmp_path, [config_map("b"), config_map("a")], "metrics", check=False)["changed"]


def test_files_of_objects_that_are_gone_are_removed_and_files_of_others_stay(tmp_path: Path) -> None:
    write(tmp_path, [config_map("a"), config_map("b")], "metrics", check=False)
    (tmp_path / "kustomization.yaml").write_text("resources: []\n")
    assert write(tmp_path, [config_map("a")], "metrics", check=False)["changed"]
    assert files(tmp_path) == {"configmap-metrics-a.yaml", "kustomization.yaml"}


def test_a_file_of_others_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "configmap-metrics-a.yaml").write_text("mine: true\n")
    with pytest.raises(MetricsError, match=r"configmap-metrics-a.yaml was not rendered by us"):
        write(tmp_path, [config_map("a")], "metrics", check=False)


def test_two_objects_that_would_be_one_file_are_named(tmp_path: Path) -> None:
    def placed(name: str, place: str) -> dict[str, object]:
        return {**config_map(name), "metadata": {"name": name, "namespace": place}}

    with pytest.raises(MetricsError, match="ConfigMap a-b/c and another object of the set would both be"):
        write(tmp_path, [placed("b-c", "a"), placed("c", "a-b")], "metrics", check=False)


def test_check_mode_shows_the_difference_and_writes_nothing(tmp_path: Path) -> None:
    result = write(tmp_path / "web", [config_map("a", x="1")], "metrics", check=True)
    assert result["changed"]
    assert (result["diff"][0]["before"], result["diff"][0]["after"].startswith(MARK)) == ("", True)
    assert not (tmp_path / "web").exists()


def test_values_of_secrets_are_in_the_files_but_not_in_the_diff(tmp_path: Path) -> None:
    for value in ("aHVudGVyMQ==", "aHVudGVyMg=="):
        result = write(tmp_path, [secret("s", password=value)], "metrics", check=False)
        assert "aHVudGVy" not in str(result)
        assert value in (tmp_path / "secret-metrics-s.yaml").read_text()
    assert "password: (hidden, differs)" in result["diff"][0]["after"]
