# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Panels that may be without data, each on a condition that the running system is asked for."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ansible_collections.longterm.metrics.plugins.module_utils._dashboards import Query
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Answer


@dataclass(frozen=True)
class Allowance:
    """Panels that may be empty, by patterns of the titles of dashboard and panel, and why.

    `condition` is PromQL that must return series while they are empty, as the expression of an alert does while it fires.
    `transient`: they are empty at times only.
    """

    dashboard: str
    panel: str
    reason: str
    condition: str
    transient: bool = False

    def __str__(self) -> str:
        return f"{self.dashboard} / {self.panel}"

    def is_of(self, title: str) -> bool:
        return fnmatch.fnmatchcase(title, self.dashboard)

    def covers(self, query: Query) -> bool:
        return self.is_of(query.dashboard) and fnmatch.fnmatchcase(query.panel, self.panel)


def check(allowances: Iterable[Allowance], queries: Iterable[Query]) -> None:
    """Raise MetricsError for allowances that can never be needed: their dashboards are there, but have no such panel."""
    known, useless = list(queries), []
    for allowance in allowances:
        panels = dict.fromkeys(query.panel for query in known if allowance.is_of(query.dashboard))
        if panels and not any(allowance.covers(query) for query in known):
            useless.append(f"{allowance}: the panels are {', '.join(panels)}")
    if useless:
        raise MetricsError(
            f"allowed_empty has entries that no panel can ever need; remove them, or correct their titles:\n{one_by_one(useless)}"
        )


def unneeded(allowances: Iterable[Allowance], empty: Mapping[Query, bool]) -> list[str]:
    """A note for each allowance that no empty panel needs, transient ones left out. `empty` says whether each query is."""
    return [
        f"allowed_empty: {allowance} is not needed: no such panel is empty."
        for allowance in allowances
        if not allowance.transient and not any(is_empty and allowance.covers(query) for query, is_empty in empty.items())
    ]


def excuse(
    allowances: Iterable[Allowance], query: Query, ask: Callable[[str], Answer]
) -> tuple[Allowance | None, list[Allowance]]:
    """The first allowance of an empty query whose condition holds, and those before it whose condition does not.

    `ask` fills the variables of a condition and asks it. Raises MetricsError for a condition that is no vector.
    """
    unmet: list[Allowance] = []
    for allowance in allowances:
        if not allowance.covers(query):
            continue
        answer = ask(allowance.condition)
        if answer.result_type != "vector":
            raise MetricsError(
                f"The condition of allowed_empty for {allowance}, {allowance.condition!r}, is a {answer.result_type}; "
                "it must be an expression that returns series while the panel may be empty."
            )
        if answer.series:
            return allowance, unmet
        unmet.append(allowance)
    return None, unmet
