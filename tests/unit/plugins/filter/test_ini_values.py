# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter ini_values."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.filter.ini_values import FilterModule

ini_values = FilterModule().filters()["ini_values"]


def test_it_gives_the_values_as_they_stand_in_the_file() -> None:
    assert ini_values({"a": {"b": " c", "d": 1}}, "grafana_chart", "grafana_config") == {"a": {"b": "` c`", "d": "1"}}


def test_what_the_file_cannot_hold_is_an_error_that_names_the_variable() -> None:
    with pytest.raises(AnsibleFilterError, match=r"grafana_config\.a\.b has several lines"):
        ini_values({"a": {"b": "c\nd"}}, "grafana_chart", "grafana_config")
