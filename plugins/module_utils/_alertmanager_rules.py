# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What options of one mapping of Alertmanager's configuration say about each other.

A rule takes the options that are given, a secret by the name of what it replaces, and returns the rest of a sentence or "". A
value that has a problem of its own is an object without any meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _http_headers

Given = Mapping[str, Any]
Rule = Callable[[Given], str]

# No key, unlike any other URL of Slack.
SLACK_API = "https://slack.com/api/chat.postMessage"


def need(names: str, inherited: str = "") -> Rule:
    """One of `names`, or in `global` one of `inherited`."""

    def judge(given: Given) -> str:
        if any(_base(name) in given for name in names.split()) or any(
            f"global.{_base(name)}" in given for name in inherited.split()
        ):
            return ""
        elsewhere = f", or {' or '.join(inherited.split())} in alertmanager_global" if inherited else ""
        return f" needs {' or '.join(names.split())}{elsewhere}"

    return judge


def only_one(names: str) -> Rule:
    """At most one of `names`."""

    def judge(given: Given) -> str:
        found = [name for name in names.split() if given.get(_base(name), False) is not False]
        return f" has {' and '.join(found)}; one of them is allowed" if len(found) > 1 else ""

    return judge


def together(names: str) -> Rule:
    """All of `names`, or none."""

    def judge(given: Given) -> str:
        missing = [name for name in names.split() if _base(name) not in given]
        return f" has no {' and no '.join(missing)}" if 0 < len(missing) < len(names.split()) else ""

    return judge


def requires(name: str, other: str) -> Rule:
    """`name` only beside `other`."""
    return lambda given: f" has {name} without {other}" if given.get(name) and not given.get(other) else ""


def authorization_type(given: Given) -> str:
    basic = str(given.get("type", "")).strip().lower() == "basic"
    return " has the type basic, which takes a user name and a password; use basic_auth" if basic else ""


def tls_versions(given: Given) -> str:
    lowest, highest = given.get("min_version"), given.get("max_version")
    backwards = isinstance(lowest, str) and isinstance(highest, str) and lowest > highest
    return f" has min_version {lowest} above max_version {highest}" if backwards else ""


def times(given: Given) -> str:
    start, end = given.get("start_time"), given.get("end_time")
    backwards = isinstance(start, str) and isinstance(end, str) and start >= end
    return f" starts at {start} and ends at {end}; use two ranges to cross midnight" if backwards else ""


def headers(given: Given) -> str:
    """Of `http_headers`: none that is reserved, and only what may be a header."""
    names = sorted(given["http_headers"]) if _is_map(given, "http_headers") else []
    if found := [name for name in names if _http_headers.is_reserved(name)]:
        return f".http_headers has {', '.join(found)}, which the client sets itself"
    return _no_headers(".http_headers", names)


def mail_headers(given: Given) -> str:
    """Of an e-mail: no header twice, and none that threading sets."""
    names = [name.lower() for name in given.get("headers", ()) if isinstance(name, str)] if _is_map(given, "headers") else []
    if words := _no_headers(".headers", sorted(names)):
        return words
    if twice := sorted({name for name in names if names.count(name) > 1}):
        return f".headers has {', '.join(twice)} more than once: upper and lower case are the same"
    threading = given.get("threading")
    taken = (
        sorted({"references", "in-reply-to"} & set(names)) if isinstance(threading, Mapping) and threading.get("enabled") else []
    )
    return f".headers has {', '.join(taken)}, which threading.enabled sets" if taken else ""


def _no_headers(where: str, names: list[str]) -> str:
    found = [name for name in names if not _http_headers.is_name(name)]
    return f"{where} has {found[0] or 'an empty name'}; must be the name of a header such as X-Scope-OrgID" if found else ""


def mail_login(given: Given) -> str:
    """A user name and a password or secret, here or in `global`: Alertmanager does not log in with one of them alone."""
    user, password, secret = (
        name in given or f"global.smtp_{name}" in given for name in ("auth_username", "auth_password", "auth_secret")
    )
    if user and not (password or secret):
        return " has auth_username and no auth_password_secret or auth_secret_secret, so Alertmanager could not log in"
    if not user and (password or secret):
        return (
            f" has {'auth_password' if password else 'auth_secret'}_secret and no auth_username, so Alertmanager would not log in"
        )
    return ""


def incidentio_key(given: Given) -> str:
    """A token, or an authorization of its own."""
    http = given.get("http_config")
    authorized = isinstance(http, Mapping) and "authorization" in http
    if authorized == ("alert_source_token" in given):
        return f" needs alert_source_token_secret or http_config.authorization{', not both' if authorized else ''}"
    return ""


def webex_key(given: Given) -> str:
    http = given.get("http_config")
    return (
        ""
        if isinstance(http, Mapping) and "authorization" in http
        else " needs http_config.authorization with credentials_secret"
    )


def slack_app(given: Given) -> str:
    """One way to authenticate: a URL that is a key, the token of an app, or an authorization of its own."""
    own = given.get("http_config", given.get("global.http_config"))
    authorized = isinstance(own, Mapping) and "authorization" in own
    inherits_token = "app_token" not in given and "global.slack_app_token" in given and given.get("api_url") != SLACK_API
    if authorized and "app_token" in given:
        return " has app_token_secret and http_config.authorization; one of them is allowed"
    if inherits_token and "api_url" in given and not authorized:
        return " has api_url_secret, but slack_app_token_secret in alertmanager_global would be taken"
    if (given.get("api_url") == SLACK_API and not authorized) or (
        given.get("update_message") is True and given.get("api_url") != SLACK_API
    ):
        return f" needs api_url: {SLACK_API} and http_config.authorization, by which alone messages are updated"
    return ""


def receiver_labels(given: Given) -> str:
    labels, name = given.get("labels"), given.get("name")
    other = isinstance(labels, Mapping) and isinstance(name, str) and labels.get("name", name) != name
    return f".labels.name is {labels['name']}; must be the name of the receiver" if other and isinstance(labels, Mapping) else ""


def slack_action(given: Given) -> str:
    return "" if "url" in given or "name" in given else " needs url or name"


def jira_texts(given: Given) -> str:
    """Alertmanager's parser takes these texts for nothing, in quotes too, and then fails."""
    found = [name for name in ("summary", "description") if given.get(name) in ("null", "~")]
    return f".{found[0]} is {given[found[0]]}, which Alertmanager cannot read as text" if found else ""


def victorops_fields(given: Given) -> str:
    fixed = {
        "routing_key",
        "message_type",
        "state_message",
        "entity_display_name",
        "monitoring_tool",
        "entity_id",
        "entity_state",
    }
    found = sorted(fixed & set(given["custom_fields"])) if _is_map(given, "custom_fields") else []
    return f".custom_fields has {', '.join(found)}, which VictorOps has itself" if found else ""


def responder_type(given: Given) -> str:
    kind = given.get("type", "")
    known = ("team", "teams", "user", "escalation", "schedule")
    if not isinstance(kind, str) or "{{" in kind or kind.lower() in known:
        return ""
    return f".type is {kind or 'empty'}; must be one of {', '.join(known)}"


def _base(name: str) -> str:
    """What a secret replaces."""
    return name.removesuffix("_secret")


def _is_map(given: Given, name: str) -> bool:
    return isinstance(given.get(name), Mapping)
