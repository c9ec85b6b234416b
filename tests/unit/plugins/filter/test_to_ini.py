# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter to_ini."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.filter.to_ini import FilterModule

to_ini = FilterModule().filters()["to_ini"]


def test_it_writes_the_file_for_its_reader() -> None:
    assert to_ini({"a": {"b": "c;d", "e": False}}, "grafana", "grafana_config") == "[a]\nb = `c;d`\ne = false\n"
    assert to_ini({"b": "c;d"}, "prometheus_alert", "prometheus_alert_config") == "b = c;d\n"


def test_what_the_file_cannot_hold_is_an_error_that_names_the_variable() -> None:
    with pytest.raises(AnsibleFilterError, match=r"prometheus_alert_config\.title has several lines"):
        to_ini({"title": "a\nb"}, "prometheus_alert", "prometheus_alert_config")
