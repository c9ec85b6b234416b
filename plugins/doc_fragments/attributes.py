# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What every module of the collection can and cannot do."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and tell what would change, without changing it.
    support: full
  diff_mode:
    description: Shows before and after with C(--diff); Secret data is masked.
    support: none
  platform:
    description: Where the module runs; the cluster may be any Kubernetes.
    support: full
    platforms: posix
  action_group:
    description: In the action group C(longterm.metrics.all), so that C(module_defaults) sets the connection once.
    support: full
    membership: [longterm.metrics.all]
"""

    DIFF = r"""
attributes:
  diff_mode:
    support: full
"""
