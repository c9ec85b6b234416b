# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter receive_tenant."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.receive_tenant import FilterModule


def test_the_tenant_is_that_of_the_header() -> None:
    tenant = FilterModule().filters()["receive_tenant"]
    assert tenant({"headers": {"X-Team": "a"}}, "x-team", "default") == "a"
