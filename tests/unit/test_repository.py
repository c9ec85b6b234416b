# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for the repository as a whole."""

from __future__ import annotations

import ast
import importlib
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(file for file in (ROOT / "plugins/modules").glob("*.py") if file.stem != "__init__")
MODULE_UTILS = sorted(file for file in (ROOT / "plugins/module_utils").glob("*.py") if file.stem != "__init__")
PLUGINS = sorted(file for file in (ROOT / "plugins").glob("*/*.py") if file.stem != "__init__")
WITH_ARGUMENT_SPEC = [file for file in MODULE_UTILS if "\nARGUMENT_SPEC" in file.read_text()]
ROLES = sorted(folder for folder in (ROOT / "roles").glob("*") if folder.is_dir())

LONGEST_MODULE_UTIL = 220


def name_of(path: Path) -> str:
    return path.stem


def place_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text()) if path.exists() else None


def documentation_of(file: Path) -> dict[str, Any]:
    """The value of a module's DOCUMENTATION, without importing it."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "DOCUMENTATION":
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(f"{file.name} has no DOCUMENTATION")


def test_the_action_group_holds_every_module_that_connects_to_a_cluster_and_nothing_else() -> None:
    group = load(ROOT / "meta/runtime.yml")["action_groups"]["all"]
    assert group == [file.stem for file in MODULES if "_cluster.ARGUMENT_SPEC" in file.read_text()]


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_a_module_documents_its_attributes(file: Path) -> None:
    assert "longterm.metrics.attributes" in documentation_of(file)["extends_documentation_fragment"]


@pytest.mark.parametrize("file", WITH_ARGUMENT_SPEC, ids=name_of)
def test_an_argument_spec_and_its_documentation_fragment_say_the_same(file: Path) -> None:
    package = "ansible_collections.longterm.metrics.plugins"
    util = importlib.import_module(f"{package}.module_utils.{file.stem}")
    fragment = importlib.import_module(f"{package}.doc_fragments.{file.stem.removeprefix('_')}").ModuleDocFragment
    assert comparable(util.ARGUMENT_SPEC) == comparable(yaml.safe_load(fragment.DOCUMENTATION)["options"])


def comparable(options: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What documentation and argument spec have in common, with what either may leave out filled in."""
    return {
        name: {
            "type": option.get("type", "str"),
            "elements": option.get("elements"),
            "required": option.get("required", False),
            "default": option.get("default"),
            "choices": option.get("choices"),
            "aliases": sorted(option.get("aliases", [])),
            "suboptions": comparable(option.get("suboptions") or option.get("options") or {}),
        }
        for name, option in options.items()
    }


@pytest.mark.parametrize("file", MODULE_UTILS, ids=name_of)
def test_a_module_util_is_private_and_short(file: Path) -> None:
    lines = file.read_text().splitlines()
    code = [line for number, line in enumerate(lines) if number >= 4 or not line.startswith("#")]
    assert file.name.startswith("_")
    assert len(code) <= LONGEST_MODULE_UTIL


@pytest.mark.parametrize("file", [file for file in PLUGINS if file.parent.name != "doc_fragments"], ids=place_of)
def test_a_plugin_has_its_tests_where_it_is_mirrored(file: Path) -> None:
    tests = ROOT / "tests/unit/plugins" / file.parent.name / f"test_{file.stem.removeprefix('_')}.py"
    assert "\ndef test_" in (tests.read_text() if tests.exists() else ""), f"no tests in {tests.relative_to(ROOT)}"


@pytest.mark.parametrize("folder", ROLES, ids=name_of)
def test_a_role_specifies_every_variable_it_has_a_default_for(folder: Path) -> None:
    entry_points = load(folder / "meta/argument_specs.yml")["argument_specs"].values()
    options = {name: option for entry in entry_points for name, option in (entry.get("options") or {}).items()}
    defaults = load(folder / "defaults/main.yml") or {}
    assert {name for name, option in options.items() if not option.get("required")} == set(defaults)
    stated = {name: option["default"] for name, option in options.items() if "default" in option}
    assert stated == {name: defaults[name] for name in stated}


def test_the_table_of_variables_is_fresh() -> None:
    document = runpy.run_path(str(ROOT / "docs/variables.py"))["document"]
    assert (ROOT / "docs/variables.md").read_text() == document(ROOT / "roles"), "run `make docs`"


@pytest.mark.parametrize("file", ["requirements.txt", "tests/requirements.txt"])
def test_a_major_release_of_a_requirement_is_not_taken_unseen(file: str) -> None:
    lines = [line for line in (ROOT / file).read_text().splitlines() if line and not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.search(r"<\d|==\d|~=\d", line)] == []


def test_modules_require_what_the_requirements_say() -> None:
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    wanted = {line.partition(">")[0]: line for line in lines}
    texts = [file.read_text() for folder in ("modules", "doc_fragments") for file in (ROOT / "plugins" / folder).glob("*.py")]
    said = {line for text in texts for line in re.findall(r"^  - ([a-z0-9\[\]]+ >= [0-9.]+, < [0-9]+)", text, re.MULTILINE)}
    assert {line.replace(" ", "") for line in said} == set(wanted.values())
