# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter hashrings."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.hashrings import FilterModule

hashrings = FilterModule().filters()["hashrings"]


def test_groups_are_plain_data_and_the_hash_is_that_of_the_file() -> None:
    made = hashrings([{"name": "default", "replicas": 3}], "metrics")
    assert made["groups"] == [
        {
            "name": "thanos-receive-default",
            "hashring": "default",
            "replicas": 3,
            "pods": ["thanos-receive-default-0", "thanos-receive-default-1", "thanos-receive-default-2"],
        }
    ]
    assert made["config_hash"] == 101348360701427
    assert made["configuration"].startswith("[")
