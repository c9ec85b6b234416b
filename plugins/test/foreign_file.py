# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a file on the controller was written by something else."""

from __future__ import annotations

DOCUMENTATION = r"""
name: foreign_file
short_description: Whether a file on the controller was written by something else
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Tells whether there is a file at a path that does not begin with a mark.
options:
  _input:
    description: Path of the file.
    type: path
    required: true
  mark:
    description: The text that a file of ours begins with.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Keep files of others
  ansible.builtin.assert:
    that: "'values.yaml' is not longterm.metrics.foreign_file('# Rendered by us.')"
"""

RETURN = r"""
_value:
  description: Whether there is such a file.
  type: bool
"""

import os
from collections.abc import Callable
from pathlib import Path


def foreign_file(path: str, mark: str) -> bool:
    file = Path(os.path.expanduser(path))
    return file.is_file() and not file.read_bytes().startswith(mark.encode())


class TestModule:
    """The tests by their names."""

    def tests(self) -> dict[str, Callable[..., bool]]:
        return {"foreign_file": foreign_file}
