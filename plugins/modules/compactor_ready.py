# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: compactor_ready
short_description: Wait until one compactor of Thanos, and only one, works on its bucket
version_added: 0.2.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Waits until the compactor is ready, is not halted, reaches its bucket, and has completed a cycle lately.
  - The compactor's own metrics say so. They are counters, so when one rose is taken from what Prometheus has scraped of them.
  - Looks for other pods of the cluster that run C(thanos compact) on the same bucket, by the arguments of their containers and
    whatever their labels are, in all namespaces in which pods may be listed.
  - To know the bucket of another compactor, it reads the Secret or ConfigMap with that one's objstore configuration. A bucket
    that cannot be told counts as the same one, unless O(others_allowed) names the pod.
extends_documentation_fragment: [longterm.metrics.cluster, longterm.metrics.pod_endpoints, longterm.metrics.attributes]
options:
  namespace:
    description: The namespace of the compactor and of Prometheus.
    type: str
    required: true
  selector:
    description: Label selector of the compactor's pod.
    type: str
    default: app.kubernetes.io/name=thanos-compact
  port:
    description: The HTTP port of its container.
    type: int
    default: 10902
  objstore_config:
    description: The objstore configuration of the compactor, as a mapping or as YAML text; only what says where the bucket is.
    type: raw
    required: true
  others_allowed:
    description: Pods that may run C(thanos compact) on other buckets, as C(namespace/name) or shell patterns of it.
    type: list
    elements: str
    default: []
  prometheus:
    description: The Prometheus that scrapes the compactor.
    type: dict
    default: {}
    suboptions:
      service:
        description: Name of its Service.
        type: str
        default: prometheus
      port:
        description: Its port, by number or name.
        type: str
        default: http
      path_prefix:
        description: The path its API is below.
        type: str
        default: ""
  blocks_with:
    description:
      - External labels of the blocks that are to be returned, of those that the compactor has loaded. Unset, none are.
      - That tells what is in a bucket which only the cluster reaches, or which is not S3; M(longterm.metrics.bucket_blocks)
        asks others itself.
    type: dict
  max_cycle_age:
    description: How many seconds ago the last cycle may have ended.
    type: int
    default: 3600
  wait_timeout:
    description: How many seconds it may take until all is well; V(0) asks once.
    type: int
    default: 120
  wait_sleep:
    description: Seconds before the second attempt; the pauses double up to ten seconds.
    type: float
    default: 1.0
"""

EXAMPLES = r"""
- name: Wait until the compactor works
  longterm.metrics.compactor_ready:
    namespace: monitoring
    objstore_config:
      type: S3
      config: {bucket: thanos, endpoint: s3.example.com}
    max_cycle_age: 1800
"""

RETURN = r"""
pod:
  description: The compactor.
  returned: success
  type: str
  sample: thanos-compact-0
cycle:
  description: When its last cycle ended, as a Unix time; 0 when it started less than O(max_cycle_age) ago and has ended none.
  returned: success
  type: float
  sample: 1795176344.0
due:
  description: When its first cycle must have ended, as a Unix time; 0 when one has.
  returned: success
  type: float
  sample: 0
searched:
  description: Where other compactors were looked for, in words.
  returned: success
  type: str
  sample: all namespaces
blocks:
  description: >-
    The blocks with the labels O(blocks_with), oldest first, as M(longterm.metrics.bucket_blocks) returns them; marks and size are
    unknown.
  returned: success, with O(blocks_with)
  type: list
  elements: dict
findings:
  description: Everything that is wrong.
  returned: failure
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _compactor, _objstore, _pod_endpoints
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

PROMETHEUS = {
    "service": {"type": "str", "default": "prometheus"},
    "port": {"type": "str", "default": "http"},
    "path_prefix": {"type": "str", "default": ""},
}
OPTIONS = {
    "namespace": {"type": "str", "required": True},
    "selector": {"type": "str", "default": "app.kubernetes.io/name=thanos-compact"},
    "port": {"type": "int", "default": 10902},
    "objstore_config": {"type": "raw", "required": True},
    "others_allowed": {"type": "list", "elements": "str", "default": []},
    "prometheus": {"type": "dict", "default": {}, "options": PROMETHEUS, "apply_defaults": True},
    "blocks_with": {"type": "dict"},
    "max_cycle_age": {"type": "int", "default": 3600},
    "wait_timeout": {"type": "int", "default": 120},
    "wait_sleep": {"type": "float", "default": 1.0},
}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    call.secrets |= _objstore.secrets(options["objstore_config"])
    attempts = _attempts.attempts(options["wait_timeout"], options["wait_sleep"])
    seen = _compactor.wait_for(_cluster.connect(options), options, attempts)
    listed = {} if options["blocks_with"] is None else {"blocks": [block.as_result() for block in seen.blocks]}
    return {"pod": seen.pod, "cycle": seen.cycle, "due": seen.due, "searched": seen.searched, **listed}


MODULE = Definition(run, {**_cluster.ARGUMENT_SPEC, **_pod_endpoints.ARGUMENT_SPEC, **OPTIONS}, discreet=True)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
