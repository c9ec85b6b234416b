# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The single values that schemas are made of: text, numbers, durations, sizes, URLs, regular expressions."""

from __future__ import annotations

import math
import re
from urllib.parse import urlsplit

from ansible_collections.longterm.metrics.plugins.module_utils import _duration, _re2
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf

# As Go reads durations.
_GO_DURATION = re.compile(r"0|((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+", re.ASCII)
# A name of any labels that are not empty, or an address of IPv6.
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|[0-9a-f:.]+(%25[^\s/]+)?", re.IGNORECASE)
_SIZE = re.compile(r"0|\d+(\.\d+)?([KMGTPE]i?)?B", re.ASCII)


def text(pattern: str = "", form: str = "text", *, empty: bool = True, secret: bool = False) -> Leaf:
    """Text that matches the pattern as a whole."""
    whole = re.compile(pattern, re.ASCII | re.DOTALL) if pattern else None

    def wrong(value: str) -> str:
        if not value and not empty:
            return form if pattern else "text that is not empty"
        return form if whole and not whole.fullmatch(value) else ""

    return Leaf(str, f"{form}, in quotes" if form == "text" else form, wrong, secret)


def integer(least: int | None = None, most: int | None = None) -> Leaf:
    form = f"a whole number{_range(least, most)}"
    # More than this is none to Go.
    return Leaf(int, form, lambda value: "" if _within(value, least, most) and abs(value) < 2**63 else form)


def number(least: float | None = None, most: float | None = None) -> Leaf:
    form = f"a number{_range(least, most)}"
    return Leaf((int, float), form, lambda value: "" if math.isfinite(value) and _within(value, least, most) else form)


def choice(*allowed: str) -> Leaf:
    form = f"{', '.join(allowed[:-1])} or {allowed[-1]}" if len(allowed) > 1 else allowed[0]
    return Leaf(str, form, lambda value: "" if value in allowed else form)


def regex(form: str = "a regular expression") -> Leaf:
    """As RE2 reads it, which Prometheus and Alertmanager use."""
    return Leaf(str, f"{form}, in quotes", lambda value: f"{form}: {why}" if (why := _re2.problem(value)) else "")


def duration(*, zero: bool = True, go: bool = False) -> Leaf:
    """As Prometheus reads it (1d12h), or as Go does (1.5h, but no days)."""
    form = f"a duration such as 30s, 5m or 1h{'30m' if go else ''}{'' if zero else ', longer than 0'}"

    def wrong(value: str) -> str:
        right = _GO_DURATION.fullmatch(value) if go else _duration.seconds(value) is not None
        return "" if right and (zero or re.search("[1-9]", value)) else form

    return Leaf(str, form, wrong)


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        right = (
            value.startswith(("http://", "https://"))
            and _HOST.fullmatch(parts.hostname or "")
            and parts.port != 0
            and not re.search(r"\s|%(?![0-9A-Fa-f]{2})", value)
        )
    except ValueError:
        right = False
    if not right:
        return "a URL such as https://example.org/path"
    return "a URL without a user and password" if "@" in parts.netloc else ""


def _range(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f" from {least} to {most}"
    return f" of at least {least}" if least is not None else f" of at most {most}" if most is not None else ""


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


TEXT = text()
SECRET = text(secret=True)
BOOLEAN = Leaf(bool, "true or false, without quotes")
DURATION = duration()
GO_DURATION = duration(go=True)
REGEX = regex()
SIZE = text(_SIZE.pattern, "a size such as 10MB or 1GiB")
URL = Leaf(str, "a URL such as https://example.org/path", _url)
PORT = integer(0, 65535)
# Prometheus takes any characters in the names of labels; these are a slip, such as two names in one.
LABEL = text(r"""[^\s{}=!~,"'`]+""", "the name of a label such as job", empty=False)
# Selectors of Kubernetes, by labels and by fields.
_VALUE = "([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?"
_KEY = "([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?"
_WITH = rf"(\s*(==?|!=)\s*{_VALUE}|\s+(not)?in\s*\(\s*{_VALUE}(\s*,\s*{_VALUE})*\s*\)|\s*[<>]\s*[0-9]+)?"
_ONE = rf"\s*(!\s*{_KEY}|{_KEY}{_WITH})\s*"
LABEL_SELECTOR = text(rf"({_ONE}(,{_ONE})*)?", "a selector such as app=shop,tier!=test")
_FIELD = "[A-Za-z][A-Za-z0-9._/-]*(==?|!=)[^,=\\\\]*"
FIELD_SELECTOR = text(rf"({_FIELD}(,{_FIELD})*)?", "a selector such as spec.nodeName=node-1")
