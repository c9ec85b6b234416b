# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Allowances of empty panels and their conditions."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._allowances import Allowance, check, excuse, unneeded
from ansible_collections.longterm.metrics.plugins.module_utils._dashboards import Query
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Answer

RESTARTS = Query("Pods", "Restarts", "restarts", "metrics/pods")
CPU = Query("Pods", "CPU", "cpu", "metrics/pods")


def allowance(panel: str = "Restarts", condition: str = "holds", dashboard: str = "Pods", **more: Any) -> Allowance:
    return Allowance(dashboard, panel, "a reason", condition, **more)


def ask(condition: str) -> Answer:
    if condition == "scalar":
        return Answer("scalar", [1, "1"], [])
    return Answer("vector", [{"metric": {}, "value": [1, "0"]}] if condition == "holds" else [], [])


def test_patterns_are_of_the_titles_of_dashboard_and_panel() -> None:
    assert allowance("R*", dashboard="Po?s").covers(RESTARTS)
    assert not allowance("r*").covers(RESTARTS)
    assert not allowance("*", dashboard="Nodes").covers(RESTARTS)


def test_the_first_allowance_whose_condition_holds_excuses() -> None:
    first, second = allowance(condition="no"), allowance("*")
    assert excuse([first, second], RESTARTS, ask) == (second, [first])


def test_a_condition_holds_when_it_returns_series_whatever_their_value() -> None:
    assert excuse([allowance()], RESTARTS, ask)[0] == allowance()


def test_an_allowance_of_another_panel_is_not_asked() -> None:
    assert excuse([allowance("CPU", condition="scalar")], RESTARTS, ask) == (None, [])


def test_a_condition_that_is_no_vector_is_refused() -> None:
    with pytest.raises(MetricsError, match=r"for Pods / Restarts, 'scalar', is a scalar"):
        excuse([allowance(condition="scalar")], RESTARTS, ask)


def test_an_allowance_is_not_needed_when_none_of_its_panels_is_empty() -> None:
    (note,) = unneeded([allowance("*")], {RESTARTS: False, CPU: False})
    assert "Pods / * is not needed" in note
    assert unneeded([allowance("*")], {RESTARTS: True, CPU: False}) == []
    assert unneeded([allowance(transient=True)], {RESTARTS: False}) == []
    assert unneeded([allowance(dashboard="Hubble", transient=True)], {RESTARTS: False}) == []
    # A misspelt title, for instance.
    (note,) = unneeded([allowance(dashboard="Podz")], {RESTARTS: True})
    assert "Podz / " in note


def test_an_allowance_of_a_panel_that_its_dashboard_lacks_can_never_be_needed() -> None:
    check([allowance(), allowance("*"), allowance("X", dashboard="Hubble")], [RESTARTS, CPU])
    with pytest.raises(MetricsError, match=r"Pods / Restart: the panels are Restarts, CPU"):
        check([allowance("Restart")], [RESTARTS, CPU])
