# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module class for modules whose arguments may hold secrets in places that no option can mark."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import AnsibleModule

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


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
