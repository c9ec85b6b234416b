# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.filter.seconds import FilterModule, seconds


def test_the_filter_has_its_name() -> None:
    assert FilterModule().filters() == {"seconds": seconds}


def test_all_units_of_a_duration_count() -> None:
    assert [seconds(text) for text in ("30s", "1m30s", "500ms", "0")] == [30, 90, 0.5, 0]


def test_what_is_no_duration_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match="'soon' is not a duration like 30s"):
        seconds("soon")
