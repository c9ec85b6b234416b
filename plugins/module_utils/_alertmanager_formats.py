# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats of single options of Alertmanager's configuration.

A format takes a value and returns the rest of a sentence that begins with the option's path (" is 5; must be text"), or "".
No URL is repeated: it may hold a key. https://prometheus.io/docs/alerting/latest/configuration/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from email.utils import getaddresses
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_matchers import are_matchers
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_rules import SLACK_API
from ansible_collections.longterm.metrics.plugins.module_utils._duration import has_days, seconds
from ansible_collections.longterm.metrics.plugins.module_utils._go_template import parse

Format = Callable[[Any], str]

_HOST_PORT = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]):(\d{1,5})")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


def wrong(value: Any, must: str) -> str:
    """The sentence about a value that is not what it must be."""
    if value is None or isinstance(value, bool):
        seen = str(value).lower().replace("none", "null")
    elif isinstance(value, Mapping):
        seen = "a mapping"
    elif isinstance(value, Sequence) and not isinstance(value, str):
        seen = "a list"
    else:
        seen = str(value) or "empty"
    return f" is {seen if len(seen) <= 80 else seen[:77] + '...'}; must be {must}"


def text(value: Any) -> str:
    if not isinstance(value, str):
        return wrong(value, "text")
    problem = parse(value).problem if "{{" in value else ""
    return f" is no Go template: it {problem}" if problem else ""


def flag(value: Any) -> str:
    return "" if isinstance(value, bool) else wrong(value, "true or false")


def count(value: Any) -> str:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
    return "" if good else wrong(value, "a whole number, 0 or above")


def integer(value: Any) -> str:
    """Of 64 bits. Alertmanager takes 0 for nothing given."""
    good = isinstance(value, int) and not isinstance(value, bool) and value and abs(value) < 2**63
    return "" if good else wrong(value, "a whole number of at most 64 bits, not 0")


def duration(value: Any) -> str:
    return "" if seconds(value) is not None else wrong(value, "a duration such as 30s, 5m or 1d12h")


def interval(value: Any) -> str:
    return duration(value) or ("" if seconds(value) else wrong(value, "above 0"))


def timeout(value: Any) -> str:
    good = seconds(value) is not None and not has_days(value)
    return "" if good else wrong(value, "a duration such as 10s, 5m or 1h30m, without days")


def url(value: Any, schemes: Sequence[str] = ("http", "https")) -> str:
    if not isinstance(value, str):
        return wrong(value, "text")
    try:
        parts = urlsplit(value)
        bad = bool(re.search(r"[\s\x00-\x1f]|%(?![0-9A-Fa-f]{2})", value)) or parts.port == 0
    except ValueError:
        return " is no URL"
    if "@" in parts.netloc:
        return " holds a user name or password; put the URL, or the password, into a Secret"
    if parts.scheme not in schemes or not parts.hostname:
        return f" must be a URL that begins with {' or '.join(f'{scheme}://' for scheme in schemes)} and a host"
    return " is no URL" if bad else ""


def proxy(value: Any) -> str:
    return url(value, ("http", "https", "socks5"))


def template_url(value: Any) -> str:
    return text(value) if isinstance(value, str) and "{{" in value else url(value)


def slack_url(value: Any) -> str:
    """The one URL of Slack that is no key."""
    return (
        "" if value == SLACK_API else " would be readable in the manifests; put it into a Secret and name that in api_url_secret"
    )


def host_port(value: Any) -> str:
    found = _HOST_PORT.fullmatch(value) if isinstance(value, str) else None
    return "" if found and 0 < int(found[1]) < 65536 else wrong(value, "a host and a port, such as mail.example.org:587")


def addresses(value: Any) -> str:
    if not isinstance(value, str) or "{{" in value:
        return text(value)
    found = [address for _name, address in getaddresses([value])]
    good = found and all(_ADDRESS.fullmatch(address) for address in found)
    return "" if good else wrong(value, "an e-mail address, or several with commas")


def label(value: Any) -> str:
    return "" if isinstance(value, str) and value else wrong(value, "the name of a label")


def group_by(value: Any) -> str:
    found = list_of(label)(value)
    if found:
        return found
    if "..." in value and len(value) > 1:
        return " has ... beside other labels; ... alone already means all of them"
    twice = sorted({name for name in value if list(value).count(name) > 1})
    return f" has {', '.join(twice)} more than once" if twice else ""


def matcher(value: Any) -> str:
    example = 'a label, one of = != =~ !~, and a value, such as severity="critical"'
    return "" if isinstance(value, str) and are_matchers(value) else wrong(value, example)


def list_of(judge: Format) -> Format:
    """A format for lists whose items are of another."""

    def all_of(value: Any) -> str:
        if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
            return wrong(value, "a list")
        return next((f"[{number}]{found}" for number, item in enumerate(value) if (found := judge(item))), "")

    return all_of


def map_of(judge: Format) -> Format:
    """A format for mappings whose values are of another."""

    def all_of(value: Any) -> str:
        if not isinstance(value, Mapping):
            return wrong(value, "a mapping")
        if other := [name for name in value if not isinstance(name, str)]:
            return f" has the name {other[0]}, which is no text; put it in quotes"
        return next((f".{name}{found}" for name, item in value.items() if (found := judge(item))), "")

    return all_of


def anything(value: Any) -> str:
    """Any value, as long as its templates can be parsed."""
    if isinstance(value, Mapping):
        return map_of(anything)(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list_of(anything)(value)
    return text(value) if isinstance(value, str) else ""


def one_of(*words: str) -> Format:
    """A format for one of some words."""

    def judge(value: Any) -> str:
        return "" if isinstance(value, str) and value in words else wrong(value, f"one of {', '.join(words)}")

    return judge
