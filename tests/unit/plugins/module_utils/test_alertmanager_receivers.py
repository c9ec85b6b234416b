# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of receivers: every option of every receiver is judged, and no key can stand in the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _alertmanager_config, _plain_secrets
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_config import Configuration
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_options import (
    CHILD_ROUTE,
    GLOBAL,
    INHIBIT_RULE,
    ROUTE,
    TIME_INTERVAL,
)
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_receivers import RECEIVERS
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_section import Section

KINDS = (
    "discord email incidentio jira mattermost msteams msteamsv2 opsgenie pagerduty pushover rocketchat slack sns telegram "
    "victorops webex webhook wechat"
)
# A secret by its name that is none: it names who is on duty.
NO_SECRETS = {"victorops": ["routing_key"]}


def sections(name: str, section: Section) -> Iterator[tuple[str, Section]]:
    """A section and all below it, each with its path."""
    yield name, section
    for inner, below in {**section.sections, **section.lists, **section.maps}.items():
        yield from sections(f"{name}.{inner}", below)


TOPS = {**RECEIVERS, "global": GLOBAL, "route": ROUTE, "routes": CHILD_ROUTE, "inhibit": INHIBIT_RULE, "interval": TIME_INTERVAL}
SECTIONS = dict(pair for name, section in TOPS.items() for pair in sections(name, section))
OPTIONS = [
    (path, name) for path, section in SECTIONS.items() if path.split(".")[0] in RECEIVERS for name in sorted(section.options)
]
KEYS = [(path, name) for path, section in SECTIONS.items() for name in sorted(section.keys | section.inline_keys)]


def nested(section: Section, inside: list[str], options: dict[str, Any]) -> dict[str, Any]:
    """Options of a section within another."""
    if not inside:
        return options
    name, *rest = inside
    below = {**section.sections, **section.lists, **section.maps}[name]
    value: Any = nested(below, rest, options)
    return {name: [value] if name in section.lists else {"x": value} if name in section.maps else value}


def problems(path: str, options: dict[str, Any]) -> list[str]:
    kind, *inside = path.split(".")
    given = nested(TOPS[kind], inside, options)
    where = {
        "global": {"global": given},
        "route": {"route": given},
        "routes": {"routes": [given]},
        "inhibit": {"inhibit_rules": [given]},
        "interval": {"time_intervals": [given]},
    }
    return Configuration(where.get(kind, {"receivers": [{"name": "a", kind: [given]}]})).problems  # fmt: skip


def test_there_is_every_receiver_of_alertmanager() -> None:
    assert set(RECEIVERS) == set(KINDS.split())
    assert _alertmanager_config.RECEIVER.lists.keys() == set(RECEIVERS)


@pytest.mark.parametrize(("path", "name"), OPTIONS, ids=".".join)
def test_an_option_of_the_wrong_type_is_told_with_its_path(path: str, name: str) -> None:
    told = [problem for problem in problems(path, {name: {5: object}}) if f".{name} " in problem or f".{name}." in problem]
    assert len(told) == 1, told
    assert told[0].startswith("alertmanager_receivers[0].")


@pytest.mark.parametrize("path", SECTIONS)
def test_a_misspelt_option_is_told_with_the_nearest(path: str) -> None:
    name = max(SECTIONS[path].names(), key=len)
    told = [problem for problem in problems(path, {f"{name[:-1]}{name[-1] * 2}": "hunter2"}) if "unknown option" in problem]
    assert len(told) == 1
    assert told[0].endswith(f"; did you mean {name}?")


@pytest.mark.parametrize(("path", "name"), KEYS, ids=".".join)
def test_a_key_is_refused_and_not_repeated(path: str, name: str) -> None:
    said = problems(path, {name: "hunter2"})
    if name not in SECTIONS[path].options:
        assert any(f".{name} would be readable" in problem or "does not read from a file" in problem for problem in said), said
    assert "hunter2" not in "".join(said) or name in ("username", "chat_id")


@pytest.mark.parametrize("path", SECTIONS)
def test_nothing_that_is_a_secret_by_its_name_may_stand_readable(path: str) -> None:
    kept = [name for name in SECTIONS[path].options if name not in NO_SECRETS.get(path, [])]
    assert _plain_secrets.paths(dict.fromkeys(kept, "value")) == []


@pytest.mark.parametrize("path", SECTIONS)
def test_no_option_is_the_path_of_a_file_or_the_name_of_a_secret(path: str) -> None:
    assert [name for name in SECTIONS[path].options if name.endswith(("_file", "_secret"))] == []


@pytest.mark.parametrize("path", SECTIONS)
def test_what_the_operator_does_not_read_is_an_option(path: str) -> None:
    section = SECTIONS[path]
    known = section.names() | {f"{name}_file" for name in section.keys}
    assert section.alone <= known
