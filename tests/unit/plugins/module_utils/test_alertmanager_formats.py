# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats of Alertmanager's options."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager_formats as formats


@pytest.mark.parametrize(
    ("judge", "value"),
    [
        (formats.text, ""),
        (formats.text, "{{ .Status }}"),
        (formats.flag, False),
        (formats.count, 0),
        (formats.integer, -1001234),
        (formats.duration, "0"),
        (formats.duration, "1y2w3d4h5m6s7ms"),
        (formats.interval, "1ms"),
        (formats.timeout, "1h30m"),
        (formats.timeout, "0"),
        (formats.url, "https://example.org"),
        (formats.url, "http://[2001:db8::1]:8080/a?b=c%20d#e"),
        (formats.proxy, "socks5://proxy:1080"),
        (formats.template_url, "https://example.org/{{ .GroupLabels.team }}"),
        (formats.host_port, "mail.example.org:587"),
        (formats.host_port, "[2001:db8::1]:25"),
        (formats.addresses, "a@example.org"),
        (formats.addresses, "Alerts <a@example.org>, b@example.org"),
        (formats.addresses, "{{ .CommonLabels.owner }}@example.org"),
        (formats.group_by, ["..."]),
        (formats.group_by, []),
        (formats.matcher, 'a=~"b.*"'),
        (formats.anything, {"a": [1, None, {"b": "{{ .c }}"}]}),
        (formats.slack_url, "https://slack.com/api/chat.postMessage"),
        (formats.map_of(formats.text), {"a": "b"}),
        (formats.one_of("a", "b"), "b"),
    ],
)
def test_a_value_of_the_format_has_no_problem(judge: formats.Format, value: Any) -> None:
    assert judge(value) == ""


@pytest.mark.parametrize(
    ("judge", "value", "told"),
    [
        (formats.text, 5, " is 5; must be text"),
        (formats.text, True, " is true; must be text"),
        (formats.text, None, " is null; must be text"),
        (formats.text, ["a"], " is a list; must be text"),
        (formats.text, {"a": "b"}, " is a mapping; must be text"),
        (formats.text, "{{ .a", " is no Go template: it has {{ without }}"),
        (formats.flag, "true", " is true; must be true or false"),
        (formats.flag, 1, " is 1; must be true or false"),
        (formats.count, -1, " is -1; must be a whole number, 0 or above"),
        (formats.count, True, " is true; must be a whole number, 0 or above"),
        (formats.integer, "12", " is 12; must be a whole number of at most 64 bits, not 0"),
        (formats.integer, 0, " is 0; must be a whole number of at most 64 bits, not 0"),
        (formats.integer, -(2**63), " is -9223372036854775808; must be a whole number of at most 64 bits, not 0"),
        (formats.duration, "5m1h", " is 5m1h; must be a duration such as 30s, 5m or 1d12h"),
        (formats.duration, "", " is empty; must be a duration such as 30s, 5m or 1d12h"),
        (formats.duration, "1.5h", " is 1.5h; must be a duration such as 30s, 5m or 1d12h"),
        (formats.duration, "-5m", " is -5m; must be a duration such as 30s, 5m or 1d12h"),
        (formats.duration, "300y", " is 300y; must be a duration such as 30s, 5m or 1d12h"),
        (formats.interval, "0m", " is 0m; must be above 0"),
        (formats.timeout, "1d", " is 1d; must be a duration such as 10s, 5m or 1h30m, without days"),
        (formats.timeout, 10, " is 10; must be a duration such as 10s, 5m or 1h30m, without days"),
        (formats.url, "ftp://example.org", " must be a URL that begins with http:// or https:// and a host"),
        (formats.url, "example.org", " must be a URL that begins with http:// or https:// and a host"),
        (formats.url, "https://", " must be a URL that begins with http:// or https:// and a host"),
        (formats.url, "https://example.org:port", " is no URL"),
        (formats.url, "https://example.org/a b", " is no URL"),
        (formats.url, "https://example.org/%zz", " is no URL"),
        (formats.url, "https://[::1", " is no URL"),
        (formats.url, 5, " is 5; must be text"),
        (formats.template_url, "https://{{ .a", " is no Go template: it has {{ without }}"),
        (formats.host_port, "mail", " is mail; must be a host and a port, such as mail.example.org:587"),
        (formats.host_port, "mail:", " is mail:; must be a host and a port, such as mail.example.org:587"),
        (formats.host_port, "mail:70000", " is mail:70000; must be a host and a port, such as mail.example.org:587"),
        (formats.host_port, "::1:25", " is ::1:25; must be a host and a port, such as mail.example.org:587"),
        (formats.addresses, "alerts", " is alerts; must be an e-mail address, or several with commas"),
        (formats.addresses, "a@b, c", " is a@b, c; must be an e-mail address, or several with commas"),
        (formats.group_by, [""], "[0] is empty; must be the name of a label"),
        (formats.list_of(formats.text), "abc", " is abc; must be a list"),
        (formats.list_of(formats.text), ["a", 5], "[1] is 5; must be text"),
        (formats.map_of(formats.text), {"a": 5}, ".a is 5; must be text"),
        (formats.map_of(formats.text), {5: "a"}, " has the name 5, which is no text; put it in quotes"),
        (formats.map_of(formats.text), [], " is a list; must be a mapping"),
        (formats.anything, {"a": ["{{ end }}"]}, ".a[0] is no Go template: it has end without a block to which it belongs"),
        (formats.one_of("a", "b"), "c", " is c; must be one of a, b"),
    ],
)
def test_any_other_value_is_told_with_what_is_allowed(judge: formats.Format, value: Any, told: str) -> None:
    assert judge(value) == told


@pytest.mark.parametrize("judge", [formats.url, formats.proxy, formats.template_url, formats.slack_url])
@pytest.mark.parametrize(
    "value",
    [
        "https://me:hunter2@example.org/",
        "https://hunter2@example.org",
        "hunter2://x",
        "https://x/hunter2 y",
        "https://x:hunter2/",
    ],
)
def test_what_is_wrong_with_a_url_never_repeats_it(judge: formats.Format, value: str) -> None:
    assert judge(value)
    assert "hunter2" not in judge(value)


def test_a_long_value_is_cut() -> None:
    assert len(formats.flag("x" * 5000)) < 150


@pytest.mark.parametrize(
    ("value", "length"),
    [("0", 0), ("0s", 0), ("90s", 90), ("1d12h", 129600), ("250ms", 0.25), ("", None), ("s", None), (5, None)],
)
def test_the_length_of_a_duration_is_known(value: Any, length: float | None) -> None:
    assert formats.seconds(value) == length
