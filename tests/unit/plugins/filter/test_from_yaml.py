# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter from_yaml."""

from __future__ import annotations

import json

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.filter.from_yaml import FilterModule

from_yaml = FilterModule().filters()["from_yaml"]


def test_it_reads_yaml_1_2_with_json_in_it() -> None:
    printed = json.dumps("\U0001f525")
    assert from_yaml(f"a: on\nb: {printed}\n") == {"a": "on", "b": "\U0001f525"}


def test_what_is_no_yaml_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match=r"from_yaml: while .*line 2, column 1"):
        from_yaml("a: [")
