# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter receive_limits."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.receive_limits import FilterModule


def test_the_file_is_text_that_routers_read() -> None:
    limits = FilterModule().filters()["receive_limits"]
    assert limits({"default": {"head_series_limit": 10}}, "http://query", "eu") == (
        '{\n  "write": {\n    "default": {\n      "head_series_limit": 10\n    },\n'
        '    "global": {\n      "meta_monitoring_url": "http://query",\n'
        '      "meta_monitoring_limit_query": '
        '"sum by (tenant) (prometheus_tsdb_head_series{cluster=\\"eu\\",job=\\"thanos-receive\\"})"\n'
        "    }\n  }\n}"
    )
