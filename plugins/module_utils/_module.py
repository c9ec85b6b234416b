# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module class for modules whose arguments may hold secrets in places that no option can mark."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule


class DiscreetModule(AnsibleModule):
    """An AnsibleModule that does not write its arguments to syslog, as every module otherwise does when it starts.

    `no_log` on such an option would also blank every string in it, names for instance, wherever the result repeats it.
    """

    def _log_invocation(self) -> None:
        self.log("Invoked")
