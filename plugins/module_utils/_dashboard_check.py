# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every query of every dashboard asked, and what came back held against what may be empty."""

from __future__ import annotations

import fnmatch
import functools
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._dashboard_variables import Filled, VariableError, fill, resolve
from ansible_collections.longterm.metrics.plugins.module_utils._dashboards import Dashboard, Query
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, may_pass
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Prometheus

Connect = Callable[[], AbstractContextManager[Endpoint]]

AT_ONCE = 8
# Labels of series that ended before are not what a dashboard shows now.
PERIOD = 3600.0


@dataclass(frozen=True)
class Allowance:
    """Panels that may be empty, by patterns of the titles of dashboard and panel, and why; `transient` if only at times."""

    dashboard: str
    panel: str
    reason: str
    transient: bool = False

    def covers(self, query: Query) -> bool:
        return fnmatch.fnmatchcase(query.dashboard, self.dashboard) and fnmatch.fnmatchcase(query.panel, self.panel)


@dataclass(frozen=True)
class Outcome:
    """What became of a query: `asked` is its text, none when a variable could not be filled; `answer` is why it failed."""

    asked: str = ""
    empty: bool = False
    answer: str = ""
    final: bool = False


@dataclass
class Report:
    """What became of every query."""

    allowances: list[Allowance]
    outcomes: dict[Query, Outcome] = field(default_factory=dict)

    def allowed(self, query: Query) -> Allowance | None:
        return next((allowance for allowance in self.allowances if allowance.covers(query)), None)

    def is_fine(self, query: Query) -> bool:
        outcome = self.outcomes.get(query)
        return outcome is not None and not outcome.answer and (not outcome.empty or self.allowed(query) is not None)

    def result(self) -> dict[str, Any]:
        """The module's return values."""
        empty, failing = [], []
        for query, outcome in self.outcomes.items():
            name = {"dashboard": query.dashboard, "panel": query.panel, "query": outcome.asked or query.expression}
            if outcome.answer:
                failing.append({**name, "answer": outcome.answer})
            elif outcome.empty:
                allowance = self.allowed(query)
                empty.append({**name, "reason": allowance.reason if allowance else ""})
        titles = list(dict.fromkeys(query.dashboard for query in self.outcomes))
        return {"checked": len(self.outcomes), "dashboards": titles, "empty": empty, "failing": failing}

    def findings(self) -> list[str]:
        """What is not fine; a variable that cannot be filled is told once for its dashboard."""
        found = []
        for query, outcome in self.outcomes.items():
            if outcome.answer and not outcome.asked:
                found.append(f"{query.dashboard}: {outcome.answer}")
            elif not self.is_fine(query):
                said = outcome.answer or f"no data for {outcome.asked!r}"
                found.append(f"{query.dashboard} / {query.panel}: {said}")
        return list(dict.fromkeys(found))

    def unneeded(self) -> list[str]:
        """Allowances for panels of which none is empty any more; those of dashboards that are not here are left alone."""
        return [
            f"allowed_empty: {allowance.dashboard} / {allowance.panel} is not needed: no such panel is empty."
            for allowance in self.allowances
            if not allowance.transient
            and any(fnmatch.fnmatchcase(query.dashboard, allowance.dashboard) for query in self.outcomes)
            and not any(outcome.empty and allowance.covers(query) for query, outcome in self.outcomes.items())
        ]


def check(connect: Connect, dashboards: Iterable[Dashboard], options: Mapping[str, Any], attempts: Iterable[int]) -> Report:
    """Ask until every query is fine, each time only those that were not.

    Raises MetricsError with all that is not fine: at the end of the attempts, or at once when a query is refused for good.
    """
    report, every, trouble = Report([Allowance(**entry) for entry in options["allowed_empty"]]), list(dashboards), ""
    for _attempt in attempts:
        try:
            with connect() as endpoint:
                trouble = ""
                report.outcomes |= _ask_all(Prometheus(endpoint), every, report, options["variables"])
        except MetricsError as error:
            if not may_pass(error):
                raise
            trouble = error.message
            continue
        if any(outcome.final for outcome in report.outcomes.values()):
            break
        if not report.findings():
            return report
    if trouble:
        raise MetricsError(f"The dashboards could not be checked: {trouble}", **report.result())
    findings, number = report.findings(), sum(not report.is_fine(query) for query in report.outcomes)
    raise MetricsError(
        f"{number} of {len(report.outcomes)} queries of the dashboards are not fine:\n{one_by_one(findings)}\n"
        "Ask them there by hand; a panel that may be empty is named in allowed_empty, with a reason.",
        **report.result(),
    )


def _ask_all(
    prometheus: Prometheus, dashboards: list[Dashboard], report: Report, chosen: Mapping[str, str]
) -> dict[Query, Outcome]:
    """Ask what is not fine yet, several at a time, and what is the same only once."""
    now = prometheus.now()

    @functools.cache
    def values(label: str, selector: str) -> list[str]:
        return prometheus.label_values(label, selector, start=now - PERIOD, end=now)

    outcomes: dict[Query, Outcome] = {}
    texts: dict[Query, str] = {}
    for dashboard in dashboards:
        pending = [query for query in dashboard.queries if not report.is_fine(query)]
        if not pending:
            continue
        try:
            filled: Mapping[str, Filled] = resolve(dashboard.variables, values, _declared(dashboard, chosen))
        except VariableError as error:
            outcomes |= dict.fromkeys(pending, Outcome(answer=error.message))
            continue
        except MetricsError as error:
            if may_pass(error):
                raise
            outcomes |= dict.fromkeys(pending, Outcome(answer=error.message, final=True))
            continue
        texts |= {query: fill(query.expression, filled) for query in pending}
    distinct = list(dict.fromkeys(texts.values()))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = dict(zip(distinct, threads.map(functools.partial(_ask, prometheus), distinct), strict=True))
    return outcomes | {query: answers[text] for query, text in texts.items()}


def _declared(dashboard: Dashboard, chosen: Mapping[str, str]) -> dict[str, str]:
    names = {variable["name"] for variable in dashboard.variables}
    return {name: str(value) for name, value in chosen.items() if name in names}


def _ask(prometheus: Prometheus, text: str) -> Outcome:
    try:
        answer = prometheus.query(text)
    except MetricsError as error:
        return Outcome(text, answer=error.message, final=not may_pass(error))
    return Outcome(text, empty=answer.result_type in ("vector", "matrix") and not answer.series)
