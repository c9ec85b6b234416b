# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The blocks of Prometheus that must be in the bucket by now."""

from __future__ import annotations

DOCUMENTATION = r"""
name: block_plan
short_description: Tells which blocks of Prometheus must be in the bucket
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - From the times at which the heads of all replicas began, gives the time beyond which a block of each must reach.
  - A replica that has not run for long enough has no block yet; then it gives the time when its first one is due.
options:
  _input:
    description: >-
      The result of M(longterm.metrics.promql) for C(min by (pod) (prometheus_tsdb_head_min_time_seconds)), over the time in
      which the first block of a Prometheus gets into the bucket (one and a half times the length of a block and three minutes)
      until O(end).
    type: list
    elements: dict
    required: true
  labels:
    description: The external labels that all replicas have.
    type: dict
    required: true
  replica_label:
    description: The external label by which they differ; each one's value is the name of its pod.
    type: str
    required: true
  minutes:
    description: Minutes that one block spans.
    type: int
    required: true
  end:
    description: The end of the query's time, as a Unix time.
    type: float
    required: true
  deadline:
    description: The Unix time until which blocks are waited for.
    type: float
    required: true
"""

EXAMPLES = r"""
- name: Tell which replicas must have a block in the bucket
  ansible.builtin.debug:
    msg: >-
      {{ heads.result | longterm.metrics.block_plan(labels={'cluster': 'production-1'}, replica_label='prometheus_replica',
         minutes=120, end=asked, deadline=asked + 300) }}
"""

RETURN = r"""
_value:
  description: >-
    C(replicas), those whose blocks are due by the deadline, as O(longterm.metrics.bucket_blocks#module:each); and C(due), the
    Unix time when the blocks of all others are due, 0 without others.
  type: dict
  sample: {"replicas": [{"labels": {"prometheus_replica": "prometheus-0"}, "min_time": 1795176344000}], "due": 0}
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _proof_blocks


def block_plan(heads: Any, labels: Any, replica_label: str, minutes: int, end: float, deadline: float) -> dict[str, Any]:
    return _proof_blocks.plan(
        heads, labels=labels, replica_label=replica_label, minutes=int(minutes), end=float(end), deadline=float(deadline)
    )


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"block_plan": block_plan}
