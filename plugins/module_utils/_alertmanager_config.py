# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alertmanager's configuration from the variables of its role; keys come from mounted Secrets and never stand in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager_rules as rules
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_formats import text, wrong
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_options import (
    CHILD_ROUTE,
    GLOBAL,
    INHIBIT_RULE,
    ROUTE,
    TIME_INTERVAL,
)
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_receivers import RECEIVERS
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_section import (
    UNKNOWN,
    Judge,
    Section,
    given_by,
    section,
)
from ansible_collections.longterm.metrics.plugins.module_utils._duration import seconds
from ansible_collections.longterm.metrics.plugins.module_utils._go_template import OWN, parse, texts

Settings = Mapping[str, Any]

# Receives nothing, and so says nothing.
NOBODY = "null"
# Where test_alert's alerts go, and nothing else.
TEST = "longterm-metrics-test"
TEST_MATCHER = 'longterm_metrics_test="true"'

# What Alertmanager takes where the root route has none.
DEFAULT_REPEAT = "4h"

# Further keys of the Secret that holds the configuration are mounted beside it.
TEMPLATES = "/etc/alertmanager/config/*.tmpl"
TEMPLATE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.tmpl")

_KINDS: dict[str, Any] = {kind: [options] for kind, options in RECEIVERS.items()}
RECEIVER = section(rules.need("name"), rules.receiver_labels, text="name", text_map="labels", alone="labels", **_KINDS)


