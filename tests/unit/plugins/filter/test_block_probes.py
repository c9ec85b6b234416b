# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.block_probes import FilterModule


def test_the_filter_gives_a_question_for_each_block() -> None:
    block = {"ulid": "A", "min_time": 0, "max_time": 60_000, "labels": {"replica": "p-0"}, "resolution": "raw"}
    blocks = [{**block, "deletion_mark": False, "num_samples": 1}]
    replicas = [{"labels": {"replica": "p-0"}, "min_time": 0}]
    (probe,) = FilterModule().filters()["block_probes"](blocks, replicas=replicas, replica_label="replica", minutes="1")
    assert probe["query"] == 'count(count_over_time(up{replica="p-0"}[60000ms]))'
