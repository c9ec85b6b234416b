# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: query_cache_ready
short_description: Wait until Thanos Query Frontend answers from its cache
version_added: 0.2.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Asks every Query Frontend pod a new range query, and asks it again.
  - Waits until the first one reaches Query, the second one does not, and both have the same answer.
  - The queries carry the tenant C(longterm-metrics-proof). Query counts requests by tenant, in C(http_requests_total) of its
    C(/metrics), so other clients do not disturb.
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.attempts
  - longterm.metrics.pod_endpoints
  - longterm.metrics.attributes
options:
  namespace:
    description: The namespace of the Query Frontend and of Query.
    type: str
    required: true
  frontend:
    description: The Query Frontend; every pod behind its Service is asked.
    type: dict
    default: {}
    suboptions:
      service:
        description: Name of the Service.
        type: str
        default: thanos-query-frontend
      port:
        description: Its HTTP port, by number or name.
        type: str
        default: http
  query:
    description: The Query that it forwards to; the metrics of every pod behind its Service are read.
    type: dict
    default: {}
    suboptions:
      service:
        description: Name of the Service.
        type: str
        default: thanos-query
      port:
        description: Its HTTP port, by number or name.
        type: str
        default: http
  path_prefix:
    description: The route prefix of Query's API; the Query Frontend forwards paths as they are.
    type: str
    default: ""
  freshness:
    description: The seconds before now for which answers are not cached, C(--query-range.response-cache-max-freshness).
    type: int
    default: 60
"""

EXAMPLES = r"""
- name: Wait until repeated queries are answered from the cache
  longterm.metrics.query_cache_ready:
    namespace: monitoring
    freshness: 14400
"""

RETURN = r"""
pods:
  description: For each Query Frontend pod, how many queries reached Query when it was asked for the first time, and again.
  returned: always, once the cluster has answered
  type: dict
  sample: {"thanos-query-frontend-5c8f9f7d6-x2x7k": {"first": 1, "again": 0}}
findings:
  description: Everything that is wrong.
  returned: failure
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _pod_endpoints, _query_cache
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module


def _service(name: str) -> dict[str, dict[str, str]]:
    return {"service": {"type": "str", "default": name}, "port": {"type": "str", "default": "http"}}


OPTIONS = {
    "namespace": {"type": "str", "required": True},
    "frontend": {"type": "dict", "default": {}, "options": _service("thanos-query-frontend"), "apply_defaults": True},
    "query": {"type": "dict", "default": {}, "options": _service("thanos-query"), "apply_defaults": True},
    "path_prefix": {"type": "str", "default": ""},
    "freshness": {"type": "int", "default": 60},
}


def run(call: Call) -> dict[str, Any]:
    attempts = _attempts.attempts(call.params["wait_timeout"], call.params["wait_sleep"])
    seen = _query_cache.wait_for(_query_cache.Watch(_cluster.connect(call.params), call.params), attempts)
    return {"pods": seen.pods}


MODULE = Definition(run, {**_cluster.ARGUMENT_SPEC, **_pod_endpoints.ARGUMENT_SPEC, **_attempts.ARGUMENT_SPEC, **OPTIONS})


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
