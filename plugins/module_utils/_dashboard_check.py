# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every query of every dashboard asked, and what came back held against what may be empty."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _allowances
from ansible_collections.longterm.metrics.plugins.module_utils._allowances import Allowance
from ansible_collections.longterm.metrics.plugins.module_utils._dashboard_variables import Filled, VariableError, fill, resolve
from ansible_collections.longterm.metrics.plugins.module_utils._dashboards import Dashboard, Query
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, EndpointError, may_pass
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Answer, Prometheus

Connect = Callable[[], AbstractContextManager[Endpoint]]

AT_ONCE = 8
# Labels of series that ended before are not what a dashboard shows now.
PERIOD = 3600.0


@dataclass(frozen=True)
class Outcome:
    """What became of a query: `asked` is its text, none when a variable could not be filled; `answer` is why it failed.

    `empty` says in what way it is: "no data" or "only NaN". `excuse` is the allowance whose condition holds; `unmet` are those
    whose condition does not.
    """

    asked: str = ""
    empty: str = ""
    answer: str = ""
    final: bool = False
    excuse: Allowance | None = None
    unmet: tuple[Allowance, ...] = ()

    @property
    def is_fine(self) -> bool:
        return not self.answer and (not self.empty or self.excuse is not None)

    def __str__(self) -> str:
        conditions = "".join(
            f"; it may be empty when {one.condition!r} returns series, which it does not ({one.reason})" for one in self.unmet
        )
        return self.answer or f"{self.empty} for {self.asked!r}{conditions}"


@dataclass
class Report:
    """What became of every query."""

    allowances: list[Allowance]
    outcomes: dict[Query, Outcome] = field(default_factory=dict)

    def is_fine(self, query: Query) -> bool:
        return query in self.outcomes and self.outcomes[query].is_fine

    def result(self) -> dict[str, Any]:
        """The module's return values."""
        empty, failing = [], []
        for query, outcome in self.outcomes.items():
            names = {"dashboard": query.dashboard, "panel": query.panel, "config_map": query.source}
            entry = {**names, "query": outcome.asked or query.expression}
            if outcome.answer:
                failing.append({**entry, "answer": outcome.answer})
            elif outcome.empty:
                empty.append({**entry, "reason": outcome.excuse.reason if outcome.excuse else ""})
        titles = list(dict.fromkeys(query.dashboard for query in self.outcomes))
        return {
            "checked": len(self.outcomes),
            "dashboards": titles,
            "empty": empty,
            "failing": failing,
            "notes": _allowances.unneeded(self.allowances, {query: bool(one.empty) for query, one in self.outcomes.items()}),
        }

    def findings(self) -> list[str]:
        """What is not fine; a variable that cannot be filled is told once for its dashboard."""
        found = []
        for query, outcome in self.outcomes.items():
            if outcome.answer and not outcome.asked:
                found.append(f"{query.dashboard} (ConfigMap {query.source}): {outcome.answer}")
            elif not outcome.is_fine:
                found.append(f"{query}: {outcome}")
        return list(dict.fromkeys(found))


def check(connect: Connect, dashboards: Iterable[Dashboard], options: Mapping[str, Any], attempts: Iterable[int]) -> Report:
    """Ask until every query is fine, each time only those that were not.

    Raises MetricsError with all that is not fine: at the end of the attempts, or at once when a query is refused for good or an
    allowance can never be needed.
    """
    report, every, trouble = Report([Allowance(**entry) for entry in options["allowed_empty"]]), list(dashboards), ""
    _allowances.check(report.allowances, [query for dashboard in every for query in dashboard.queries])
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
        "Ask them there by hand; a panel that may be empty is named in allowed_empty, with a reason and a condition.",
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
    texts: dict[Query, tuple[str, Mapping[str, Filled]]] = {}
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
        texts |= {query: (fill(query.expression, filled), filled) for query in pending}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        distinct = list(dict.fromkeys(text for text, _filled in texts.values()))
        answers = dict(zip(distinct, threads.map(functools.partial(_ask, prometheus), distinct), strict=True))
    ask = functools.cache(prometheus.query)
    for query, (text, filled) in texts.items():
        outcomes[query] = _excused(answers[text], query, report.allowances, functools.partial(_ask_filled, ask, filled))
    return outcomes


def _declared(dashboard: Dashboard, chosen: Mapping[str, str]) -> dict[str, str]:
    names = {variable["name"] for variable in dashboard.variables}
    return {name: str(value) for name, value in chosen.items() if name in names}


def _ask(prometheus: Prometheus, text: str) -> Outcome:
    try:
        answer = prometheus.query(text)
    except MetricsError as error:
        return Outcome(text, answer=error.message, final=not may_pass(error))
    if answer.is_nan:
        return Outcome(text, empty="only NaN")
    return Outcome(text, empty="no data" if answer.result_type in ("vector", "matrix") and not answer.series else "")


def _ask_filled(ask: Callable[[str], Answer], filled: Mapping[str, Filled], condition: str) -> Answer:
    return ask(fill(condition, filled))


def _excused(outcome: Outcome, query: Query, allowances: list[Allowance], ask: Callable[[str], Answer]) -> Outcome:
    """The outcome with what excuses that it is empty, or why nothing does."""
    if not outcome.empty:
        return outcome
    try:
        excuse, unmet = _allowances.excuse(allowances, query, ask)
    except MetricsError as error:
        return replace(outcome, answer=error.message, final=not isinstance(error, EndpointError) or not may_pass(error))
    return replace(outcome, excuse=excuse, unmet=tuple(unmet))
