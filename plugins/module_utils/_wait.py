# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of waiting for a rollout, shared by apply_set and rollout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key
from ansible_collections.longterm.metrics.plugins.module_utils._parent import Parent
from ansible_collections.longterm.metrics.plugins.module_utils._prune import prune
from ansible_collections.longterm.metrics.plugins.module_utils._rollout import Rollout
from ansible_collections.longterm.metrics.plugins.module_utils._status import compile_conditions

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "conditions": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "api_version": {"type": "str"},
            "kind": {"type": "str", "required": True},
            "ready": {"type": "str", "required": True},
        },
    },
    "wait_timeout": {"type": "int", "default": 300},
    "wait_sleep": {"type": "float", "default": 2.0},
    "grace": {"type": "float", "default": 30.0},
    "lock_timeout": {"type": "int", "default": 120},
}


def wait_and_prune(cluster: Cluster, parents: Sequence[Parent], options: Mapping[str, Any], *, remove: bool) -> list[Key]:
    """One joint wait for these sets; then, and only then, what they no longer want is removed and returned."""
    conditions = compile_conditions(options["conditions"])
    # Whoever only waits need not be able to read Secrets, which are ready when they are there.
    unseen = () if remove else (("", "Secret"),)
    rollout = Rollout(cluster, parents, conditions, sleep=options["wait_sleep"], grace=options["grace"], unseen=unseen)
    live = rollout.wait(options["wait_timeout"])
    if not remove:
        return []
    removed: list[Key] = []
    for parent in parents:
        removed += prune(cluster, parent, live[parent.id], check=False, lock_timeout=options["lock_timeout"])
    return removed
