#!/usr/bin/python
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: pods_ready
short_description: Prove that pods are ready and do not restart
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Looks at all pods of a selector until each is ready, no container of theirs has restarted for O(quiet_for) seconds, and
    no StatefulSet or DaemonSet is between two of them in a rolling update.
  - Fails with every finding at once, in the pods' own words.
options:
  namespace:
    description: Namespace of the pods.
    type: str
    required: true
  selector:
    description: Label selector of the pods.
    type: str
    required: true
  quiet_for:
    description: For how many seconds no container may have restarted.
    type: int
    default: 300
  min_pods:
    description: How many pods there must be at least.
    type: int
    default: 1
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.attempts
  - longterm.metrics.attributes
"""

EXAMPLES = r"""
- name: Every pod of the stack is ready
  longterm.metrics.pods_ready:
    namespace: metrics
    selector: app.kubernetes.io/part-of=longterm-metrics
"""

RETURN = r"""
pods:
  description: Names of the pods.
  returned: success
  type: list
  elements: str
  sample: [thanos-query-6b4d4796c5-kpt9b]
findings:
  description: Everything that is wrong.
  returned: failure
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _pods
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

OPTIONS = {
    "namespace": {"type": "str", "required": True},
    "selector": {"type": "str", "required": True},
    "quiet_for": {"type": "int", "default": 300},
    "min_pods": {"type": "int", "default": 1},
}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    if not options["selector"]:
        raise MetricsError("selector is empty, which is every pod of the namespace; name the labels of those that are meant.")
    pods = _pods.await_quiet(
        _cluster.connect(options),
        options["namespace"],
        options["selector"],
        options["quiet_for"],
        options["min_pods"],
        _attempts.attempts(options["wait_timeout"], options["wait_sleep"]),
    )
    return {"pods": pods}


MODULE = Definition(run, {**_cluster.ARGUMENT_SPEC, **_attempts.ARGUMENT_SPEC, **OPTIONS})


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
