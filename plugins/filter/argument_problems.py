# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with further arguments of a program."""

from __future__ import annotations

DOCUMENTATION = r"""
name: argument_problems
short_description: Tells which further arguments a role sets itself, or are none
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - >-
    Judges the variables C(*_extra_args) of the roles: each argument is C(--name) or C(--name=value), is not set by the role
    itself, and is there once.
  - Values are never shown.
options:
  _input:
    description: The arguments.
    type: list
    elements: str
    required: true
  variable:
    description: The variable that they come from, which says of which program they are.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: An argument that the role sets
  ansible.builtin.debug:
    msg: "{{ ['--endpoint=other:10901'] | longterm.metrics.argument_problems('thanos_query_extra_args') }}"
"""

RETURN = r"""
_value:
  description: What is wrong, in full sentences.
  type: list
  elements: str
  sample: ["thanos_query_extra_args[0] sets --endpoint, which the role sets; use thanos_query_endpoints instead."]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _arguments


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"argument_problems": _arguments.problems}
