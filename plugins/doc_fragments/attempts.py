# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of module_utils/_attempts.py."""

    DOCUMENTATION = r"""
options:
  wait_timeout:
    description: How many seconds it may take to become as wanted; V(0) asks once.
    type: int
    default: 120
  wait_sleep:
    description: Seconds before the second attempt; the pauses double up to ten seconds.
    type: float
    default: 1.0
"""
