# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: promql
short_description: Ask Prometheus or Thanos Query a PromQL query
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Asks an instant query, or a range query when O(start), O(end) and O(step) are given, and returns the answer of the API.
  - With O(expect) it asks again until the answer is as wanted, and fails when it does not become so in time.
  - The options O(dedup), O(replica_labels), O(store_matches), O(max_source_resolution), O(partial_response) and O(engine) are
    understood by Thanos Query; Prometheus ignores them. What is not set is left to the server.
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.endpoint
  - longterm.metrics.attempts
  - longterm.metrics.attributes
requirements:
  - jmespath >= 1.0, < 2, for O(expect)
options:
  query:
    description: The query, in PromQL.
    type: str
    required: true
  time:
    description: The time of an instant query, as RFC 3339 or as a Unix time in seconds; the server's now when unset.
    type: str
  start:
    description: The first time of a range query, as RFC 3339 or as a Unix time in seconds.
    type: str
  end:
    description: The last time of a range query.
    type: str
  step:
    description: The step of a range query, as a Prometheus duration or in seconds.
    type: str
  dedup:
    description: Whether Thanos Query removes duplicates by the replica labels.
    type: bool
  replica_labels:
    description: The labels by which replicas are told apart, in place of those Thanos Query was started with.
    type: list
    elements: str
  store_matches:
    description:
      - Series selectors of the stores to ask; for example V({__address__=~"thanos-store.*"}).
      - Every entry is one selector; a store that matches any of them is asked.
    type: list
    elements: str
  max_source_resolution:
    description: The coarsest resolution to read, V(0s) (raw), V(5m), V(1h) or V(auto).
    type: str
  partial_response:
    description: Whether Thanos Query answers when not all stores do; the warnings then name those that did not.
    type: bool
  engine:
    description: The engine of Thanos Query to use.
    type: str
    choices: [prometheus, thanos]
  expect:
    description:
      - A JMESPath expression over RV(result) that must become true. Values of samples are strings; use C(to_number).
      - False, null and whatever is empty are not true; a number is an error, so write a comparison.
    type: str
"""

EXAMPLES = r"""
- name: Ask Prometheus through the API server
  longterm.metrics.promql:
    namespace: monitoring
    service: prometheus-operated
    port: web
    query: sum by (job) (up)
  register: up

- name: Wait until both replicas of Prometheus are seen by Thanos Query
  longterm.metrics.promql:
    namespace: monitoring
    service: thanos-query
    port: http
    query: count by (prometheus_replica) (up)
    dedup: false
    expect: length(@) == `2`

- name: Wait until the sum of a metric passes a bound
  longterm.metrics.promql:
    via: url
    url: https://thanos.example.com
    path_prefix: /thanos
    query: sum(prometheus_tsdb_head_series)
    expect: to_number([0].value[1]) > `1000`
    wait_timeout: 60

- name: The last day, as the Store Gateway alone has it
  longterm.metrics.promql:
    namespace: monitoring
    service: thanos-query
    port: http
    query: up{job="kubelet"}
    start: "{{ now(utc=true).timestamp() - 86400 }}"
    end: "{{ now(utc=true).timestamp() }}"
    step: 5m
    store_matches: ['{__address__=~".*thanos-store.*"}']
    max_source_resolution: 5m
"""

RETURN = r"""
result_type:
  description: The type of the result, V(vector), V(matrix), V(scalar) or V(string).
  returned: success
  type: str
  sample: vector
result:
  description: The result as the API gives it; a list of series, or a pair of time and value for a scalar or string.
  returned: success
  type: list
  elements: raw
  sample: [{"metric": {"job": "kubelet"}, "value": [1795176560.1, "3"]}]
series:
  description: The number of series in RV(result); 0 for a scalar or string.
  returned: success
  type: int
  sample: 1
warnings:
  description: The warnings of the API, shown as warnings of the task too; Thanos Query names the stores that did not answer.
  returned: when there are any
  type: list
  elements: str
error_type:
  description: The C(errorType) of the API, for example V(bad_data); empty when the failure is not the API's own.
  returned: when the query is refused
  type: str
  sample: bad_data
"""

from functools import partial
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _attempts, _cluster, _endpoint, _promql
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

OPTIONS = {
    "query": {"type": "str", "required": True},
    "time": {"type": "str"},
    "start": {"type": "str"},
    "end": {"type": "str"},
    "step": {"type": "str"},
    "dedup": {"type": "bool"},
    "replica_labels": {"type": "list", "elements": "str"},
    "store_matches": {"type": "list", "elements": "str"},
    "max_source_resolution": {"type": "str"},
    "partial_response": {"type": "bool"},
    "engine": {"type": "str", "choices": ["prometheus", "thanos"]},
    "expect": {"type": "str"},
}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    cluster = None if options["via"] == "url" else _cluster.connect(options)
    attempts = _attempts.attempts(options["wait_timeout"], options["wait_sleep"])
    answer = _promql.ask(partial(_endpoint.open_endpoint, cluster, options), options, attempts)
    call.warnings += answer.warnings
    return {"result_type": answer.result_type, "result": answer.result, "series": answer.series}


MODULE = Definition(
    run,
    {**_cluster.ARGUMENT_SPEC, **_endpoint.ARGUMENT_SPEC, **_attempts.ARGUMENT_SPEC, **OPTIONS},
    {
        "required_if": _endpoint.REQUIRED_IF,
        "required_together": [("start", "end", "step")],
        "mutually_exclusive": [("time", "start")],
    },
)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
