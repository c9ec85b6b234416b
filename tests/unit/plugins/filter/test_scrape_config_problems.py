# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter scrape_config_problems."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.scrape_config_problems import FilterModule


def test_it_gives_what_is_wrong_by_the_name_of_the_variable() -> None:
    scrape_config_problems = FilterModule().filters()["scrape_config_problems"]
    configs = [{"job_name": "printer", "scrape_timeout": "1m"}]
    assert scrape_config_problems(configs) == []
    assert scrape_config_problems(configs, interval="30s", jobs=["printer"], variable="jobs") == [
        "jobs[0].job_name is printer, which is a job of this collection; must be another.",
        "jobs[0].scrape_timeout is 1m; must not be longer than prometheus_scrape_interval, 30s.",
    ]
