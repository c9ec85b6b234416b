# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module is: options and a function of them, which Ansible calls as a module or in its own process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


@dataclass
class Call:
    """One call of a module: its arguments, and what goes with the result."""

    params: dict[str, Any]
    check_mode: bool
    # Shown to the user beside the result.
    warnings: list[str] = field(default_factory=list)
    # Left out of the result wherever they are repeated.
    secrets: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Definition:
    """A module. `run` returns its return values (`changed` is false unless among them); MetricsError makes it fail.

    `options` is its argument_spec, `rules` are what AnsibleModule takes beside it, such as required_if. A `discreet` module keeps
    secrets in places that no option can mark.
    """

    run: Callable[[Call], dict[str, Any]]
    options: Mapping[str, Any]
    rules: Mapping[str, Any] = field(default_factory=dict)
    discreet: bool = False


def outcome(definition: Definition, call: Call) -> dict[str, Any]:
    """What the module returns; a failure has `failed` and `msg`."""
    try:
        return {"changed": False, **definition.run(call)}
    except MetricsError as error:
        return {"failed": True, "msg": error.message, **error.details}


def run_module(definition: Definition) -> None:
    """Run as a module: the arguments come from Ansible, and the result is printed."""
    kind = DiscreetModule if definition.discreet else AnsibleModule
    module = kind(argument_spec=dict(definition.options), supports_check_mode=True, **definition.rules)
    call = Call(module.params, module.check_mode)
    result = outcome(definition, call)
    module.no_log_values.update(call.secrets)
    for warning in call.warnings:
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


class DiscreetModule(AnsibleModule):
    """An AnsibleModule that does not write its arguments to syslog, as every module otherwise does when it starts.

    Nor does it return them while they are not known to be valid: the module itself has seen none of them yet, and under a
    mistyped name anything may stand.
    `no_log` on such an option would also blank every string in it, names for instance, wherever the result repeats it.
    """

    _started = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._started = True

    def fail_json(self, msg: str, **details: Any) -> None:
        if not self._started:
            details["invocation"] = {"module_args": dict.fromkeys(self.params, HIDDEN)}
        super().fail_json(msg, **details)

    def _log_invocation(self) -> None:
        self.log("Invoked")
