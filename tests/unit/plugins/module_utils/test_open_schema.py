# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dictionaries with keys that are refused, or keys nobody knows."""

from __future__ import annotations

from ansible_collections.longterm.metrics.plugins.module_utils._open_schema import Open, Without
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Nested
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import BOOLEAN


def test_a_refused_key_is_named_with_the_reason_and_not_suggested() -> None:
    schema = Without(Nested({"ca": BOOLEAN}), {"caFile": "files are not read"})
    assert [*schema.judge({"ca": True}, "tls")] == []
    assert [*schema.judge({"caFile": "hunter2"}, "tls")] == ["tls has caFile; files are not read."]
    assert [*schema.judge({"caFil": 1}, "tls")] == ["tls has the unknown key caFil; it takes ca."]
    assert [*schema.judge([], "tls")] == ["tls is a list; must be a dictionary."]


def test_a_key_that_nobody_knows_is_not_judged() -> None:
    schema = Open({"tls": BOOLEAN})
    assert [*schema.judge({"tls": True, "else": 5}, "options")] == []
    assert [*schema.judge({"tls": "yes"}, "options")] == ["options.tls is the text yes; must be true or false, without quotes."]
    assert [*schema.judge(5, "options")] == ["options is the number 5; must be a dictionary."]
