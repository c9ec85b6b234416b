# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings judged in this process, as the action plugin does it in a play: so that a test can try thousands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import judgement

from tests.playbooks import ROOT

_LOADER = DataLoader()


@cache
def _declared(role: str) -> dict[str, Any]:
    """The defaults and variables of a role, as templates."""
    files = [ROOT / "roles" / role / part / "main.yml" for part in ("defaults", "vars")]
    return {
        name: value
        for file in files
        if file.exists()
        for name, value in (_LOADER.load_from_file(str(file), trusted_as_template=True) or {}).items()
    }


def judged(roles: Iterable[str], variables: Mapping[str, Any], **more: Any) -> judgement.Judgement:
    """What comes of the settings of a play with these roles, where these variables are set."""
    present = list(dict.fromkeys(["common", *roles]))
    declared = {name: value for role in present for name, value in _declared(role).items()}
    names = {**declared, "inventory_hostname": "test", "role_path": str(ROOT / "roles" / present[-1]), **variables}
    templar = Templar(loader=_LOADER, variables=names)

    def resolve(name: str) -> Any:
        try:
            return templar.template(names[name])
        except AnsibleError as error:
            raise ValueError(f"cannot be templated: {error.message}") from error

    return judgement.settle(present, present, names, resolve, **more)
