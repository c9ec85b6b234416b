# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the controller has a collection, asked before a task that needs it is even read."""

from __future__ import annotations

DOCUMENTATION = r"""
name: installed_collection
short_description: Whether the controller has a collection
version_added: 0.1.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Tells whether Ansible finds a collection of this name, wherever it was installed.
options:
  _input:
    description: Name of the collection.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Charts need kubernetes.core
  ansible.builtin.assert:
    that: "'kubernetes.core' is longterm.metrics.installed_collection"
"""

RETURN = r"""
_value:
  description: Whether it is there.
  type: bool
"""

from collections.abc import Callable
from importlib.util import find_spec

from ansible.errors import AnsibleFilterError


def installed_collection(name: str) -> bool:
    if not isinstance(name, str) or name.count(".") != 1:
        raise AnsibleFilterError(f"installed_collection: {name} is no name of a collection, like kubernetes.core.")
    try:
        return find_spec(f"ansible_collections.{name}") is not None
    except ModuleNotFoundError:
        # Not even its namespace.
        return False


class TestModule:
    """The tests by their names."""

    def tests(self) -> dict[str, Callable[..., bool]]:
        return {"installed_collection": installed_collection}
