# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls a module's function in Ansible's own process where the module would run in the same place with the same Python."""

from __future__ import annotations

import importlib
import json
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ansible import constants
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible_collections.longterm.metrics.plugins.module_utils._module import HIDDEN, Call, Definition, outcome

# Imported once, in Ansible's main process: each task is a fork of it.
for _library in ("httpx2", "jmespath", "yaml"):
    with suppress(ImportError):
        importlib.import_module(_library)

MODULES = "ansible_collections.longterm.metrics.plugins.modules"


class ActionModule(ActionBase):
    """What meta/runtime.yml names as the action plugin of the collection's modules."""

    _supports_async = True
    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        name = self._task.action.rpartition(".")[2]
        return {**result, **self.run_module(name, dict(self._task.args), task_vars or {})}

    def run_module(self, name: str, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """The module's result, however it runs."""
        if not self._is_here(task_vars):
            found: dict[str, Any] = self._execute_module(
                f"longterm.metrics.{name}", module_args=arguments, task_vars=task_vars, wrap_async=bool(self._task.async_val)
            )
            return found
        definition: Definition = importlib.import_module(f"{MODULES}.{name}").MODULE
        # As a module gets them: without the tags that Ansible puts on values, and with vaulted ones decrypted.
        plain = json.loads(
            json.dumps(arguments, cls=get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE)),
            cls=get_module_decoder("legacy", Direction.CONTROLLER_TO_MODULE),
        )
        return called(definition, name, plain, check_mode=self._task.check_mode)

    def _is_here(self, task_vars: Mapping[str, Any]) -> bool:
        """Whether the module would run on this machine, as this user, in this environment and with this Python."""
        task = self._task
        if task.delegate_to:
            task_vars = task_vars.get("ansible_delegated_vars", {}).get(task.delegate_to, {})
        interpreter = self._templar.template(task_vars.get("ansible_python_interpreter", ""))
        return bool(
            self._connection.transport == "local"
            and interpreter == sys.executable
            and not (self._connection.become or task.async_val or any(task.environment or []))
        )


def called(definition: Definition, name: str, arguments: dict[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """The result that the module would return, with the same words about wrong arguments and the same values left out."""
    checked = ArgumentSpecValidator(dict(definition.options), **definition.rules).validate(arguments)
    secrets = set(checked._no_log_values)
    if checked.error_messages:
        unknown = isinstance(checked.errors[0], UnsupportedError)
        words = f"Unsupported parameters for ({name}) module: {checked.errors.msg}" if unknown else checked.errors.msg
        shown = checked.validated_parameters
        if definition.discreet:
            shown = dict.fromkeys(shown, HIDDEN)
        return _masked({"failed": True, "msg": words}, shown, secrets)
    call = Call(checked.validated_parameters, check_mode)
    try:
        result = json.loads(json.dumps(outcome(definition, call)))
    except Exception as error:
        # As of a module that crashes: failed_when, until and rescue see a result.
        text = f"The module {name} crashed: {type(error).__name__}: {error}"
        result = {"failed": True, "msg": text, "exception": traceback.format_exc()}
    if call.warnings:
        result["warnings"] = call.warnings
    return _masked(result, call.params, secrets | call.secrets)


def _masked(result: dict[str, Any], arguments: dict[str, Any], secrets: set[str]) -> dict[str, Any]:
    # Since ansible-core 2.21 a setting says whether results repeat the arguments.
    if getattr(constants, "INJECT_INVOCATION", True):
        result["invocation"] = {"module_args": arguments}
    masked: dict[str, Any] = remove_values(result, secrets)
    return masked
