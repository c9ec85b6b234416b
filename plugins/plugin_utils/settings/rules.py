# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of a role: what `meta/constraints.yml` says beside `meta/argument_specs.yml`.

    when: alertmanager_enabled and metrics_state != 'absent'
    formats:
      alertmanager_storage: quantity
      alertmanager_routes[].receiver: text
    rules:
      - [alertmanager_replicas, alertmanager_replicas % 2 == 1, must be odd so that a majority decides.]
    problems:
      - alertmanager_receivers | receiver_problems

`when`, rules and problems are Jinja expressions over the converted variables of all roles of the play. A rule about a list
(`name[]`) or a dictionary (`name.*` its values, `name.~` its keys) is asked of each entry, as `item`. The filters and tests are
those of this package, and formats are tests: `prometheus_external_url is url`. A problem is an expression that gives sentences.
A rule about a variable of a role that is not in the play is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.formats import FORMATS, FormatUse
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.vocabulary import FILTERS, TESTS
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.words import shown, stated

_STEP = re.compile(r"\[\]|\.([^.\[]+)")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Rule:
    """`message` ends the sentence "X is V; must be ..."; {name} in it is the value of another variable."""

    variable: str
    expression: str
    message: str


@dataclass(frozen=True)
class Constraints:
    role: str
    when: str = "true"
    formats: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    problems: tuple[str, ...] = ()

    @classmethod
    def read(cls, role: str, path: Path, load: Callable[[Path], Any]) -> Constraints:
        declared = (load(path) or {}) if path.exists() else {}
        strange = set(declared) - {"when", "formats", "rules", "problems"}
        if strange:
            raise MetricsError(f"{path} has {', '.join(sorted(strange))}; it takes when, formats, rules and problems.")
        rules = tuple(Rule(*map(str, rule)) for rule in declared.get("rules", []))
        when = str(declared.get("when", "true"))
        return cls(role, when, declared.get("formats", {}), rules, tuple(declared.get("problems", [])))

    @cached_property
    def uses(self) -> list[tuple[str, FormatUse]]:
        return [(variable, FormatUse.read(text)) for variable, text in self.formats.items()]

    def allowed(self, variable: str) -> str:
        """What the format of a variable allows, or empty."""
        return FormatUse.read(self.formats[variable]).allowed if variable in self.formats else ""


@dataclass
class Play:
    """The variables of a play, converted. `refused` are those with a finding already, which no rule is asked about;
    `elsewhere` those of roles that are not in the play."""

    values: dict[str, Any]
    refused: set[str]
    elsewhere: Collection[str]

    def ask(self, expression: str, **more: Any) -> Any:
        """What an expression is; None where it cannot be asked here."""
        names = _names(expression)
        if names & self.refused:
            return None
        try:
            result = _compiled(expression)(**self.values, **more)
            if isinstance(result, jinja2.Undefined):
                result._fail_with_undefined_error()
            return result
        except jinja2.UndefinedError:
            if (names - set(self.values)) & set(self.elsewhere):
                return None
            raise


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    environment.filters.update(FILTERS)
    environment.tests.update(TESTS)
    environment.tests.update({name: _as_test(name) for name in FORMATS})
    return environment


def _as_test(name: str) -> Callable[..., bool]:
    return lambda value, argument=None: FormatUse(name, argument).fits(value)


@cache
def _compiled(expression: str) -> Callable[..., Any]:
    return _environment().compile_expression(expression, undefined_to_none=False)


@cache
def _names(expression: str) -> set[str]:
    return jinja2.meta.find_undeclared_variables(_environment().parse(f"{{{{ {expression} }}}}"))


def judge(roles: Collection[Constraints], play: Play) -> Iterator[str]:
    """Findings: all formats first, for a rule cannot compare what has none."""
    asked = [role for role in roles if play.ask(role.when)]
    for role in asked:
        yield from _misformed(role, play)
    unanswered: list[_Unanswered] = []
    named = play.refused
    for role in asked:
        for finding in _broken(role, play):
            if isinstance(finding, _Unanswered):
                unanswered.append(finding)
            else:
                named = named | {root(finding.partition(" ")[0])}
                yield finding
    # An expression may stumble over what another one has already found.
    yield from (one.stated() for one in unanswered if not _names(one.expression) & named)


def _misformed(role: Constraints, play: Play) -> Iterator[str]:
    for variable, use in role.uses:
        misformed = [entry for entry in entries(variable, play.values) if not _fits(use, entry.value)]
        if misformed and root(variable) not in play.refused:
            yield from (entry.stated(f"must be {use.allowed}.") for entry in misformed)
            play.refused.add(root(variable))


def _fits(use: FormatUse, value: Any) -> bool:
    """Whether the value fits; one that the format cannot read does not."""
    try:
        return use.fits(value)
    except (ArithmeticError, ValueError):
        return False


def _broken(role: Constraints, play: Play) -> Iterator[str | _Unanswered]:
    for rule in role.rules:
        for entry in entries(rule.variable, play.values) if root(rule.variable) not in play.refused else ():
            try:
                holds = play.ask(rule.expression, item=entry.value)
            except Exception as error:
                yield _Unanswered(role.role, rule.expression, error)
                continue
            if holds is not None and not holds:
                yield entry.stated(_filled(rule.message, play))
    for expression in role.problems:
        try:
            yield from play.ask(expression) or ()
        except Exception as error:
            yield _Unanswered(role.role, expression, error)


def _filled(message: str, play: Play) -> str:
    def value(name: str) -> str:
        given = play.values.get(name)
        return ", ".join(map(shown, given)) if isinstance(given, list) else shown(given)

    return _PLACEHOLDER.sub(lambda found: value(found[1]) if found[1] in play.values else found[0], message)


@dataclass(frozen=True)
class _Unanswered:
    role: str
    expression: str
    error: Exception

    def stated(self) -> str:
        return f"Role {self.role}: the rule {self.expression!r} cannot be evaluated: {type(self.error).__name__}: {self.error}"


@dataclass(frozen=True)
class Entry:
    """What a rule is about: a value and its path, `name[0].key`, or a key of the dictionary at that path."""

    path: str
    value: Any
    is_key: bool = False

    def stated(self, message: str) -> str:
        return stated(self.path, self.value, message, "has" if self.is_key else "is")


def entries(variable: str, values: Mapping[str, Any]) -> list[Entry]:
    """The entries that `name[].key`, `name.*` or `name.~` stands for."""
    start = root(variable)
    found = [Entry(start, values[start])] if start in values else []
    for step in _STEP.finditer(variable, len(start)):
        found = [further for entry in found for further in _step(entry, step[1])]
    return found


def root(path: str) -> str:
    """The variable that a path begins with."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _step(entry: Entry, key: str | None) -> Iterator[Entry]:
    path, value = entry.path, entry.value
    if key is None:
        yield from (Entry(f"{path}[{number}]", inner) for number, inner in enumerate(value if isinstance(value, list) else []))
    elif isinstance(value, Mapping):
        if key == "~":
            yield from (Entry(path, name, is_key=True) for name in value)
        elif key == "*":
            yield from (Entry(f"{path}.{name}", inner) for name, inner in value.items())
        elif key in value:
            yield Entry(f"{path}.{key}", value[key])
