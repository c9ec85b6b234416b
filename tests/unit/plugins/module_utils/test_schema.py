# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _schema_values
from ansible_collections.longterm.metrics.plugins.module_utils._duration import seconds
from ansible_collections.longterm.metrics.plugins.module_utils._schema import ListOf, MapOf, Nested, Schema

KEPT = _schema_values.integer(1, 9)


def _shorter(value: dict[str, Any], where: str) -> Iterator[str]:
    if (seconds(value.get("timeout", "1s")) or 0) > (seconds(value["interval"]) or 0):
        yield f"{where}.timeout is {value['timeout']}; must not be longer than interval, {value['interval']}."


JOB = Nested(
    {
        "job_name": _schema_values.text(empty=False),
        "interval": _schema_values.DURATION,
        "timeout": _schema_values.DURATION,
        "password": _schema_values.SECRET,
        "password_file": _schema_values.TEXT,
        "labels": MapOf(_schema_values.TEXT, key=_schema_values.LABEL),
    },
    required=("job_name", "interval"),
    exclusive=("password password_file",),
    relations=_shorter,
)


def judged(schema: Schema, value: Any) -> list[str]:
    return [*schema.judge(value, "jobs")]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (KEPT, 9),
        (ListOf(_schema_values.TEXT), []),
        (ListOf(_schema_values.TEXT, unique=True), ["a", "b"]),
        (JOB, {"job_name": "a", "interval": "1m", "timeout": "1m", "labels": {"team": "web"}}),
    ],
)
def test_what_is_right_has_no_findings(schema: Schema, value: Any) -> None:
    assert judged(schema, value) == []


@pytest.mark.parametrize(
    ("schema", "value", "finding"),
    [
        (KEPT, 0, "jobs is 0; must be a whole number from 1 to 9."),
        (KEPT, "5", "jobs is the text 5; must be a whole number from 1 to 9."),
        (KEPT, True, "jobs is the boolean true; must be a whole number from 1 to 9."),
        (ListOf(_schema_values.TEXT), "a,b", "jobs is text; must be a list."),
        (ListOf(_schema_values.TEXT), {}, "jobs is a dictionary; must be a list."),
        (ListOf(_schema_values.TEXT, least=1), [], "jobs has 0 entries; must have at least 1."),
        (ListOf(KEPT), [1, 0], "jobs[1] is 0; must be a whole number from 1 to 9."),
        (ListOf(_schema_values.TEXT, unique=True), ["a", "a"], "jobs[1] is a, as jobs[0] is; must be unique."),
        (MapOf(KEPT), {"a": 0}, "jobs.a is 0; must be a whole number from 1 to 9."),
        (MapOf(KEPT, least=1), {}, "jobs has 0 entries; must have at least 1."),
        (MapOf(KEPT), [], "jobs is a list; must be a dictionary."),
        (MapOf(KEPT, key=_schema_values.LABEL), {"a,b": 1}, "jobs has the key a,b; must be the name of a label such as job."),
        (JOB, {"job_name": "a"}, "jobs has no interval; it is required."),
        (
            JOB,
            {"job_name": "a", "intervall": "1m", "interval": "1m"},
            "jobs has the unknown key intervall; did you mean interval?",
        ),
        (
            JOB,
            {"job_name": "a", "x": 1, "interval": "1m"},
            "jobs has the unknown key x; it takes interval, job_name, labels, password, password_file, timeout.",
        ),
        (
            JOB,
            {"job_name": "a", "interval": "1m", "password": "b", "password_file": "c"},
            "jobs has password and password_file; only one of password, password_file is allowed.",
        ),
        (
            JOB,
            {"job_name": "a", "interval": "1m", "timeout": "2m"},
            "jobs.timeout is 2m; must not be longer than interval, 1m.",
        ),
        (
            ListOf(JOB, unique="job_name"),
            [{"job_name": "a", "interval": "1m"}, {"job_name": "a", "interval": "1m"}],
            "jobs[1].job_name is a, as jobs[0].job_name is; must be unique.",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_path_and_what_is_allowed(schema: Schema, value: Any, finding: str) -> None:
    assert judged(schema, value) == [finding]


def test_keys_are_judged_at_every_depth_and_all_at_once() -> None:
    found = judged(ListOf(Nested({"jobs": ListOf(JOB)})), [{"jobs": [{"job_name": 1, "interval": "1x", "labels": {"a": 1}}]}])
    assert found == [
        "jobs[0].jobs[0].job_name is the number 1; must be text, in quotes.",
        "jobs[0].jobs[0].interval is 1x; must be a duration such as 30s, 5m or 1h.",
        "jobs[0].jobs[0].labels.a is the number 1; must be text, in quotes.",
    ]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (_schema_values.text("[0-9]+", "digits", secret=True), "hunter2"),
        (_schema_values.SECRET, ["hunter2"]),
        (JOB, "hunter2"),
        (JOB, {"job_name": "a", "interval": "1m", "passwort": "hunter2"}),
        (ListOf(_schema_values.TEXT), "hunter2"),
        (KEPT, "hunter2"),
        (_schema_values.URL, "https://me:hunter2@example.org"),
        (_schema_values.choice("http", "https"), "https://me:hunter2@example.org"),
    ],
)
def test_secrets_are_never_shown(schema: Schema, value: Any) -> None:
    (finding,) = judged(schema, value)
    assert "hunter2" not in finding


def test_a_recursive_schema_refers_to_itself() -> None:
    fields: dict[str, Schema] = {"name": _schema_values.TEXT}
    route = Nested(fields)
    fields["routes"] = ListOf(route)
    assert judged(route, {"routes": [{"routes": [{"name": 1}]}]}) == [
        "jobs.routes[0].routes[0].name is the number 1; must be text, in quotes."
    ]


def test_a_long_value_is_cut_and_stays_in_one_line() -> None:
    (finding,) = judged(_schema_values.choice("a"), "b\n" + "c" * 500)
    assert finding == f"jobs is b {'c' * 78}...; must be a."
