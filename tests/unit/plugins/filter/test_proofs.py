# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.longterm.metrics.plugins.filter.proofs import FilterModule

SKIPPED = {"skipped": True}


def test_the_filter_judges_proofs_as_it_documents() -> None:
    report = FilterModule().filters()["proofs"]
    declared: dict[str, Any] = {"number": 8, "name": "alert arrives", "look": "the page /alerts", "steps": {"alert": SKIPPED}}
    assert report([{**declared, "writes": True}], check_mode=True)["failures"] == []
    assert len(report([{**declared, "writes": True}])["failures"]) == 1
    late = {**declared, "steps": {"alert": {"changed": False}}, "due": 9e12}
    assert report([late], not_due_allowed=True)["failures"] == []
    assert "not due" in report([late])["failures"][0]
