# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: bucket_blocks
short_description: List the blocks of Thanos in an S3 bucket
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Reads C(meta.json) of every block in the bucket that an objstore configuration names, and returns those that match.
  - With O(min_blocks) or O(each) it looks again until they are there, and fails when they are not in time.
  - With O(report) it returns what the blocks say of each stream, and writes it as a page to O(report_to).
  - Nothing is written to the bucket.
extends_documentation_fragment:
  - longterm.metrics.objstore
  - longterm.metrics.attempts
  - longterm.metrics.cluster
  - longterm.metrics.attributes
options:
  labels:
    description: External labels that a block must have; it may have more. One with an empty value must be absent, as in PromQL.
    type: dict
    default: {}
  min_time:
    description: Only blocks that reach beyond this time, in milliseconds since 1970 as in C(meta.json).
    type: int
  max_time:
    description: Only blocks that begin before this time, in milliseconds since 1970.
    type: int
  resolution:
    description: Only blocks of this resolution, V(raw) or downsampled.
    type: str
    choices: [raw, 5m, 1h]
  created_after:
    description: Only blocks that were made after this time, in milliseconds since 1970, by their ULIDs. Older ones are not read.
    type: int
  each:
    description: Of each of these, one block at least must be among those that match; O(wait_timeout) is how long they may take.
    type: list
    elements: dict
    default: []
    suboptions:
      labels:
        description: External labels, as in O(labels).
        type: dict
        required: true
      min_time:
        description: The time beyond which it must reach, as in O(min_time).
        type: int
  single_compactor:
    description:
      - Fail when the blocks that match show the work of two compactors, by two blocks that were made of the same ones.
      - That is all a bucket keeps of it, for no block names its compactor, and only until the copies are deleted.
    type: bool
    default: false
  min_blocks:
    description: How many blocks must match at least; O(wait_timeout) is how long they may take.
    type: int
    default: 0
  report:
    description:
      - Whether to report on the blocks that match, by stream (external labels and resolution) and in total.
    type: bool
    default: false
  report_to:
    description: A file on the machine where the module runs; the report becomes one HTML page there that loads nothing.
    type: path
  prices:
    description: What storage costs, for the report. The first price is for the first bytes, the last one for all that is beyond.
    type: list
    elements: dict
    default: []
    suboptions:
      price:
        description: What a GiB costs in a month, in any currency.
        type: float
        required: true
      up_to_gib:
        description: Up to which size of the bucket, in GiB, this is the price; none for the last one.
        type: float
seealso:
  - module: longterm.metrics.s3_bucket
"""

EXAMPLES = r"""
- name: Wait for the first block of a cluster
  longterm.metrics.bucket_blocks:
    objstore_config:
      type: S3
      config:
        bucket: thanos
        endpoint: object-store.monitoring.svc:9000
        insecure: true
    credentials_secret:
      namespace: monitoring
      name: object-store-credentials
    labels:
      cluster: production-1
    min_blocks: 1
    wait_timeout: 300

- name: Wait for the blocks of both replicas
  longterm.metrics.bucket_blocks:
    objstore_config: "{{ lookup('ansible.builtin.file', 'objstore.yml') }}"
    each:
      - {labels: {cluster: production-1, prometheus_replica: prometheus-0}, min_time: 1795176344000}
      - {labels: {cluster: production-1, prometheus_replica: prometheus-1}, min_time: 1795176344000}

- name: Write a page about all blocks, with their cost in S3
  longterm.metrics.bucket_blocks:
    objstore_config: "{{ lookup('ansible.builtin.file', 'objstore.yml') }}"
    report: true
    report_to: blocks.html
    prices:
      - {up_to_gib: 51200, price: 0.023}
      - {price: 0.022}

- name: What the compactor has downsampled to one hour
  longterm.metrics.bucket_blocks:
    objstore_config: "{{ lookup('ansible.builtin.file', 'objstore.yml') }}"
    resolution: 1h
  register: downsampled
"""

RETURN = r"""
blocks:
  description: The blocks that match, oldest first.
  returned: success, and when those that were waited for were not there in time
  type: list
  elements: dict
  contains:
    ulid:
      description: The block's ULID.
      type: str
    min_time:
      description: Its first time, in milliseconds since 1970.
      type: int
    max_time:
      description: The end of its time, exclusive, in milliseconds since 1970.
      type: int
    labels:
      description: Its external labels.
      type: dict
    resolution:
      description: V(raw), V(5m) or V(1h).
      type: str
    compaction_level:
      description: 1 for a block as Prometheus wrote it; compaction counts up.
      type: int
    source:
      description: What uploaded it, for example V(sidecar) or V(compactor).
      type: str
    num_samples:
      description: Number of samples.
      type: int
    num_series:
      description: Number of series.
      type: int
    size:
      description: Bytes of all its objects.
      type: int
    deletion_mark:
      description: Whether it is marked for deletion.
      type: bool
    no_compact_mark:
      description: Whether it is kept out of compaction.
      type: bool
    no_downsample_mark:
      description: Whether it is kept out of downsampling.
      type: bool
    uploaded:
      description: When it came into the bucket, or was made where C(meta.json) does not tell, in milliseconds since 1970.
      type: int
  sample:
    - ulid: 01KAFTQ7V3B2N7X0Z6M1C9D4EH
      min_time: 1763632800000
      max_time: 1763640000000
      labels: {cluster: production-1, replica: prometheus-0}
      resolution: raw
      compaction_level: 1
      source: sidecar
      num_samples: 482210
      num_series: 1204
      size: 734003
      deletion_mark: false
      no_compact_mark: false
      no_downsample_mark: false
