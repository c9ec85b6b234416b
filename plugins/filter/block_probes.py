# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The blocks whose samples the Store Gateway must return."""

from __future__ import annotations

DOCUMENTATION = r"""
name: block_probes
short_description: Tells what to ask the Store Gateway for, to know that it serves a bucket
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Picks the newest block of each replica, the oldest block and a middle one, and gives a query for the samples of each.
  - Blocks that are marked for deletion and those without samples are left out.
  - For a replica without blocks, the query is for samples as old as its newest block, by the time alone.
options:
  _input:
    description: The blocks that M(longterm.metrics.bucket_blocks) returned.
    type: list
    elements: dict
    required: true
  replicas:
    description: The replicas whose newest block is asked for, as P(longterm.metrics.block_plan#filter) gives them.
    type: list
    elements: dict
    required: true
  replica_label:
    description: The external label by which they differ.
    type: str
    required: true
  minutes:
    description: Minutes that one block spans.
    type: int
    required: true
"""

EXAMPLES = r"""
- name: Ask the Store Gateway for each of them
  longterm.metrics.promql:
    namespace: monitoring
    service: thanos-query
    port: http
    query: "{{ item.query }}"
    time: "{{ item.time }}"
    max_source_resolution: "{{ item.resolution }}"
    dedup: false
    store_matches: ['{__address__=~"thanos-store.*"}']
    expect: length(@) > `0`
  loop: >-
    {{ bucket.blocks | longterm.metrics.block_probes(replicas=plan.replicas, replica_label='prometheus_replica', minutes=120) }}
"""

RETURN = r"""
_value:
  description: >-
    For each block C(what) (the block, for messages), and as options of M(longterm.metrics.promql) C(query), C(time) and
    C(resolution) (C(max_source_resolution)).
  type: list
  elements: dict
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _proof_blocks


def block_probes(blocks: Any, replicas: Any, replica_label: str, minutes: int) -> list[dict[str, str]]:
    return _proof_blocks.probes(blocks, replicas=replicas, replica_label=replica_label, minutes=int(minutes))


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"block_probes": block_probes}