class Configuration:
    """What the variables make: `config`, the names of the Secrets it needs, and the `problems` in the way, each in a sentence."""

    def __init__(self, variables: Settings) -> None:
        # Without an engine nothing is refused for the operator's sake.
        self.judge = Judge(operator=variables.get("engine") in ("operator", "helm"))
        self.problems = self.judge.problems
        self.secrets = self.judge.secrets
        self.receivers = [NOBODY, TEST]
        self.intervals: list[str] = []
        self.retention = variables.get("retention") or ""
        options = self.judge.mapping(GLOBAL, variables.get("global") or {}, "alertmanager_global")
        self.judge.inherited = {f"global.{name}": value for name, value in given_by(options).items()}
        receivers = self._receivers(variables.get("receivers", []), variables.get("test_webhook_url") or "")
        intervals = self._intervals(variables.get("time_intervals", []))
        self.config = {
            **({"global": options} if options else {}),
            "route": self._root(variables.get("route"), variables.get("routes", [])),
            "inhibit_rules": self.judge.listing(INHIBIT_RULE, variables.get("inhibit_rules", []), "alertmanager_inhibit_rules"),
            "receivers": receivers,
            **({"time_intervals": intervals} if intervals else {}),
            "templates": self._templates(variables.get("templates")),
        }
        self._called(variables)

    def _receivers(self, given: Any, test_url: str) -> list[dict[str, Any]]:
        test = {"webhook_configs": [{"url": test_url, "send_resolved": True}]} if test_url else {}
        made: list[dict[str, Any]] = [{"name": NOBODY}, {"name": TEST, **test}]
        for where, item in self.judge.items(given, "alertmanager_receivers"):
            receiver = self.judge.mapping(RECEIVER, item, where)
            self._name(receiver, where, self.receivers, "receiver")
            made.append({f"{name}_configs" if name in RECEIVER.lists else name: value for name, value in receiver.items()})
        return made

    def _intervals(self, given: Any) -> list[dict[str, Any]]:
        made = self.judge.listing(TIME_INTERVAL, given, "alertmanager_time_intervals")
        for number, interval in enumerate(made):
            self._name(interval, f"alertmanager_time_intervals[{number}]", self.intervals, "interval")
        return made

    def _name(self, made: Settings, where: str, names: list[str], what: str) -> None:
        """Note the name of a receiver or an interval."""
        name = made.get("name")
        if isinstance(name, str) and name in names:
            always = f"; {NOBODY} and {TEST} are always there" if name in (NOBODY, TEST) else ""
            self.judge.problem(where, f" has the name {name}, which another {what} has{always}")
        if isinstance(name, str):
            names.append(name)

    def _root(self, given: Any, routes: Any) -> dict[str, Any]:
        root = self._route(given or {}, "alertmanager_route", ROUTE)
        root.setdefault("receiver", NOBODY)
        if "repeat_interval" not in root:
            self._repeats(DEFAULT_REPEAT, "alertmanager_route.repeat_interval")
        # A group per alert: none waits for another one's interval.
        timing = {"group_by": ["..."], "group_wait": "0s", "group_interval": "1s", "repeat_interval": "1h"}
        test = {"receiver": TEST, "matchers": [TEST_MATCHER], **timing}
        # The Watchdogs always fire: after the routes given, so that one of them may take them to a dead man's switch.
        watchdog = {"receiver": NOBODY, "matchers": ['alertname=~"(Ruler)?Watchdog"']}
        return {**root, "routes": [test, *self._routes(routes, "alertmanager_routes"), watchdog]}

    def _routes(self, given: Any, where: str) -> list[dict[str, Any]]:
        return [self._route(route, place, CHILD_ROUTE) for place, route in self.judge.items(given, where)]

    def _route(self, given: Any, where: str, what: Section) -> dict[str, Any]:
        below = given.get("routes", []) if isinstance(given, Mapping) and what is CHILD_ROUTE else []
        if isinstance(given, Mapping):
            # YAML reads null as nothing.
            given = {name: NOBODY if name == "receiver" and value is None else value for name, value in given.items()}
        made = self.judge.mapping(what, given, where)
        self._known(made.get("receiver"), self.receivers, f"{where}.receiver", "the receivers are")
        for name in ("mute_time_intervals", "active_time_intervals"):
            for number, interval in enumerate(made.get(name) or () if made.get(name) is not UNKNOWN else ()):
                self._known(interval, self.intervals, f"{where}.{name}[{number}]", "alertmanager_time_intervals has")
        self._repeats(made.get("repeat_interval"), f"{where}.repeat_interval")
        if routes := self._routes(below, f"{where}.routes"):
            made["routes"] = routes
        return made

    def _known(self, name: Any, names: list[str], where: str, which: str) -> None:
        if isinstance(name, str) and name not in names:
            near = get_close_matches(name, names, 1)
            rest = f"did you mean {near[0]}?" if near else f"{which} {', '.join(names) or 'none'}"
            self.judge.problem(where, f" is {name or 'empty'}; {rest}")

    def _repeats(self, given: Any, where: str) -> None:
        """Alertmanager forgets what it sent after its retention, and would send it again."""
        repeat, retention = seconds(given), seconds(self.retention)
        if repeat and retention and repeat > retention:
            self.judge.problem(where, f" is {given}; must be at most alertmanager_retention, which is {self.retention}")

    def _templates(self, given: Any) -> list[str]:
        if not isinstance(given or {}, Mapping):
            self.judge.problem("alertmanager_templates", wrong(given, "a mapping"))
            return []
        for name, content in (given or {}).items():
            if not TEMPLATE.fullmatch(str(name)):
                self.judge.problem("alertmanager_templates", f" has the file {name}; its name must end in .tmpl, without a path")
            if words := text(content):
                self.judge.problem(f"alertmanager_templates.{name}", words)
        return [TEMPLATES] if given else []

    def _called(self, variables: Settings) -> None:
        """Templates that are called are there: amtool does not look, and a notification would fail."""
        files = {where: parse(content) for where, content in texts(variables.get("templates"), "alertmanager_templates")}
        defined = {name for template in files.values() for name in template.defines}
        called = {where: parse(content) for where, content in texts(variables.get("receivers"), "alertmanager_receivers")}
        for where, template in {**files, **called}.items():
            for name in sorted(template.calls - defined - template.defines):
                if not OWN.fullmatch(name) and not template.problem:
                    near = get_close_matches(name, defined, 1)
                    rest = (
                        f"did you mean {near[0]}?"
                        if near
                        else f"alertmanager_templates defines {', '.join(sorted(defined)) or 'none'}"
                    )
                    self.judge.problem(where, f" calls the template {name}; {rest}")
