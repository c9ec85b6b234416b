# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter argument_problems."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.argument_problems import FilterModule


def test_it_gives_what_is_wrong_by_the_name_of_the_variable() -> None:
    argument_problems = FilterModule().filters()["argument_problems"]
    assert argument_problems(["--log.level=debug"], "thanos_query_extra_args") == []
    assert argument_problems(["--endpoint=other:10901"], "thanos_query_extra_args") == [
        "thanos_query_extra_args[0] sets --endpoint, which the role sets; use thanos_query_endpoints instead."
    ]
