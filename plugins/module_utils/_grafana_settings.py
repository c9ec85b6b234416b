# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of Grafana that let in people without a login, or more people than were given one (grafana.ini, GF_ variables)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

# What the INI reader of Grafana takes for false; whatever else stands there may become true, a reference for example.
_FALSE = ("0", "f", "false", "n", "no", "off")

# Providers of accounts; those of _PUBLIC everybody has an account of, unless a setting bounds them.
_PUBLIC = ("github", "gitlab", "google", "grafana_com", "grafananet", "azuread")
_PROVIDERS = (*_PUBLIC, "generic_oauth", "okta", "jwt", "extended_jwt", "ldap")
_BOUNDS = ("allowed_domains", "allowed_groups", "allowed_organizations", "hosted_domain", "team_ids")

# By setting, the harmless values, and what any other does.
GUARDED: dict[str, tuple[tuple[str, ...], str]] = {
    "auth.anonymous.enabled": (_FALSE, "lets everybody in without a login"),
    "auth.anonymous.org_role": (("viewer",), "gives everybody without a login that role"),
    "auth.proxy.enabled": (_FALSE, "believes a header about who comes"),
    "auth.jwt.enabled": (_FALSE, "believes a token about who comes"),
    "auth.extended_jwt.enabled": (_FALSE, "believes a token about who comes"),
    "auth.oauth_allow_insecure_email_lookup": (
        _FALSE,
        "lets an account of another provider with the same e-mail address in as a user",
    ),
    # Of ini.v1: a section that leaves a setting out has that of the section above.
    "auth.enabled": (_FALSE, "is the default of all sections below auth"),
    "auth.allow_assign_grafana_admin": (_FALSE, "is the default of all sections below auth"),
    "auth.org_role": (("viewer",), "is the default of all sections below auth"),
    "users.allow_sign_up": (_FALSE, "lets everybody make an account"),
    "users.allow_org_create": (_FALSE, "lets every user make organizations"),
    "users.auto_assign_org_role": (("viewer", "none"), "gives every new user that role"),
    "users.viewers_can_edit": (_FALSE, "lets viewers edit and explore"),
    "snapshots.public_mode": (_FALSE, "lets everybody make snapshots without a login"),
    "snapshots.external_enabled": (_FALSE, "sends snapshots to a server elsewhere"),
    "public_dashboards.enabled": (_FALSE, "shows dashboards without a login"),
    "security.allow_embedding": (_FALSE, "lets other sites show Grafana in a frame"),
    "security.disable_initial_admin_creation": (_FALSE, "leaves Grafana without the administrator that is generated"),
    "panels.disable_sanitize_html": (_FALSE, "lets whoever edits a dashboard run scripts in the browsers of others"),
    "plugins.allow_loading_unsigned_plugins": (("",), "runs plugins that nobody has signed"),
    "security.disable_brute_force_login_protection": (_FALSE, "lets passwords be guessed"),
    **{
        f"auth.{provider}.allow_assign_grafana_admin": (_FALSE, "lets the provider make administrators of the server")
        for provider in _PROVIDERS
    },
}
_OF_PUBLIC = [f"auth.{provider}.{key}" for provider in _PUBLIC for key in ("enabled", *_BOUNDS)]
_ENVIRONMENT = {re.sub(r"[.-]", "_", f"gf_{name}"): name for name in (*GUARDED, *_OF_PUBLIC)}
_REMEDY = "take it out, or name it in grafana_unlocked_settings"
_QUOTES = re.compile(r"""^("{3}|'{3}|`|"|')(.*)\1$""", re.DOTALL)


def findings(variable: str, settings: Any, unlocked: Collection[str] = ()) -> list[str]:
    """What is wrong with settings by section, a sentence each. `unlocked` names guarded settings that may have any value."""
    if not isinstance(settings, Mapping):
        return [f"{variable} is no dictionary; it takes sections with settings, {{section: {{setting: value}}}}."]
    found, parsed = [], dict(_parsed(settings))
    for section, keys in settings.items():
        if not isinstance(keys, Mapping):
            found.append(f"{variable}.{section} is no section; it takes settings, {{section: {{setting: value}}}}.")
        elif broken := [f"{section}.{key}" for key, value in keys.items() if _breaks(section, key, value)]:
            found.append(f"{variable} has {', '.join(broken)} with a line break or a bracket, which would begin another setting.")
    return [*found, *_guarded(variable, parsed, unlocked), *_unbounded(variable, parsed, unlocked)]


def environment_findings(variable: str, names: Mapping[str, Any], unlocked: Collection[str] = ()) -> list[str]:
    """The same of environment variables of Grafana (GF_SECTION_KEY, also with __FILE), by name."""
    parsed = {
        _ENVIRONMENT[bare]: "?" if bare != name.lower() else _plain(value)
        for name, value in ((str(name), value) for name, value in names.items())
        if (bare := name.lower().removesuffix("__file")) in _ENVIRONMENT
    }
    return [*_guarded(variable, parsed, unlocked), *_unbounded(variable, parsed, unlocked)]


def unlocked_findings(variable: str, names: Collection[str]) -> list[str]:
    """What is wrong with a list of settings that may have any value."""
    known = [*GUARDED, *(f"auth.{provider}.enabled" for provider in _PUBLIC)]
    unknown = [str(name) for name in names if name not in known]
    return [f"{variable} has {', '.join(unknown)}; it takes {', '.join(known)}."] if unknown else []


def _guarded(variable: str, parsed: Mapping[str, str], unlocked: Collection[str]) -> list[str]:
    return [
        f"{variable} sets {name} to {parsed[name] or 'nothing'}, which {effect}; {_REMEDY}."
        for name, (_harmless, effect) in GUARDED.items()
        if name in parsed and name not in unlocked and _is_on(name, parsed[name])
    ]


def _unbounded(variable: str, parsed: Mapping[str, str], unlocked: Collection[str]) -> Iterator[str]:
    for provider in _PUBLIC:
        name = f"auth.{provider}.enabled"
        bounded = any(parsed.get(f"auth.{provider}.{bound}") for bound in _BOUNDS)
        if _is_on(name, parsed.get(name, "false")) and not bounded and name not in unlocked:
            yield f"{variable} sets {name} and none of {', '.join(_BOUNDS)}: everybody with an account there is let in. Set one."


def _is_on(name: str, value: str) -> bool:
    harmless = GUARDED[name][0] if name in GUARDED else _FALSE
    return value.lower() not in harmless


def _parsed(settings: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """Each setting as `section.key` in lower case, and its value without quotes, blanks and comment."""
    for section, keys in settings.items():
        if isinstance(keys, Mapping):
            for key, value in keys.items():
                yield f"{_plain(section)}.{_plain(key)}".lower(), _plain(value)


def _plain(value: Any) -> str:
    text = re.split(r"\s[;#]", str(value).strip(), maxsplit=1)[0].strip()
    quoted = _QUOTES.match(text)
    return quoted[2].strip() if quoted else text


def _breaks(section: Any, key: Any, value: Any) -> bool:
    names = f"{section}{key}"
    return any(mark in names for mark in "\n\r[]=") or any(mark in str(value) for mark in "\n\r")
