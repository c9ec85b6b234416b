# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter override_rules."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.filter.override_rules import FilterModule

FILES: dict[str, Any] = {"a.yml": {"groups": [{"name": "a", "rules": [{"alert": "Down", "expr": "up == 0"}]}]}}


def test_it_gives_the_groups_by_file() -> None:
    override_rules = FilterModule().filters()["override_rules"]
    assert override_rules(FILES, overrides={"Down": {"for": "1m"}})["a.yml"][0]["rules"][0]["for"] == "1m"


def test_what_is_wrong_is_an_error_of_the_filter() -> None:
    override_rules = FilterModule().filters()["override_rules"]
    with pytest.raises(AnsibleFilterError, match="there is no alert 'Up'"):
        override_rules(FILES, overrides={"Up": {}})
