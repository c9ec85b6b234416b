# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules in Ansible's own process: when, and with the result that the module itself returns."""

from __future__ import annotations

import importlib
import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible.module_utils import _internal
from ansible.module_utils.testing import patch_module_args
from ansible_collections.longterm.metrics.plugins.action import in_process
from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _module
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition

from tests.playbooks import ROOT

HERE = {"ansible_python_interpreter": sys.executable}
SPEC = {
    "name": {"type": "str", "required": True},
    "count": {"type": "int", "default": 1},
    "password": {"type": "str", "no_log": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "data": {"type": "dict", "options": {"key": {"type": "str", "required": True}}},
}


def run(call: Call) -> dict[str, Any]:
    """Repeats what it was told."""
    call.warnings.append("beware")
    call.secrets.add("learnt-it")
    if call.params["state"] == "absent":
        raise MetricsError("It stays with swordfish.", seen=["swordfish and learnt-it"])
    return {"changed": not call.check_mode, "said": f"{call.params['password']} and learnt-it", "count": call.params["count"]}


@pytest.fixture(params=[False, True], ids=["open", "discreet"])
def definition(request: pytest.FixtureRequest) -> Definition:
    return Definition(run, SPEC, {"required_if": [("state", "absent", ("password",))]}, discreet=request.param)


def as_module(definition: Definition, arguments: dict[str, Any], check: bool, monkeypatch: Any, capsys: Any) -> dict[str, Any]:
    monkeypatch.setattr(_internal, "is_controller", False)
    with patch_module_args({**arguments, "_ansible_check_mode": check}), pytest.raises(SystemExit):
        _module.run_module(definition)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "a"},
        {"name": "a", "password": "swordfish", "count": "7"},
        {"name": "a", "state": "absent", "password": "swordfish"},
        {"name": "a", "state": "absent"},
        {"name": "a", "data": {}},
        {"name": "a", "count": "many"},
        {"name": "a", "state": "perhaps"},
        {"nmae": "a"},
        {},
    ],
    ids=lambda arguments: json.dumps(arguments),
)
def test_the_result_is_the_one_the_module_returns(
    arguments: dict[str, Any],
    check: bool,
    definition: Definition,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = in_process.called(definition, "example", dict(arguments), check_mode=check)
    module = as_module(definition, arguments, check, monkeypatch, capsys)
    words = "Unsupported parameters for"
    assert here.get("msg", "").partition(words)[1] == module.get("msg", "").partition(words)[1]
    if words in module.get("msg", ""):
        # A module names itself by the path of its file.
        here["msg"] = module["msg"] = here["msg"].partition("module: ")[2] or module["msg"]
    # In one process, as here, a module also returns the warnings of calls before.
    assert here.pop("warnings", []) == (["beware"] if "said" in module or "seen" in module else [])
    module.pop("warnings", None)
    module.pop("exception", None)
    assert here == module
    assert "swordfish" not in str(here)
    assert "learnt-it" not in str(here)


def action(**differs: Any) -> in_process.ActionModule:
    task = SimpleNamespace(
        **{
            "action": "longterm.metrics.secret_digest",
            "args": {},
            "async_val": 0,
            "environment": [],
            "check_mode": False,
            "delegate_to": None,
            "diff": False,
        }
        | differs
    )
    become = differs.get("become")
    connection: Any = SimpleNamespace(
        transport=differs.get("transport", "local"), become=become, _shell=SimpleNamespace(tmpdir="/tmp")
    )
    templar: Any = SimpleNamespace(template=lambda value: value)
    return in_process.ActionModule(task, connection, None, None, templar, None)


@pytest.mark.parametrize(
    ("differs", "variables"),
    [
        ({"transport": "ssh"}, HERE),
        ({"become": object()}, HERE),
        ({"async_val": 60}, HERE),
        ({"environment": [{"HTTPS_PROXY": "http://proxy"}]}, HERE),
        ({}, {"ansible_python_interpreter": "/usr/bin/python3"}),
        (
            {"delegate_to": "b"},
            {**HERE, "ansible_delegated_vars": {"b": {"ansible_python_interpreter": "/usr/bin/python3"}}},
        ),
        ({}, {}),
    ],
    ids=[
        "elsewhere",
        "as another user",
        "async",
        "environment",
        "another Python",
        "the Python of another host",
        "a Python to be found",
    ],
)
def test_where_it_would_make_a_difference_the_module_runs(
    differs: dict[str, Any], variables: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def execute(_self: Any, name: str, **options: Any) -> dict[str, Any]:
        ran.append((name, options["module_args"], options["wrap_async"]))
        return {"changed": False}

    monkeypatch.setattr(in_process.ActionModule, "_execute_module", execute)
    assert action(args={"names": ["a"]}, **differs).run(task_vars=variables)["changed"] is False
    assert ran == [("longterm.metrics.secret_digest", {"names": ["a"]}, bool(differs.get("async_val")))]


def test_on_this_machine_the_module_s_function_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_options: Any) -> Any:
        raise MetricsError("There is no cluster.", status_code=0)

    monkeypatch.setattr(_cluster, "connect", refuse)
    result = action().run_module("secret_digest", {"namespace": "metrics", "names": ["a"]}, HERE)
    assert (result["failed"], result["msg"], result["status_code"]) == (True, "There is no cluster.", 0)
    assert result["invocation"]["module_args"]["names"] == ["a"]


@pytest.mark.parametrize("crash", [KeyError("lastEvaluation"), {"set": {1}}], ids=["an exception", "a result that is no JSON"])
def test_a_crash_is_a_result_like_any_failure(crash: Any) -> None:
    def run(call: Call) -> dict[str, Any]:
        call.secrets.add("swordfish")
        if isinstance(crash, Exception):
            raise crash
        return {**crash, "said": "swordfish"}

    result = in_process.called(Definition(run, {}), "example", {}, check_mode=False)
    assert result["failed"]
    assert result["msg"].startswith("The module example crashed: ")
    assert "Traceback" in result["exception"]
    assert "swordfish" not in str(result["msg"])


def test_every_module_is_called_like_that() -> None:
    routed = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())["plugin_routing"]["modules"]
    # Both have an action plugin of their own.
    modules = {path.stem for path in (ROOT / "plugins/modules").glob("*.py")} - {"apply_set", "settings"}
    assert routed == {name: {"action_plugin": "longterm.metrics.in_process"} for name in modules}
    for name in modules:
        assert isinstance(importlib.import_module(f"{in_process.MODULES}.{name}").MODULE, Definition)
