# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All settings of a play, judged at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.longterm.metrics.plugins.module_utils import _url_logins
from ansible_collections.longterm.metrics.plugins.module_utils._objects import LARGEST
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import types
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.rules import Constraints, Play, judge
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.words import nearest

ROLES = Path(__file__).parents[3] / "roles"
# The role whose variables all others read; they begin with `metrics_`.
SHARED = "common"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Role:
    """What a role declares: the options of its argument spec, and its constraints."""

    name: str
    options: Mapping[str, types.Option]
    constraints: Constraints

    @property
    def prefix(self) -> str:
        return "metrics_" if self.name == SHARED else f"{self.name}_"


@dataclass
class Judgement:
    """`converted` are the values whose type says otherwise than what was given; `findings` what is wrong, a sentence each."""

    converted: dict[str, Any] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(), Loader=_LOADER)


@cache
def role(name: str) -> Role:
    meta = ROLES / name / "meta"
    spec = _load(meta / "argument_specs.yml")["argument_specs"]["main"]
    return Role(name, spec.get("options") or {}, Constraints.read(name, meta / "constraints.yml", _load))


def every_role() -> list[str]:
    return sorted(path.parts[-3] for path in ROLES.glob("*/meta/argument_specs.yml"))


def settle(
    judged: Collection[str], present: Collection[str], names: Collection[str], resolve: Callable[[str], Any], **more: Any
) -> Judgement:
    """Judge the settings of the roles `judged`, of a play with the roles `present`.

    `names` are all variables that there are; `resolve` gives the value of one of them, or raises what is wrong with it as a
    ValueError. `more` is for rules that look beyond one host.
    """
    made = Judgement()
    refused: set[str] = set()
    values: dict[str, Any] = {}
    for each in map(role, every_role()):
        for name, option in each.options.items():
            if name in names:
                findings = _convert(name, option, each, resolve, values, made)
            else:
                findings = [f"{name} is not set; the role {each.name} needs it."] if option.get("required") else []
            if findings:
                refused.add(name)
            if each.name in judged:
                made.findings.extend(findings)
    elsewhere = {name for other in every_role() if other not in present for name in role(other).options}
    made.findings.extend(_strange(names, values))
    play = Play({**values, "others": [], "playbook_state": values.get("metrics_state"), **more}, refused, elsewhere)
    play.values["images"] = sorted(_images(map(role, present), play))
    made.findings.extend(judge([role(name).constraints for name in judged], play))
    made.findings = [*_without_passwords(made.findings, values)]
    return made


def _without_passwords(findings: list[str], values: Mapping[str, Any]) -> Iterator[str]:
    """The findings without logins, and without the passwords of refused variables, which another may have taken over."""
    refused = [value for name, value in values.items() if any(finding.startswith(name) for finding in findings)]
    secrets = sorted(_url_logins.passwords(refused), key=len, reverse=True)
    for finding in map(_url_logins.redacted, findings):
        for secret in secrets:
            finding = finding.replace(secret, _url_logins.HIDDEN)
        yield finding


def _images(roles: Iterable[Role], play: Play) -> Iterator[str]:
    """The images of the roles that are on."""
    for each in roles:
        if play.ask(each.constraints.when):
            yield from (str(play.values[name]) for name in each.options if name.endswith("_image") and name in play.values)
            if "object_store_images" in each.options and "object_store_images" not in play.refused:
                yield from map(str, play.values.get("object_store_images", {}).values())


def _convert(
    name: str, option: types.Option, of: Role, resolve: Callable[[str], Any], values: dict[str, Any], made: Judgement
) -> list[str]:
    """Add the value of a variable to `values`; the findings."""
    findings: list[str] = []
    format_of_it = of.constraints.allowed(name)
    try:
        given = types.plain(resolve(name))
    except ValueError as error:
        return [f"{name} {error}"]
    values[name] = types.convert(name, given, {**option, "format": format_of_it}, findings)
    seen = repr(values[name])
    if seen != repr(given):
        made.converted[name] = values[name]
    # Most settings are short, and need no second look; a character has at most four bytes.
    if len(seen) > LARGEST // 4 and (size := types.size(values[name])) > LARGEST:
        return [f"{name} has {size} bytes of text; must be at most {LARGEST}: one ConfigMap or Secret holds no more."]
    return findings or _url_logins.findings(name, values[name])


def _strange(names: Collection[str], values: Mapping[str, Any]) -> Iterator[str]:
    """Names that begin like variables of a role, and are none."""
    roles = [role(name) for name in every_role()]
    known = {name for each in roles for name in each.options}
    prefixes = tuple(each.prefix for each in roles)
    others = values.get("metrics_other_variables")
    allowed = {each for each in others if isinstance(each, str)} if isinstance(others, list) else set()
    for name in sorted(set(names) - known - allowed):
        if name.startswith(prefixes):
            yield f"{name} is not a variable of any role{nearest(name, sorted(known)) or '.'}"
