# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter content_name."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.filter.content_name import FilterModule

TEMPLATE: dict[str, Any] = {"spec": {"containers": [{"image": "a", "args": ["b", "c"]}], "hostNetwork": False}}


def content_name(content: Any) -> str:
    name: str = FilterModule().filters()["content_name"]("backup", content)
    return name


def test_the_same_content_has_the_same_name_in_whatever_order() -> None:
    other = {"spec": {"hostNetwork": False, "containers": [{"args": ["b", "c"], "image": "a"}]}}
    assert content_name(TEMPLATE) == content_name(other)
    assert content_name(TEMPLATE).startswith("backup-")
    assert len(content_name(TEMPLATE)) == len("backup-") + 10


@pytest.mark.parametrize(
    "other",
    [
        {"spec": {"containers": [{"image": "a", "args": ["c", "b"]}], "hostNetwork": False}},
        {"spec": {"containers": [{"image": "a", "args": ["b", "c"]}]}},
        {"spec": {"containers": [{"image": "a", "args": ["b", "c"]}], "hostNetwork": "False"}},
        {},
    ],
    ids=str,
)
def test_other_content_has_another_name(other: Any) -> None:
    assert content_name(other) != content_name(TEMPLATE)
