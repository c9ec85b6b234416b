# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges the settings of all roles of a play on the controller, before anything is touched."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import judgement, types

# Ansible's main process loads this plugin first of ours, and with it what every later task, a fork of it, needs.
importlib.import_module("ansible_collections.longterm.metrics.plugins.action.in_process")

_COLLECTION = "longterm.metrics."
_TEMPLATED = "cannot be templated: {reason} Mark text whose braces are for Alertmanager, Prometheus or Grafana with !unsafe."
# What rules compare between the hosts of a play.
_COMPARED = ("metrics_cluster", "metrics_rendered_to")


class ActionModule(ActionBase):
    """Each role depends on the role `settings`, whose one task this is; only its first run in a play has much to do."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        before = variables.get("__settings_judged") or {}
        play = self._task.get_play()
        if before.get("play") != play._uuid:
            before = {"digests": {}, "converted": {}}
        # Variables of a role that was included earlier are not to be seen here, unless it is public.
        present = self._ours([*self._chain(), *(role.get_name() for role in play.roles if role.public)])
        asked = self._chain() if before["digests"] else present
        digests = {name: self._digest(name, variables) for name in asked}
        pending = [name for name, digest in digests.items() if before["digests"].get(name) != digest]
        converted = dict(before["converted"])
        if pending:
            more: dict[str, Any] = {"others": self._others(variables)}
            if "__settings_state" in variables:
                more["playbook_state"] = str(variables["__settings_state"])
            judged = judgement.settle(pending, present, variables.keys(), self._resolve, **more)
            if judged.findings:
                return {**result, "failed": True, "msg": "\n".join(dict.fromkeys(judged.findings))}
            converted |= judged.converted
        return {
            **result,
            "changed": False,
            "play": play._uuid,
            "digests": {**before["digests"], **digests},
            "converted": converted,
        }

    def _chain(self) -> list[str]:
        """The roles that led here, outermost first, by dependency."""
        chain = [role.get_name() for role in self._task.get_dep_chain() or []]
        return self._ours([judgement.SHARED, *chain])

    @staticmethod
    def _ours(names: list[str]) -> list[str]:
        known = set(judgement.every_role())
        short = [name.removeprefix(_COLLECTION) for name in map(str, names)]
        return [name for name in dict.fromkeys(short) if name in known]

    @staticmethod
    def _digest(name: str, variables: dict[str, Any]) -> str:
        """Tells whether a role's variables are those that were judged: an entry of a role may have parameters of its own."""
        raw = [(option, variables.get(option)) for option in judgement.role(name).options]
        return hashlib.sha256(repr(raw).encode()).hexdigest()

    def _resolve(self, name: str) -> Any:
        try:
            return self._templar.template(self._templar.available_variables[name])
        except AnsibleError as error:
            raise ValueError(_TEMPLATED.format(reason=f"{str(error.message).rstrip('.')}.")) from error

    def _others(self, variables: dict[str, Any]) -> list[dict[str, Any]]:
        """What the other hosts of the inventory have; a host's name is its cluster where it says no other.

        Only those of the play write a tree.
        """
        names = [name for name in variables.get("groups", {}).get("all", []) if name != variables.get("inventory_hostname")]
        hosts = variables.get("hostvars", {})
        writing = variables.get("ansible_play_hosts_all", names)
        return [
            {"metrics_cluster": name, "metrics_rendered_to": ""}
            | {
                key: value
                for key in _COMPARED
                if (name in writing or key != "metrics_rendered_to") and (value := self._of_host(hosts[name], key)) is not None
            }
            for name in names
        ]

    @staticmethod
    def _of_host(variables: Mapping[str, Any], name: str) -> Any:
        """A variable of another host; None where it has none. One that cannot be templated is that host's own finding."""
        try:
            return types.plain(variables[name]) if name in variables else None
        except (AnsibleError, ValueError):
            return None
