# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a file of the user is on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
name: controller_path
short_description: Where a file of the user is on the controller
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Makes a path absolute, relative to the folder in which Ansible was started. A lookup would look among the files of a role
    first.
options:
  _input:
    description: The path.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Read a file of the user
  ansible.builtin.debug:
    msg: "{{ lookup('ansible.builtin.file', 'rules.yml' | longterm.metrics.controller_path) }}"
"""

RETURN = r"""
_value:
  description: The absolute path, with C(~) replaced.
  type: str
"""

import os
from collections.abc import Callable


def controller_path(path: str) -> str:
    # Ansible changes its working directory in places, and leaves PWD alone.
    return os.path.normpath(os.path.join(os.environ.get("PWD") or os.getcwd(), os.path.expanduser(path)))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., str]]:
        return {"controller_path": controller_path}
