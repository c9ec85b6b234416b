# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter plain_secrets."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.filter.plain_secrets import FilterModule


def test_it_gives_the_paths_of_secrets() -> None:
    plain_secrets = FilterModule().filters()["plain_secrets"]
    assert plain_secrets({"grafana": {"adminPassword": "hunter2", "enabled": True}}) == ["grafana.adminPassword"]
