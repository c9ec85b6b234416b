# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a mapping of Alertmanager's configuration may hold, and one judge for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager_formats as formats
from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager_times as times
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_secrets import Secrets

# The formats by which tables name options.
FORMATS: Mapping[str, formats.Format] = {
    **{name: getattr(formats, name) for name in (
        "text", "flag", "count", "integer", "duration", "interval", "timeout", "url", "proxy", "template_url", "host_port",
        "addresses", "anything", "group_by", "slack_url",
    )},
    "texts": formats.list_of(formats.text),
    "labels": formats.list_of(formats.label),
    "matchers": formats.list_of(formats.matcher),
    "text_map": formats.map_of(formats.text),
    "any_map": formats.map_of(formats.anything),
    "time": times.time,
    "location": times.location,
    "weekdays": formats.list_of(times.weekday),
    "days": formats.list_of(times.day_of_month),
    "months": formats.list_of(times.month),
    "years": formats.list_of(times.year),
    "tls_version": formats.one_of("TLS10", "TLS11", "TLS12", "TLS13"),
}  # fmt: skip

# The place of a value that has a problem of its own.
UNKNOWN = object()
# What is given, by name, where a secret counts by the name of what it replaces; the rest of a sentence, or "".
Rule = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Section:
    """The options of a mapping.

    `keys` are secrets that Alertmanager reads from files: `X` is given as `X_secret` and becomes `X_file`. `key_lists` are lists
    of them, with the names of the lists of files. `inline_keys` are secrets that it does not read from files. `alone` are the
    options that Prometheus Operator does not read.
    """

    options: Mapping[str, formats.Format]
    sections: Mapping[str, Section]
    lists: Mapping[str, Section]
    maps: Mapping[str, Section]
    keys: frozenset[str]
    key_lists: Mapping[str, str]
    inline_keys: frozenset[str]
    alone: frozenset[str]
    rules: Sequence[Rule] = field(default=())

    def names(self) -> set[str]:
        """All that may be given."""
        inner = self.sections.keys() | self.lists.keys() | self.maps.keys()
        return self.options.keys() | inner | self.key_lists.keys() | {f"{name}_secret" for name in self.keys}


def section(
    *rules: Rule,
    key: str = "",
    inline_key: str = "",
    alone: str = "",
    choice: Mapping[str, str] | None = None,
    key_lists: Mapping[str, str] | None = None,
    **options: str | Section | list[Section] | dict[str, Section],
) -> Section:
    """A section from a table: text names the options of a format, anything else is one option.

    That is a section, a list with one of what its items are, or a mapping with one of what its values are.
    """
    named = {name: given for name, given in options.items() if isinstance(given, str)}
    choices = {name: formats.one_of(*words.split()) for name, words in (choice or {}).items()}
    return Section(
        {**choices, **{name: FORMATS[which] for which, names in named.items() for name in names.split()}},
        {name: given for name, given in options.items() if isinstance(given, Section)},
        {name: given[0] for name, given in options.items() if isinstance(given, list)},
        {name: given["*"] for name, given in options.items() if isinstance(given, dict)},
        frozenset(key.split()),
        key_lists or {},
        frozenset(inline_key.split()),
        frozenset(alone.split()),
        rules,
    )


def given_by(made: Mapping[str, Any]) -> dict[str, Any]:
    """The options that say something, a secret by the name of what it replaces."""
    return {name.removesuffix("_file"): value for name, value in made.items() if value not in (None, "", {}, [])}


@dataclass
class Judge:
    """Judges mappings by their sections, and makes of them what Alertmanager reads."""

    operator: bool = False
    # What `global` holds, for rules that let options be there: `global.smtp_from`.
    inherited: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    secrets: Secrets = field(default_factory=Secrets)

    def problem(self, where: str, words: str) -> None:
        self.problems.append(f"{where}{words}" if words.endswith("?") else f"{where}{words}.")

    def mapping(self, what: Section, given: Any, where: str) -> dict[str, Any]:
        """The options as Alertmanager reads them; what is wrong is among the problems."""
        made: dict[str, Any] = {}
        if not isinstance(given, Mapping):
            self.problem(where, formats.wrong(given, "a mapping"))
            return made
        for name, value in given.items():
            made.update(self._option(what, str(name), value, f"{where}.{name}"))
        if both := sorted(name for name in what.keys if name in made and f"{name}_file" in made):
            self.problem(where, f" has {both[0]} and {both[0]}_secret; one of them is allowed")
        present = {**self.inherited, **given_by(made)}
        for rule in what.rules:
            if words := rule(present):
                self.problem(where, words)
        return made

    def listing(self, what: Section, given: Any, where: str) -> list[dict[str, Any]]:
        """The same for each of a list."""
        return [self.mapping(what, item, place) for place, item in self.items(given, where)]

    def items(self, given: Any, where: str) -> Iterable[tuple[str, Any]]:
        """The items of a list with their paths; a problem where it is none."""
        if isinstance(given, Sequence) and not isinstance(given, str):
            return [(f"{where}[{number}]", item) for number, item in enumerate(given)]
        self.problem(where, formats.wrong(given, "a list"))
        return []

    def _option(self, what: Section, name: str, value: Any, where: str) -> dict[str, Any]:
        """One option as Alertmanager reads it; one with a problem counts as given, and its value as unknown."""
        key = name.removesuffix("_secret") if name.removesuffix("_secret") in what.keys and name not in what.keys else ""
        target = f"{key}_file" if key else name
        if self.operator and target in what.alone:
            words = f" needs prometheus_engine standalone: Prometheus Operator does not read {target} here"
            self.problem(where, f"{words}; or use an AlertmanagerConfig object")
        elif key:
            return {target: self._file(value, where)}
        elif name in what.key_lists:
            return {what.key_lists[name]: [self._file(item, place) for place, item in self.items(value, where)]}
        elif name in what.sections and (name not in what.options or isinstance(value, Mapping)):
            return {name: self.mapping(what.sections[name], value, where)}
        elif name in what.lists:
            return {name: self.listing(what.lists[name], value, where)}
        elif name in what.maps and not (words := formats.map_of(lambda _item: "")(value)):
            return {name: {inner: self.mapping(what.maps[name], item, f"{where}.{inner}") for inner, item in value.items()}}
        elif name in what.maps:
            self.problem(where, words)
        elif name in what.options and not (words := what.options[name](value)):
            return {name: value}
        elif name in what.options:
            self.problem(where, words)
        elif name in what.keys:
            self.problem(where, f" would be readable in the manifests; put it into a Secret and name that in {name}_secret")
        elif name in what.inline_keys:
            self.problem(where, " is a key that Alertmanager does not read from a file; use another way to authenticate")
        else:
            self.unknown(name, what.names(), where.removesuffix(f".{name}"))
            return {}
        return {target: UNKNOWN}

    def _file(self, given: Any, where: str) -> str:
        path, words = self.secrets.path(given)
        if words:
            self.problem(where, words)
        return path

    def unknown(self, name: str, known: Iterable[str], where: str) -> None:
        """A problem: an option that there is not."""
        near = get_close_matches(name, sorted(known), 1)
        rest = f"did you mean {near[0]}?" if near else f"it takes {', '.join(sorted(known))}"
        self.problem(where, f" has the unknown option {name}; {rest}")
