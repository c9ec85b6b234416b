# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rendered sets as a tree that kustomize builds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils import _kustomization, _rendered
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.tests.unit.plugins.examples import config_map, namespace

PATCH = {"target": {"kind": "Namespace"}, "patch": "{}"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two sets, one of them with a file in the root."""
    _rendered.write(
        tmp_path, "web", "metrics", [namespace("n"), config_map("b"), config_map("a")], {"first.yaml": ["Namespace"]}, check=False
    )
    _rendered.write(tmp_path, "app", "metrics", [config_map("c")], {}, check=False)
    return tmp_path


def write(root: Path, *sets: str, resources: tuple[str, ...] = (), check: bool = False) -> dict[str, Any]:
    return _kustomization.write(root, sets, resources, [PATCH], check=check)


def listed(folder: Path) -> list[str]:
    content = yaml.safe_load((folder / "kustomization.yaml").read_text())
    assert (content["apiVersion"], content["kind"]) == ("kustomize.config.k8s.io/v1beta1", "Kustomization")
    return content["resources"]


def test_the_root_lists_files_and_folders_in_the_order_of_the_sets(tree: Path) -> None:
    result = write(tree, "web", "app", resources=("secrets/a.sops.yaml",))
    assert listed(tree) == ["first.yaml", "web", "app", "secrets/a.sops.yaml"]
    assert (result["resources"], result["removed"]) == (listed(tree), [])
    assert write(tree, "app", "web")["resources"] == ["app", "first.yaml", "web"]


def test_a_folder_lists_its_files_and_has_no_patches(tree: Path) -> None:
    write(tree, "web", "app")
    assert listed(tree / "web") == ["configmap-metrics-a.yaml", "configmap-metrics-b.yaml"]
    assert "patches" not in yaml.safe_load((tree / "web" / "kustomization.yaml").read_text())
    assert yaml.safe_load((tree / "kustomization.yaml").read_text())["patches"] == [PATCH]


def test_the_same_tree_changes_nothing(tree: Path) -> None:
    assert write(tree, "web", "app")["changed"]
    assert not write(tree, "web", "app")["changed"]


def test_a_set_that_is_not_named_goes_with_its_folder_and_its_files_elsewhere(tree: Path) -> None:
    write(tree, "web", "app")
    result = write(tree, "app")
    assert result["changed"]
    assert [Path(path).name for path in result["removed"]] == [
        "first.yaml",
        "configmap-metrics-a.yaml",
        "configmap-metrics-b.yaml",
    ]
    assert {path.name for path in tree.iterdir()} == {"app", "kustomization.yaml"}
    assert listed(tree) == ["app"]


def test_a_set_that_rendered_nothing_is_not_listed(tree: Path) -> None:
    assert write(tree, "web", "app", "empty")["resources"] == ["first.yaml", "web", "app"]


def test_files_of_others_stay_and_are_not_listed(tree: Path) -> None:
    (tree / "app" / "own.yaml").write_text("mine: true\n")
    write(tree, "web", "app")
    write(tree, "web")
    assert listed(tree) == ["first.yaml", "web"]
    assert {path.name for path in (tree / "app").iterdir()} == {"own.yaml"}


@pytest.mark.parametrize("place", [".", "web"])
def test_a_kustomization_of_others_is_not_overwritten(tree: Path, place: str) -> None:
    (tree / place / "kustomization.yaml").write_text("resources: []\n")
    with pytest.raises(MetricsError, match=r"kustomization.yaml was not rendered by us"):
        write(tree, "web", "app")


def test_check_mode_shows_the_difference_and_writes_nothing(tree: Path) -> None:
    result = write(tree, "app", check=True)
    assert result["changed"]
    assert [entry["after"] for entry in result["diff"] if entry["after_header"].endswith("first.yaml")] == [""]
    assert (tree / "first.yaml").exists()
    assert not (tree / "kustomization.yaml").exists()
