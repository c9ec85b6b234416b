# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _schema_values
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Schema


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (_schema_values.TEXT, ""),
        (_schema_values.BOOLEAN, False),
        (_schema_values.number(0, 1), 0.5),
        (_schema_values.number(0, 1), 1),
        (_schema_values.choice("http", "https"), "https"),
        (_schema_values.DURATION, "1d12h"),
        (_schema_values.DURATION, "0"),
        (_schema_values.GO_DURATION, "1.5h30ms"),
        (_schema_values.SIZE, "1.5GiB"),
        (_schema_values.REGEX, "a|b"),
        (_schema_values.URL, "https://[::1]:9090/a?b=c"),
        (_schema_values.LABEL, "__address__"),
        (_schema_values.LABEL, "service.name"),
    ],
)
def test_a_value_of_the_right_form_has_no_findings(schema: Schema, value: Any) -> None:
    assert [*schema.judge(value, "jobs")] == []


@pytest.mark.parametrize(
    ("schema", "value", "finding"),
    [
        (_schema_values.TEXT, 5, "jobs is the number 5; must be text, in quotes."),
        (_schema_values.TEXT, True, "jobs is the boolean true; must be text, in quotes."),
        (_schema_values.TEXT, None, "jobs is null; must be text, in quotes."),
        (_schema_values.text(empty=False), "", "jobs is empty; must be text that is not empty."),
        (_schema_values.BOOLEAN, "yes", "jobs is the text yes; must be true or false, without quotes."),
        (_schema_values.BOOLEAN, 1, "jobs is the number 1; must be true or false, without quotes."),
        (_schema_values.integer(1), 0, "jobs is 0; must be a whole number of at least 1."),
        (_schema_values.integer(1), 2**63, "jobs is 9223372036854775808; must be a whole number of at least 1."),
        (_schema_values.number(most=1), float("nan"), "jobs is nan; must be a number of at most 1."),
        (_schema_values.choice("http", "https"), "htps", "jobs is htps; must be http or https."),
        (_schema_values.DURATION, "1.5h", "jobs is 1.5h; must be a duration such as 30s, 5m or 1h."),
        (_schema_values.DURATION, "30s1m", "jobs is 30s1m; must be a duration such as 30s, 5m or 1h."),
        (_schema_values.duration(zero=False), "0s", "jobs is 0s; must be a duration such as 30s, 5m or 1h, longer than 0."),
        (_schema_values.GO_DURATION, "1d", "jobs is 1d; must be a duration such as 30s, 5m or 1h30m."),
        (_schema_values.SIZE, "10 MB", "jobs is 10 MB; must be a size such as 10MB or 1GiB."),
        (_schema_values.REGEX, "(?!a)", "jobs is (?!a); must be a regular expression: RE2 has no lookaheads."),
        (_schema_values.URL, "example.org", "jobs is example.org; must be a URL such as https://example.org/path."),
        (_schema_values.URL, "https://a:b", "jobs is https://a:b; must be a URL such as https://example.org/path."),
        (_schema_values.LABEL, "a,b", "jobs is a,b; must be the name of a label such as job."),
    ],
)
def test_a_value_of_another_form_is_shown_with_what_is_allowed(schema: Schema, value: Any, finding: str) -> None:
    assert [*schema.judge(value, "jobs")] == [finding]
