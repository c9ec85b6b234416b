# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the judges of jobs and rule files let pass, Prometheus takes: promtool, which comes with the sandbox, reads it."""

from __future__ import annotations

import json
import math
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.longterm.metrics.plugins.module_utils import _rule_schema, _scrape_configs

from tests.configurations import program
from tests.mutations import FILE, JOB, mutated

Judge = Callable[[Any], list[str]]


def jobs(value: Any) -> list[str]:
    return _scrape_configs.problems(value, "30s")


def rules(value: Any) -> list[str]:
    return [*_rule_schema.RULE_FILE.judge(value, "file")]


def configuration(value: Any) -> Any:
    return {"global": {"scrape_interval": "30s"}, "scrape_configs": value}


def writable(value: Any) -> bool:
    """Whether it can be written as YAML that means the same to Go."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and writable(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(map(writable, value))
    return not isinstance(value, bytes) and not (isinstance(value, float) and not math.isfinite(value))


@pytest.mark.parametrize(
    ("start", "judge", "document", "command"),
    [
        ([JOB], jobs, configuration, ["config", "--syntax-only", "--lint=none"]),
        (FILE, rules, lambda value: value, ["rules", "--lint=none"]),
    ],
    ids=["jobs", "rules"],
)
def test_what_is_let_pass_is_taken(
    start: Any, judge: Judge, document: Callable[[Any], Any], command: list[str], tmp_path: Path
) -> None:
    promtool, chance, file = program("promtool", of="Prometheus"), random.Random(command[0]), tmp_path / "file.yml"
    values = (mutated(start, chance) for _ in range(800))
    passed = {json.dumps(value, sort_keys=True): value for value in values if writable(value) and not judge(value)}
    assert len(passed) > 20
    for value in passed.values():
        file.write_text(yaml.safe_dump(document(value), allow_unicode=True))
        run = subprocess.run([promtool, "check", *command, file], capture_output=True, text=True, check=False)
        # PromQL as a whole is for Prometheus to judge.
        assert run.returncode == 0 or "could not parse expression" in run.stdout + run.stderr, (value, run.stderr)
