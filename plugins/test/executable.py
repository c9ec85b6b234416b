# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the controller can run a program."""

from __future__ import annotations

DOCUMENTATION = r"""
name: executable
short_description: Whether the controller can run a program
version_added: 0.1.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Tells whether a program is on the controller's C(PATH), or is an executable file.
options:
  _input:
    description: Name or path of the program.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Charts need helm
  ansible.builtin.assert:
    that: "'helm' is longterm.metrics.executable"
"""

RETURN = r"""
_value:
  description: Whether it can be run.
  type: bool
"""

import os
import shutil
from collections.abc import Callable


def executable(program: str) -> bool:
    return bool(program) and shutil.which(os.path.expanduser(program)) is not None


class TestModule:
    """The tests by their names."""

    def tests(self) -> dict[str, Callable[..., bool]]:
        return {"executable": executable}
