# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge of Alertmanager's mappings, with a table of its own."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_rules import need, only_one
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_section import FORMATS, Judge, given_by, section

KEY = {"name": "keys", "key": "a"}
INNER = section(text="title", flag="short", key="token")
TABLE = section(
    need("name"),
    only_one("token_secret login"),
    text="name login word",
    key="token",
    inline_key="password",
    key_lists={"secrets": "files"},
    choice={"mode": "on off"},
    alone="word token_file",
    one=INNER,
    word=INNER,
    many=[INNER],
    by_name={"*": INNER},
)


def judged(given: Any, **options: Any) -> tuple[dict[str, Any], list[str]]:
    judge = Judge(**options)
    return judge.mapping(TABLE, given, "top"), judge.problems


def test_a_mapping_is_made_as_alertmanager_reads_it() -> None:
    given = {
        "name": "a",
        "token_secret": KEY,
        "secrets": [KEY],
        "mode": "on",
        "one": {"title": "b", "token_secret": KEY},
        "word": {"short": True},
        "many": [{"short": False}],
        "by_name": {"x": {"title": "c"}},
    }
    file = "/etc/alertmanager/secrets/keys/a"
    assert judged(given) == (
        {
            "name": "a",
            "token_file": file,
            "files": [file],
            "mode": "on",
            "one": {"title": "b", "token_file": file},
            "word": {"short": True},
            "many": [{"short": False}],
            "by_name": {"x": {"title": "c"}},
        },
        [],
    )


def test_an_option_may_be_text_or_a_section() -> None:
    assert judged({"name": "a", "word": "b"}) == ({"name": "a", "word": "b"}, [])
    assert judged({"name": "a", "word": 5})[1] == ["top.word is 5; must be text."]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("a", "top is a; must be a mapping."),
        ({"name": 5}, "top.name is 5; must be text."),
        ({}, "top needs name."),
        ({"name": ""}, "top needs name."),
        ({"name": "a", "nmae": "b"}, "top has the unknown option nmae; did you mean name?"),
        (
            {"name": "a", "zzz": "b"},
            "top has the unknown option zzz; it takes by_name, login, many, mode, name, one, secrets, token_secret, word.",
        ),
        ({"name": "a", 5: "b"}, "top has the unknown option 5; it takes "),
        (
            {"name": "a", "token": "hunter2"},
            "top.token would be readable in the manifests; put it into a Secret and name that in token_secret.",
        ),
        ({"name": "a", "password": "hunter2"}, "top.password is a key that Alertmanager does not read from a file; "),
        ({"name": "a", "token_secret": "hunter2"}, "top.token_secret must name a key of a Secret of the namespace: "),
        ({"name": "a", "secrets": [KEY, "hunter2"]}, "top.secrets[1] must name a key of a Secret of the namespace: "),
        ({"name": "a", "secrets": "hunter2x"}, "top.secrets is hunter2x; must be a list."),
        ({"name": "a", "mode": True}, "top.mode is true; must be one of on, off."),
        ({"name": "a", "one": []}, "top.one is a list; must be a mapping."),
        ({"name": "a", "one": {"titel": "b"}}, "top.one has the unknown option titel; did you mean title?"),
        ({"name": "a", "many": {"title": "b"}}, "top.many is a mapping; must be a list."),
        ({"name": "a", "many": [{}, {"short": "no"}]}, "top.many[1].short is no; must be true or false."),
        ({"name": "a", "by_name": {"x": {"short": 0}}}, "top.by_name.x.short is 0; must be true or false."),
        ({"name": "a", "by_name": ["x"]}, "top.by_name is a list; must be a mapping."),
        ({"name": "a", "token_secret": KEY, "login": "b"}, "top has token_secret and login; one of them is allowed."),
        ({"name": "a", "token": "hunter2", "login": "b"}, "top.token would be readable"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(given: Any, told: str) -> None:
    problems = judged(given)[1]
    assert problems[0].startswith(told)
    assert not any("hunter2" in problem for problem in problems if "hunter2x" not in problem)


def test_what_has_a_problem_of_its_own_is_given_and_not_asked_for_again() -> None:
    assert judged({"name": ["a"]})[1] == ["top.name is a list; must be text."]


def test_everything_wrong_is_told_at_once() -> None:
    assert len(judged({"x": 1, "mode": 2, "many": [{"short": 3}, {"title": 4}]})[1]) == 5


@pytest.mark.parametrize("given", [{"word": "a"}, {"word": {"title": "a"}}, {"token_secret": KEY}])
def test_what_the_operator_does_not_read_is_refused_for_it_alone(given: dict[str, Any]) -> None:
    assert judged({"name": "a", **given})[1] == []
    [problem] = judged({"name": "a", **given}, operator=True)[1]
    assert problem.startswith(f"top.{next(iter(given))} needs prometheus_engine standalone: ")


def test_an_option_of_global_may_take_the_place_of_one() -> None:
    inherits = section(need("token_secret", "x_token_secret"), key="token")
    judge = Judge()
    judge.mapping(inherits, {}, "a")
    judge.inherited = {"global.x_token": "file"}
    judge.mapping(inherits, {}, "b")
    assert judge.problems == ["a needs token_secret, or x_token_secret in alertmanager_global."]


def test_a_secret_counts_by_the_name_of_what_it_replaces() -> None:
    assert given_by({"a_file": "b", "c": 0, "d": "", "e": None, "f": {}}) == {"a": "b", "c": 0}


def test_no_format_takes_what_is_no_value_at_all() -> None:
    assert [name for name, judge in FORMATS.items() if name != "anything" and not judge(None)] == []