report:
  description: What the blocks say, with O(report). Times are in milliseconds since 1970, sizes in bytes.
  returned: with O(report)
  type: dict
  contains:
    streams:
      description: >-
        For each stream its C(labels) and C(resolution), the number of C(blocks), C(min_time), C(max_time), the C(gaps) and the
        C(overlaps) as pairs of times, the number of blocks of each level in C(levels), C(size), C(samples), C(deletion_marks),
        C(no_compact_marks) and C(no_downsample_marks), C(newest_upload), and C(growth_per_day) of the last two weeks.
      type: list
      elements: dict
    blocks:
      description: Number of blocks.
      type: int
    partial:
      description: The ULIDs of folders without a readable C(meta.json).
      type: list
      elements: str
    size:
      description: Bytes of all blocks, those marked for deletion too.
      type: int
    growth_per_day:
      description: Bytes that come in a day, while none is deleted.
      type: int
    cost_per_month:
      description: What the bucket costs now; null without O(prices).
      type: float
    cost_per_month_in_a_year:
      description: What it costs in a year at this growth, while nothing is deleted; null without O(prices).
      type: float
    compactor_disk:
      description: The volume that a Compactor needs, twice the two weeks of the largest stream for each that it compacts at once.
      type: int
count:
  description: The number of RV(blocks).
  returned: success
  type: int
  sample: 1
partial:
  description: The ULIDs of folders without a readable C(meta.json), which are uploads under way or broken off.
  returned: success
  type: list
  elements: str
  sample: []
error_kind:
  description: What was wrong when a request failed, as in M(longterm.metrics.s3_bucket).
  returned: on failure of a request
  type: str
"""

from functools import partial
from pathlib import Path
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import (
    _attempts,
    _block_doubles,
    _blocks,
    _bucket_page,
    _bucket_report,
    _cluster,
    _objstore,
    _s3_client,
)
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

OPTIONS = {
    "labels": {"type": "dict", "default": {}},
    "min_time": {"type": "int"},
    "max_time": {"type": "int"},
    "resolution": {"type": "str", "choices": ["raw", "5m", "1h"]},
    "created_after": {"type": "int"},
    "each": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {"labels": {"type": "dict", "required": True}, "min_time": {"type": "int"}},
    },
    "single_compactor": {"type": "bool", "default": False},
    "report": {"type": "bool", "default": False},
    "report_to": {"type": "path"},
    "prices": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {"price": {"type": "float", "required": True}, "up_to_gib": {"type": "float"}},
    },
    "min_blocks": {"type": "int", "default": 0},
}


def texts(labels: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in labels.items()}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    call.secrets |= _objstore.secrets(options["objstore_config"])
    wanted = _blocks.Filter(
        texts(options["labels"]),
        options["min_time"],
        options["max_time"],
        options["resolution"],
        options["created_after"],
    )
    each = [_blocks.Filter(texts(one["labels"]), one["min_time"]) for one in options["each"]]
    bucket = _objstore.bucket_of(_objstore.parse(options["objstore_config"]), options)
    connect = partial(_s3_client.open_s3, bucket, options, partial(_cluster.connect, options))
    attempts = _attempts.attempts(options["wait_timeout"], options["wait_sleep"])
    listing = _blocks.await_blocks(connect, bucket, wanted, options["min_blocks"], attempts, each)
    doubles = _block_doubles.doubles(listing.blocks) if options["single_compactor"] else []
    if doubles:
        raise MetricsError(_block_doubles.describe(doubles, _blocks.place(bucket)))
    if not options["report"]:
        return listing.as_result()
    report = _bucket_report.report(listing.blocks, listing.partial, options["prices"])
    page = _bucket_page.page(_blocks.place(bucket), report, listing.blocks)
    changed = bool(options["report_to"]) and _bucket_page.write(Path(options["report_to"]), page, check=call.check_mode)
    return {**listing.as_result(), "changed": changed, "report": report.as_result()}


MODULE = Definition(
    run,
    {**_cluster.ARGUMENT_SPEC, **_objstore.ARGUMENT_SPEC, **_attempts.ARGUMENT_SPEC, **OPTIONS},
    {"required_together": _objstore.REQUIRED_TOGETHER, "mutually_exclusive": _objstore.MUTUALLY_EXCLUSIVE},
    discreet=True,
)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
