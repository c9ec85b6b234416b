# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Thousands of strange settings, judged in this process."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.settings import judged
from tests.strange_values import TEXTS, cases, defaults, without_tags

SEED = int(os.environ.get("SETTINGS_SEED", "12"))
COUNT = int(os.environ.get("SETTINGS_CASES", "4000"))
# So that a worker takes a part of them.
PARTS = 12


@pytest.fixture(scope="module")
def every_case() -> list[tuple[str, str, Any]]:
    return cases(COUNT, SEED, defaults())


@pytest.mark.parametrize("part", range(PARTS))
def test_a_strange_value_is_accepted_or_refused_by_the_name_of_its_variable(
    part: int, every_case: list[tuple[str, str, Any]]
) -> None:
    """No crash, no rule that stumbles, no password shown."""
    wrong = []
    for role, name, value in every_case[part::PARTS]:
        try:
            findings = judged([role], {name: without_tags(value)}).findings
        except Exception as error:
            wrong.append(f"{name}: {value!r}: {type(error).__name__}: {error}")
            continue
        said = "\n".join(findings)
        if "cannot be evaluated" in said or "hunter2" in said or (findings and name not in said):
            wrong.append(f"{name}: {value!r}: {said}")
    assert not wrong, f"seed {SEED}, {len(wrong)} wrong:\n" + "\n".join(wrong[:20])


def test_strange_values_are_many_and_the_same_for_the_same_seed(every_case: list[tuple[str, str, Any]]) -> None:
    assert len(every_case) == COUNT
    assert every_case == cases(COUNT, SEED, defaults())
    assert {name for _role, name, _value in every_case} >= set(defaults())
    assert len(TEXTS) > 50
