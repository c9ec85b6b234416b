# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter to_yaml."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.filter.to_yaml import FilterModule

to_yaml = FilterModule().filters()["to_yaml"]


def test_it_writes_a_document_in_which_text_stays_text() -> None:
    assert to_yaml({"version": "1.10", "replicas": 2, "on": ["y", None]}) == (
        "version: '1.10'\nreplicas: 2\n'on':\n- 'y'\n- null\n"
    )


def test_what_yaml_cannot_express_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match="half of a character"):
        to_yaml(["\ud83d"])
