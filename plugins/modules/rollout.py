#!/usr/bin/python
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rollout
short_description: Wait for sets together, then remove what they no longer want
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Waits for all members of sets applied by M(longterm.metrics.apply_set), against one deadline.
  - Once all of them are ready, what the sets no longer contain is removed. Nothing is removed while the new does not run.
  - Gives up early, in the pods' own words, when images cannot be pulled, containers crash in a loop, or a Deployment has
    exceeded its progress deadline.
  - In check mode it reports what would be removed and does not wait.
options:
  sets:
    description: The sets to wait for.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the set.
        type: str
        required: true
      namespace:
        description: Namespace of the set.
        type: str
        required: true
  prune:
    description: Whether to remove what the sets no longer contain. Without, Secrets are not read.
    type: bool
    default: true
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.wait
  - longterm.metrics.attributes
"""

EXAMPLES = r"""
- name: Wait for the operator and Prometheus together
  longterm.metrics.rollout:
    sets:
      - {name: prometheus-operator, namespace: metrics}
      - {name: prometheus, namespace: metrics}
    conditions:
      - kind: Prometheus
        ready: status.conditions[?type=='Available'].status | [0] == 'True'
"""

RETURN = r"""
members:
  description: Number of objects that were waited for.
  returned: success
  type: int
pruned:
  description: Objects that were removed; in check mode those that would be.
  returned: success
  type: list
  elements: str
  sample: [ConfigMap metrics/old]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _wait
from ansible_collections.longterm.metrics.plugins.module_utils._discovery import Discovery
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._membership import list_live, resources_of
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module
from ansible_collections.longterm.metrics.plugins.module_utils._objects import Key
from ansible_collections.longterm.metrics.plugins.module_utils._parent import Parent
from ansible_collections.longterm.metrics.plugins.module_utils._prune import prune


def would_prune(cluster: _cluster.Cluster, parents: list[Parent]) -> list[Key]:
    discovery = Discovery.read(cluster)
    found: list[Key] = []
    for parent in parents:
        live = list_live(cluster, resources_of(discovery, parent.group_kinds), parent)
        found += prune(cluster, parent, live, check=True, lock_timeout=0)
    return found


IDENTITY = {"name": {"type": "str", "required": True}, "namespace": {"type": "str", "required": True}}
OPTIONS = {
    "sets": {"type": "list", "elements": "dict", "required": True, "options": IDENTITY},
    "prune": {"type": "bool", "default": True},
}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    cluster = _cluster.connect(options)
    parents = [Parent.read(cluster, entry["name"], entry["namespace"]) for entry in options["sets"]]
    missing = [f"{parent.namespace}/{parent.name}" for parent in parents if not parent.exists]
    if missing and not call.check_mode:
        raise MetricsError(f"On {cluster.server} there is no set {', '.join(missing)}; apply it before waiting for it.")
    if call.check_mode:
        pruned = would_prune(cluster, parents) if options["prune"] else []
    else:
        pruned = _wait.wait_and_prune(cluster, parents, options, remove=options["prune"])
    members = sum(len(parent.members) for parent in parents)
    return {"changed": bool(pruned), "pruned": [str(key) for key in pruned], "members": members}


MODULE = Definition(run, {**_cluster.ARGUMENT_SPEC, **_wait.ARGUMENT_SPEC, **OPTIONS})


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
