# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter json_as_yaml."""

from __future__ import annotations

import json

import yaml
from ansible_collections.longterm.metrics.plugins.filter.json_as_yaml import FilterModule

json_as_yaml = FilterModule().filters()["json_as_yaml"]


def test_json_is_made_yaml_and_the_rest_stays() -> None:
    printed = f"# A comment.\na: {json.dumps('fire ' + chr(0x1F525))}\n"
    assert json_as_yaml(printed) == '# A comment.\na: "fire \\U0001F525"\n'
    assert yaml.safe_load(json_as_yaml(printed)) == {"a": "fire \U0001f525"}
