# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins in URLs (RFC 3986, userinfo) and secret parameters: where they are in settings, and texts without logins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from ansible_collections.longterm.metrics.plugins.module_utils import _plain_secrets

# A password may hold what must be escaped in it, as people write it; digits up to a slash are a port.
_URL = re.compile(
    r"(?P<start>(?:(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*:)?//)"
    r"(?P<login>[^\s/?#@:\[\]\"'<>]*:(?!\d{0,5}[/?#])[^\s@\"'<>]*(?:@[^\s/?#@\"'<>]*)*?|[^\s/?#@:\"'<>]+)"
    r"@(?=[^\s/?#@\"'<>]+(?:[\s/?#\"'<>]|$))"
)
# The same as the whole of a text and without a scheme, which some programs put before it.
_BARE = re.compile(
    r"(?!\S*://|(?:mailto|sips?|xmpp):)[^\s/:@]*:(?P<password>[^\s@]+)@(?!sha256:)(?P<host>[A-Za-z0-9.-]+(?::\d+)?)(?:/\S*)?"
)
# The same anywhere in a text.
_BARE_IN_TEXT = re.compile(
    r"(?<![\w/@.-])[^\s/:@\"'<>=,(]*:(?!\d{1,5}[/@]|//)[^\s@\"'<>/:]{3,}@(?!sha256:)(?P<host>[A-Za-z0-9.-]+)"
)
# Whatever stands before a host, however it is written.
_LOGIN = re.compile(r"(?:^|[^:/]|//):?[^\s:@/]*:((?!//)[^@]{3,})@", re.DOTALL)
# A URL or an absolute path with parameters.
_QUERY = re.compile(
    r"(?:^|(?<=[\s\"'<>(=,]))(?P<start>(?:[A-Za-z][A-Za-z0-9+.-]*://(?:[^\s/?#@\"'<>]*@)?|/|[A-Za-z0-9.-]+:\d+/)[^\s?#\"'<>@]*)"
    r"[?#](?P<query>[^\s\"'<>]+)"
)
# Signatures of clouds' presigned URLs.
_SIGNATURE = re.compile(r"^(x-(amz|goog)-(signature|credential|security-token)|sig|signature)$", re.IGNORECASE)
# Whoever knows these addresses may write there.
_HOOK = re.compile(
    r"https://(?P<host>hooks\.slack(?:-gov)?\.com(?=/(?:services|workflows|triggers)/\S)|(?:ptb\.|canary\.)?discord(?:app)?\.com(?=/api/webhooks/\S)"
    r"|open\.(?:feishu\.cn|larksuite\.com)(?=/open-apis/bot/v2/hook/\S)|qyapi\.weixin\.qq\.com(?=/cgi-bin/webhook/send\?\S*key=\w)"
    r"|api\.telegram\.org(?=/bot\S)|[\w-]+\.webhook\.office\.com(?=/\S))"
)
# What Grafana, Kubernetes or a template puts in later. A password may begin with $.
_REFERENCE = re.compile(r"\$__(file|env|vault)\{[^}]*\}|\$\{\w+\}|\$\(\w+\)|\{\{.*\}\}", re.DOTALL)
HIDDEN = "***"


def redacted(text: str) -> str:
    """The text with the user and password of each URL replaced."""
    return _URL.sub(rf"\g<start>{HIDDEN}@", text) if "@" in text else text


def hidden(text: str) -> str:
    """The text without passwords in URLs: in logins, among parameters, and in the paths of webhooks."""
    text = re.sub(rf"{_HOOK.pattern}/\S*", rf"https://\g<host>/{HIDDEN}", redacted(text))
    text = _QUERY.sub(lambda found: found[0] if not _is_secret_query(found["query"]) else f"{found['start']}?{HIDDEN}", text)
    return _BARE_IN_TEXT.sub(rf"{HIDDEN}@\g<host>", text)


def passwords(value: Any) -> set[str]:
    """The passwords of logins in nested values, as they may be repeated in pieces of these values."""
    if isinstance(value, dict):
        return set().union(*(passwords(part) for entry in value.items() for part in entry))
    if isinstance(value, list | tuple):
        return set().union(*map(passwords, value))
    return {found[1] for found in _LOGIN.finditer(value)} if isinstance(value, str) and "@" in value else set()


def redacted_values(value: Any) -> Any:
    """Nested values with all texts redacted, keys too."""
    if isinstance(value, dict):
        return {redacted_values(key): redacted_values(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [redacted_values(inner) for inner in value]
    return redacted(value) if isinstance(value, str) else value


def findings(name: str, value: Any) -> list[str]:
    """A sentence for each place in the variable `name` where a URL holds a password. A user alone is none.

    A password is in the login, among the parameters or, with some webhooks, in the path.
    """
    return [
        f"{path} has a password in the URL {shown}; take it out, and give it by a Secret." for path, shown in _found(name, value)
    ]


def _found(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _found(path, str(key))
            yield from _found(f"{path}.{redacted(str(key))}", inner)
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            yield from _found(f"{path}[{number}]", inner)
    elif isinstance(value, str):
        for match in _QUERY.finditer(value):
            if _is_secret_query(match["query"]):
                yield path, f"{redacted(match['start'])}?{HIDDEN}"
        if hook := _HOOK.search(value):
            yield path, f"https://{hook['host']}/{HIDDEN}"
        if "@" not in value:
            return
        if (bare := _BARE.fullmatch(value)) and not _REFERENCE.fullmatch(bare["password"]):
            yield path, f"{HIDDEN}@{bare['host']}"
        for match in _URL.finditer(value):
            password = match["login"].partition(":")[2]
            if password and not _REFERENCE.fullmatch(password):
                host = re.split(r"[\s/?#\"'<>]", value[match.end() :], maxsplit=1)[0]
                yield path, f"{match['start']}{HIDDEN}@{host}"


def _is_secret_query(query: str) -> bool:
    pairs = parse_qsl(query.replace("#", "&").replace("?", "&"))
    # A template may have blanks, which end a query.
    return any(_is_secret(key) and inner and not (_REFERENCE.fullmatch(inner) or inner.startswith("{{")) for key, inner in pairs)


def _is_secret(parameter: str) -> bool:
    return _plain_secrets.is_secret(parameter) or bool(_SIGNATURE.match(parameter))
