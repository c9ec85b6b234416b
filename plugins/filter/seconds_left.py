# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The time that is left until a common deadline."""

from __future__ import annotations

DOCUMENTATION = r"""
name: seconds_left
short_description: Tells how many seconds are left until a deadline
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Gives the whole seconds from now until a time that several tasks share as their deadline, for C(wait_timeout) of each.
options:
  _input:
    description: The deadline, as a Unix time.
    type: float
    required: true
  floor:
    description: What is given at least, also after the deadline, so that a task that comes late still looks.
    type: int
    default: 1
"""

EXAMPLES = r"""
- name: Note when all must be done
  ansible.builtin.set_fact:
    deadline: "{{ now().timestamp() + 300 }}"

- name: Wait no longer than that
  longterm.metrics.promql:
    namespace: monitoring
    service: prometheus
    port: http
    query: up == 1
    expect: length(@) == `3`
    wait_timeout: "{{ deadline | longterm.metrics.seconds_left }}"
"""

RETURN = r"""
_value:
  description: The seconds.
  type: int
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts


def seconds_left(deadline: Any, floor: int = 1) -> int:
    return _attempts.seconds_left(float(deadline), floor)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"seconds_left": seconds_left}
