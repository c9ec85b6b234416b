# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renders the templates of apply_set on the controller; the module gets plain objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.loader import lookup_loader
from ansible_collections.longterm.metrics.plugins.action import in_process
from ansible_collections.longterm.metrics.plugins.module_utils import _yaml
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._objects import read_documents

# Macros that the roles share stand in the templates of the role `common`.
COMMON = Path(__file__).parents[2] / "roles" / "common"


class _Variables(dict[str, Any]):
    """Variables that the lookup `template` need not copy to the bottom for each file: nothing changes them."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return dict(self)


class ActionModule(in_process.ActionModule):
    """`templates` become `objects`; everything else passes through."""

    def run_module(self, name: str, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        variables = dict(task_vars)
        # Templates see settings as they were judged: numbers and truth values, however they were given.
        variables |= (variables.get("__settings_judged") or {}).get("converted", {})
        patterns = arguments.pop("templates", None) or []
        if isinstance(patterns, str):
            patterns = [patterns]
        if patterns:
            objects = list(arguments.get("objects") or [])
            for template in self._names(patterns):
                objects.extend(self._objects(template, variables))
            arguments["objects"] = objects
        return super().run_module(name, arguments, variables)

    def _names(self, patterns: list[str]) -> list[str]:
        """Template names; a glob is looked up in the role's templates and never takes a file that starts with `_`."""
        names: list[str] = []
        for pattern in patterns:
            if not any(mark in pattern for mark in "*?["):
                names.append(pattern)
                continue
            folder = Path(self._task._role._role_path if self._task._role else self._loader.get_basedir()) / "templates"
            found = sorted(path for path in folder.glob(pattern) if path.is_file() and not path.name.startswith("_"))
            matching = [str(path.relative_to(folder)) for path in found]
            if not matching:
                raise AnsibleActionFail(f"apply_set: no template in {folder} matches {pattern}.")
            names.extend(matching)
        return list(dict.fromkeys(names))

    def _objects(self, name: str, variables: dict[str, Any]) -> list[Any]:
        search_path = [*variables.get("ansible_search_path", []), str(COMMON)]
        lookup = lookup_loader.get("ansible.builtin.template", loader=self._loader, templar=self._templar)
        text = lookup.run([name], variables=_Variables(variables, ansible_search_path=search_path))[0]
        try:
            # A template that gives nothing is None to Ansible.
            return list(read_documents("" if text is None else _yaml.of_json(str(text)), f"Template {name}, as rendered,"))
        except MetricsError as error:
            raise AnsibleActionFail(f"apply_set: {error.message}") from error
