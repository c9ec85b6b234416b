# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter cidr_findings."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.cidr_findings import FilterModule


def test_it_gives_a_sentence_for_each_entry_that_is_no_cidr() -> None:
    (finding,) = FilterModule().filters()["cidr_findings"](["10.0.0.0/8", "ten"], "exposure_trusted_proxies")
    assert finding.startswith("exposure_trusted_proxies[1] is ten")
