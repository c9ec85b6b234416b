# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A set written as files, and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils import _rendered
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._rendered import mark, read
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import config_map, namespace, secret

OF_THE_FIRST_RELEASE = "# Rendered by longterm.metrics.apply_set; changes are lost.\n"


def write(root: Path, *objects: dict[str, Any], name: str = "web", check: bool = False, **places: list[str]) -> dict[str, Any]:
    files = {place.replace("_", "."): names for place, names in places.items()}
    return _rendered.write(root, name, "metrics", list(objects), files, check=check)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_each_object_is_a_file_of_its_own_that_reads_back_as_declared(tmp_path: Path) -> None:
    without_place = {**config_map("a", x="1"), "metadata": {"name": "a"}}
    result = write(tmp_path, without_place, namespace("n"))
    assert files(tmp_path) == {"web/configmap-metrics-a.yaml", "web/namespace-n.yaml"}
    assert result["files"] == [str(tmp_path / "web" / name) for name in ("configmap-metrics-a.yaml", "namespace-n.yaml")]
    assert yaml.safe_load((tmp_path / "web" / "configmap-metrics-a.yaml").read_text()) == config_map("a", x="1")
    assert yaml.safe_load((tmp_path / "web" / "namespace-n.yaml").read_text()) == namespace("n")


def test_objects_stand_in_one_file_or_in_another_folder_where_that_is_said(tmp_path: Path) -> None:
    places = {"first_yaml": ["Namespace"], "keys_yaml": ["Secret/a"], "settings": ["ConfigMap"]}
    result = write(tmp_path, namespace("n"), namespace("m"), secret("a"), secret("b"), config_map("c"), **places)
    assert files(tmp_path) == {"first.yaml", "keys.yaml", "web/secret-metrics-b.yaml", "settings/configmap-metrics-c.yaml"}
    assert list(yaml.safe_load_all((tmp_path / "first.yaml").read_text())) == [namespace("n"), namespace("m")]
    assert str(tmp_path / "first.yaml") in result["files"]
    assert not write(tmp_path, namespace("n"), namespace("m"), secret("a"), secret("b"), config_map("c"), **places)["changed"]


def test_the_same_set_changes_nothing(tmp_path: Path) -> None:
    assert write(tmp_path, config_map("a"), config_map("b"))["changed"]
    assert not write(tmp_path, config_map("b"), config_map("a"))["changed"]


def test_files_of_objects_that_are_gone_are_removed_and_files_of_others_stay(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"), config_map("b"), namespace("n"), first_yaml=["Namespace"])
    write(tmp_path, config_map("c"), name="other")
    (tmp_path / "web" / "kustomization.yaml").write_text("resources: []\n")
    assert write(tmp_path, config_map("a"))["changed"]
    assert files(tmp_path) == {"web/configmap-metrics-a.yaml", "web/kustomization.yaml", "other/configmap-metrics-c.yaml"}


def test_no_empty_folder_stays(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"))
    write(tmp_path, config_map("a"), settings=["ConfigMap"])
    assert [path.name for path in tmp_path.iterdir()] == ["settings"]


def test_files_of_the_first_release_belong_to_the_set_of_their_folder(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"), config_map("b"))
    for path in (tmp_path / "web").iterdir():
        path.write_text(path.read_text().replace(mark("web", "metrics"), OF_THE_FIRST_RELEASE))
    assert read(tmp_path, "web", "metrics") == [config_map("a"), config_map("b")]
    write(tmp_path, config_map("a"))
    assert files(tmp_path) == {"web/configmap-metrics-a.yaml"}


@pytest.mark.parametrize("place", ["../web", "/etc", "..", "", "a/b", "-a", "a b"])
def test_no_file_leaves_the_folder(place: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    with pytest.raises(MetricsError, match=r"leaves .*; must be one name"):
        _rendered.write(root, place, "metrics", [config_map("a")], {}, check=False)
    with pytest.raises(MetricsError, match=r"leaves .*; must be one name"):
        _rendered.write(root, "web", "metrics", [config_map("a")], {place: ["ConfigMap"]}, check=False)
    assert not any(tmp_path.iterdir())


def test_a_file_of_others_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "configmap-metrics-a.yaml").write_text("mine: true\n")
    with pytest.raises(MetricsError, match=r"configmap-metrics-a.yaml was not rendered by us"):
        write(tmp_path, config_map("a"))


def test_a_file_of_another_set_is_not_overwritten(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"), all_yaml=["ConfigMap"])
    with pytest.raises(MetricsError, match=r"all.yaml is of the set web"):
        write(tmp_path, config_map("b"), name="other", all_yaml=["ConfigMap"])


def test_two_objects_that_would_be_one_file_are_named(tmp_path: Path) -> None:
    def placed(name: str, place: str) -> dict[str, object]:
        return {**config_map(name), "metadata": {"name": name, "namespace": place}}

    with pytest.raises(MetricsError, match="ConfigMap a-b/c and another object of the set would both be"):
        write(tmp_path, placed("b-c", "a"), placed("c", "a-b"))


def test_check_mode_shows_the_difference_and_writes_nothing(tmp_path: Path) -> None:
    result = write(tmp_path, config_map("a", x="1"), check=True)
    assert result["changed"]
    assert (result["diff"][0]["before"], result["diff"][0]["after"].startswith(mark("web", "metrics"))) == ("", True)
    assert not (tmp_path / "web").exists()


@pytest.mark.parametrize("places", [{}, {"all_yaml": ["Secret", "ConfigMap"]}], ids=["a file each", "one file"])
def test_values_of_secrets_are_in_the_files_but_not_in_the_diff(tmp_path: Path, places: dict[str, list[str]]) -> None:
    for value in ("aHVudGVyMQ==", "aHVudGVyMg=="):
        result = write(tmp_path, config_map("c", x=value[:3]), secret("s", password=value), **places)
        assert "aHVudGVy" not in str(result)
        assert value in "".join((tmp_path / name).read_text() for name in files(tmp_path))
    assert "password: (hidden, differs)" in "".join(entry["after"] for entry in result["diff"])


def test_a_set_reads_back_from_wherever_it_stands(tmp_path: Path) -> None:
    objects = [namespace("n"), config_map("a"), config_map("b")]
    write(tmp_path, *objects, first_yaml=["Namespace"])
    write(tmp_path, config_map("c"), name="other")
    assert read(tmp_path, "web", "metrics") == objects
    assert read(tmp_path, "gone", "metrics") == []


def test_what_is_no_tree_of_the_namespace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(config_map("a")))
    with pytest.raises(MetricsError, match="holds no rendered set"):
        read(tmp_path, "web", "metrics")
    write(tmp_path, config_map("a"))
    with pytest.raises(MetricsError, match="was rendered for the namespace metrics, not for other"):
        read(tmp_path, "web", "other")
