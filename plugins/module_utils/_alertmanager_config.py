# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alertmanager's configuration from the variables of its role; keys come from mounted Secrets and never stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_matchers import is_matcher
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_options import (
    CHILD_ROUTE,
    GLOBAL,
    INHIBIT_RULE,
    RECEIVERS,
    ROUTE,
    Section,
)

Settings = Mapping[str, Any]

# Receives nothing, and so says nothing.
NOBODY = "null"
# Where test_alert's alerts go, and nothing else.
TEST = "longterm-metrics-test"
TEST_MATCHER = 'longterm_metrics_test="true"'

SECRETS = "/etc/alertmanager/secrets"
# Further keys of the Secret that holds the configuration are mounted beside it.
TEMPLATES = "/etc/alertmanager/config/*.tmpl"

DURATIONS = ("group_wait", "group_interval", "repeat_interval")

DURATION = re.compile(r"(\d+(ms|[smhdwy]))+|0")
SECRET_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
SECRET_KEY = re.compile(r"[A-Za-z0-9._-]+")


class Configuration:
    """What the variables make: `config`, the names of the Secrets it needs, and the `problems` in the way, each in a sentence."""

    def __init__(self, variables: Settings) -> None:
        self.problems: list[str] = []
        self.secrets: set[str] = set()
        self.receivers = [NOBODY, TEST]
        self.intervals: list[str] = []
        self.global_options = self._settings(GLOBAL, variables.get("global") or {}, "alertmanager_global")
        receivers = self._receivers(variables.get("receivers"), variables.get("test_webhook_url") or "")
        intervals = self._intervals(variables.get("time_intervals"))
        self.config = {
            **({"global": self.global_options} if self.global_options else {}),
            "route": self._root(variables.get("route"), variables.get("routes")),
            "inhibit_rules": self._inhibit_rules(variables.get("inhibit_rules")),
            "receivers": receivers,
            **({"time_intervals": intervals} if intervals else {}),
            "templates": self._templates(variables.get("templates")),
        }

    def _problem(self, where: str, words: str) -> None:
        self.problems.append(f"{where} {words}.")

    def _items(self, given: Any, where: str, known: Iterable[str] | None = None) -> list[tuple[str, Settings]]:
        """Where each item of a list of mappings stands, and the item; what is none is a problem, and so are unknown options."""
        if isinstance(given, str) or not isinstance(given, Sequence | None):
            self._problem(where, "must be a list")
            return []
        items = [(f"{where}[{number}]", item) for number, item in enumerate(given or ())]
        return [(place, item) for place, item in items if self._is_mapping(item, place, known)]

    def _is_mapping(self, given: Any, where: str, known: Iterable[str] | None = None) -> bool:
        if not isinstance(given, Mapping):
            self._problem(where, "must be a mapping")
            return False
        if known is not None:
            self._unknown(set(given) - set(known), where, known)
        return True

    def _unknown(self, names: Iterable[str], where: str, known: Iterable[str]) -> None:
        for name in sorted(names):
            self._problem(where, f"has the unknown option {name}; it takes {', '.join(sorted(known))}")

    def _receivers(self, given: Any, test_url: str) -> list[dict[str, Any]]:
        test = {"webhook_configs": [{"url": test_url, "send_resolved": True}]} if test_url else {}
        made: list[dict[str, Any]] = [{"name": NOBODY}, {"name": TEST, **test}]
        for where, receiver in self._items(given, "alertmanager_receivers", {"name", *RECEIVERS}):
            name = receiver.get("name")
            if not name or not isinstance(name, str):
                self._problem(where, "has no name")
                continue
            if name in self.receivers:
                self._problem(where, f"has the name {name}, which another receiver has; {NOBODY} and {TEST} are always there")
            self.receivers.append(name)
            made.append({"name": name})
            for kind in (kind for kind in RECEIVERS if kind in receiver):
                entries = self._items(receiver[kind], f"{where} ({name}) {kind}")
                made[-1][f"{kind}_configs"] = [self._notifier(kind, item, place) for place, item in entries]
        return made

    def _notifier(self, kind: str, given: Settings, where: str) -> dict[str, Any]:
        made = self._settings(RECEIVERS[kind], given, where)
        for choice in RECEIVERS[kind].required:
            inherited = {f"{RECEIVERS[kind].inherits}_{name}" for name in choice} & self.global_options.keys()
            found = [name for name in choice if name in made]
            if len(found) > 1 or not (found or inherited):
                names = " or ".join(re.sub("_file$", "_secret", name) for name in choice)
                self._problem(where, f"needs {names}{', not both' if found else ''}")
        if "@" in str(made.get("url", "")).partition("://")[2].partition("/")[0]:
            self._problem(f"{where}.url", "holds a password; put the URL into a Secret and name that in url_secret")
        return made

    def _settings(self, section: Section, given: Any, where: str) -> dict[str, Any]:
        """The options as Alertmanager reads them: `key_secret: {name, key}` becomes `key_file`, the path of that Secret's key."""
        made: dict[str, Any] = {}
        if not self._is_mapping(given, where):
            return made
        for name, value in given.items():
            hidden = name.removesuffix("_secret") if name not in section.secrets else name
            if name in section.sections:
                made[name] = self._settings(section.sections[name], value, f"{where}.{name}")
            elif name in section.options:
                made[name] = value
            elif name in section.secrets:
                words = f"would stand readable in the manifests; put it into a Secret, and name that in {name}_secret"
                self._problem(f"{where}.{name}", words)
            elif hidden in section.secrets:
                made[f"{hidden}_file"] = self._file(value, f"{where}.{name}")
            else:
                known = section.options | section.sections.keys() | {f"{secret}_secret" for secret in section.secrets}
                self._unknown([name], where, known)
        return made

    def _file(self, given: Any, where: str) -> str:
        reference = given if isinstance(given, Mapping) and set(given) == {"name", "key"} else {"name": "", "key": ""}
        name, key = str(reference["name"]), str(reference["key"])
        if not SECRET_NAME.fullmatch(name) or not SECRET_KEY.fullmatch(key):
            self._problem(where, "must name a key of a Secret of the namespace: {name: ..., key: ...}")
        self.secrets.add(name)
        return f"{SECRETS}/{name}/{key}"

    def _intervals(self, given: Any) -> list[dict[str, Any]]:
        made = []
        for where, interval in self._items(given, "alertmanager_time_intervals", {"name", "time_intervals"}):
            name = interval.get("name")
            if not name or name in self.intervals:
                self._problem(where, f"has the name {name}, which another interval has" if name else "has no name")
            self.intervals.append(str(name))
            made.append(dict(interval))
        return made

    def _root(self, given: Any, routes: Any) -> dict[str, Any]:
        root = self._route(given or {}, "alertmanager_route", ROUTE)
        root.setdefault("receiver", NOBODY)
        # A group per alert: none waits for another one's interval.
        timing = {"group_by": ["..."], "group_wait": "0s", "group_interval": "1s", "repeat_interval": "1h"}
        test = {"receiver": TEST, "matchers": [TEST_MATCHER], **timing}
        # The Watchdog always fires: after the routes given, so that one of them may take it to a dead man's switch.
        watchdog = {"receiver": NOBODY, "matchers": ['alertname="Watchdog"']}
        return {**root, "routes": [test, *self._routes(routes, "alertmanager_routes"), watchdog]}

    def _routes(self, given: Any, where: str) -> list[dict[str, Any]]:
        return [self._route(route, place, CHILD_ROUTE) for place, route in self._items(given, where)]

    def _route(self, given: Any, where: str, known: Iterable[str]) -> dict[str, Any]:
        if not self._is_mapping(given, where, known):
            return {}
        made = dict(given)
        if "receiver" in made:
            # YAML reads null as nothing.
            made["receiver"] = made["receiver"] or NOBODY
            if made["receiver"] not in self.receivers:
                self._problem(f"{where}.receiver", f"is {made['receiver']}; the receivers are {', '.join(self.receivers)}")
        for name in (name for name in DURATIONS if name in made):
            if not DURATION.fullmatch(str(made[name])) or (name != "group_wait" and not str(made[name]).strip("0smhdwy")):
                self._problem(f"{where}.{name}", f"is {made[name]}; a duration like 30s, 5m or 12h is allowed")
        for name in ("mute_time_intervals", "active_time_intervals"):
            for interval in made.get(name) or ():
                if interval not in self.intervals:
                    names = ", ".join(self.intervals) or "none, see alertmanager_time_intervals"
                    self._problem(f"{where}.{name}", f"names {interval}; the intervals are {names}")
        if "group_by" in made and "..." in made["group_by"] and len(made["group_by"]) > 1:
            self._problem(f"{where}.group_by", "has ... beside other labels; ... alone already means all of them")
        self._matchers(made, "matchers", where)
        if "routes" in made:
            made["routes"] = self._routes(made["routes"], f"{where}.routes")
        return made

    def _matchers(self, given: Settings, name: str, where: str) -> None:
        matchers = given.get(name) or []
        if isinstance(matchers, str) or not isinstance(matchers, Sequence):
            self._problem(f"{where}.{name}", "must be a list")
            return
        for matcher in matchers:
            if not is_matcher(str(matcher)):
                example = 'a label, one of = != =~ !~, and a value make one, such as severity="critical"'
                self._problem(f"{where}.{name}", f"has the malformed matcher {matcher}; {example}")

    def _inhibit_rules(self, given: Any) -> list[dict[str, Any]]:
        made = []
        for where, rule in self._items(given, "alertmanager_inhibit_rules", INHIBIT_RULE):
            for name in ("source_matchers", "target_matchers"):
                if not rule.get(name):
                    self._problem(where, f"has no {name}; it would concern every alert")
                self._matchers(rule, name, where)
            made.append(dict(rule))
        return made

    def _templates(self, given: Any) -> list[str]:
        if given and self._is_mapping(given, "alertmanager_templates"):
            for name in given:
                if not name.endswith(".tmpl") or not SECRET_KEY.fullmatch(name):
                    self._problem("alertmanager_templates", f"has the file {name}; its name must end in .tmpl, without a path")
        return [TEMPLATES] if given else []
