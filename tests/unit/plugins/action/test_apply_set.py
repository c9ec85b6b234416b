# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin: templates become objects."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar
from ansible_collections.longterm.metrics.plugins.action import apply_set
from ansible_collections.longterm.metrics.plugins.action.apply_set import ActionModule

CONFIG_MAP = """
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, annotations: {{since: 2026-01-01}}}}
data: {{x: "{{{{ value }}}}"}}
"""


@pytest.fixture
def role(tmp_path: Path) -> Path:
    """The templates folder of a role."""
    folder = tmp_path / "role" / "templates"
    (folder / "more").mkdir(parents=True)
    for name in ("b.yaml.j2", "a.yaml.j2", "more/c.yaml.j2", "_macro.yaml.j2"):
        (folder / name).write_text(CONFIG_MAP.format(name=Path(name).name.partition(".")[0]))
    return folder


def run(role: Path, monkeypatch: pytest.MonkeyPatch, **arguments: Any) -> dict[str, Any]:
    """What the module is called with."""
    called: dict[str, Any] = {}

    def execute(_self: ActionModule, name: str, module_args: dict[str, Any], **_options: Any) -> dict[str, Any]:
        called.update(module_args, module=name)
        return {"changed": True}

    def get_lookup(name: str, **options: Any) -> Any:
        # Full names need Ansible's import hooks, which would change how all later tests import.
        return lookup_loader.get(name.removeprefix("ansible.builtin."), **options)

    monkeypatch.setattr(ActionModule, "_execute_module", execute)
    monkeypatch.setattr(apply_set, "lookup_loader", SimpleNamespace(get=get_lookup))
    task = SimpleNamespace(
        action="longterm.metrics.apply_set",
        args=arguments,
        _role=SimpleNamespace(_role_path=str(role.parent)),
        async_val=0,
        delegate_to=None,
        check_mode=False,
        diff=True,
    )
    loader = DataLoader()
    variables = {"value": "from a variable", "ansible_search_path": [str(role.parent)]}
    connection: Any = SimpleNamespace(_shell=SimpleNamespace(tmpdir="/tmp"), transport="ssh")
    action = ActionModule(task, connection, None, loader, Templar(loader=loader, variables=variables), None)
    assert action.run(task_vars=variables)["changed"]
    return called


def names(called: dict[str, Any]) -> list[str]:
    return [item["metadata"]["name"] for item in called["objects"]]


def test_templates_are_rendered_into_objects_after_those_given_as_data(role: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = run(role, monkeypatch, name="web", objects=[{"metadata": {"name": "given"}}], templates=["a.yaml.j2"])
    assert (called["module"], called["name"], names(called)) == ("longterm.metrics.apply_set", "web", ["given", "a"])
    assert called["objects"][1]["data"] == {"x": "from a variable"}
    assert called["objects"][1]["metadata"]["annotations"] == {"since": "2026-01-01"}
    assert "templates" not in called


@pytest.mark.parametrize(
    ("templates", "found"),
    [
        (["*.yaml.j2"], ["a", "b"]),
        (["*.yaml.j2", "more/*.yaml.j2"], ["a", "b", "c"]),
        (["b.yaml.j2", "**/*"], ["b", "a", "c"]),
        ("a*", ["a"]),
        (["_macro.yaml.j2"], ["_macro"]),
    ],
)
def test_a_glob_takes_the_roles_templates_in_order_each_once_and_none_that_begins_with_an_underscore(
    role: Path, monkeypatch: pytest.MonkeyPatch, templates: Any, found: list[str]
) -> None:
    assert names(run(role, monkeypatch, templates=templates)) == found


def test_a_template_may_give_no_object_or_several(role: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (role / "a.yaml.j2").write_text("{% if false %}kind: x{% endif %}\n")
    (role / "b.yaml.j2").write_text("---\nmetadata: {name: one}\n---\nmetadata: {name: two}\n")
    assert names(run(role, monkeypatch, templates=["a.yaml.j2", "b.yaml.j2"])) == ["one", "two"]


def test_json_is_read_as_what_it_says(role: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (role / "a.yaml.j2").write_text('{"metadata": {"name": "a"}, "data": {"x": "{{ value }}"}}')
    assert run(role, monkeypatch, templates=["a.yaml.j2"])["objects"][0]["data"] == {"x": "from a variable"}


@pytest.mark.parametrize(
    ("text", "pattern", "words"),
    [
        ("a: [", "a.yaml.j2", "Template a.yaml.j2, as rendered, is not valid YAML"),
        ("", "none*", "no template in .* matches none"),
    ],
)
def test_what_cannot_be_rendered_is_named(
    role: Path, monkeypatch: pytest.MonkeyPatch, text: str, pattern: str, words: str
) -> None:
    (role / "a.yaml.j2").write_text(text)
    with pytest.raises(AnsibleActionFail, match=words):
        run(role, monkeypatch, templates=[pattern])


def test_without_templates_everything_passes_through(role: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(role, monkeypatch, name="web", state="absent") == {
        "name": "web",
        "state": "absent",
        "module": "longterm.metrics.apply_set",
    }
