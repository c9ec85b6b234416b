# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The test installed_collection."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.test.installed_collection import installed_collection


@pytest.mark.parametrize(
    ("name", "there"), [("longterm.metrics", True), ("longterm.nothing", False), ("nobody_s.collection", False)]
)
def test_a_collection_is_there_or_not(name: str, there: bool) -> None:
    assert installed_collection(name) is there


@pytest.mark.parametrize("name", ["kubernetes", "a.b.c", ""])
def test_what_is_no_name_of_a_collection_is_refused(name: str) -> None:
    with pytest.raises(AnsibleFilterError, match=r"kubernetes\.core"):
        installed_collection(name)
