# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of module_utils/_wait.py."""

    DOCUMENTATION = r"""
options:
  conditions:
    description:
      - When custom resources are ready. Built-in kinds have rules of their own (those of kstatus); a kind with neither is
        ready once it exists and its condition C(Ready), where it has one, is true.
    type: list
    elements: dict
    default: []
    suboptions:
      api_version:
        description: The kind's API version, when its name alone is ambiguous; only the group counts.
        type: str
      kind:
        description: The kind the condition is for.
        type: str
        required: true
      ready:
        description: A JMESPath expression over the object. The object is ready when it gives V(true).
        type: str
        required: true
  wait_timeout:
    description: Seconds all objects together have to become ready, or to be gone.
    type: int
    default: 300
  wait_sleep:
    description: Seconds between two looks, at the most; the first ones are closer together.
    type: float
    default: 2.0
  grace:
    description:
      - Seconds a container may be stuck (image not pulled, crash loop, ...) before waiting is given up early.
      - Start-up order makes some containers fail once or twice; give them time for that.
    type: float
    default: 30.0
  lock_timeout:
    description: Seconds to wait for another run on the same set to finish.
    type: int
    default: 120
"""
