# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the table of Alertmanager's options must be for the configuration that is made by it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _plain_secrets
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_options import (
    CHILD_ROUTE,
    GLOBAL,
    RECEIVERS,
    ROUTE,
    Section,
)


def sections(name: str, section: Section) -> Iterator[tuple[str, Section]]:
    """A section and all below it, each with its path."""
    yield name, section
    for inner, below in section.sections.items():
        yield from sections(f"{name}.{inner}", below)


TOPS = {**RECEIVERS, "global": GLOBAL}
SECTIONS = dict(pair for name, section in TOPS.items() for pair in sections(name, section))


def given(section: Section) -> set[str]:
    """All that a section may hold once it is made."""
    return section.options | section.sections.keys() | {f"{name}_file" for name in section.secrets}


@pytest.mark.parametrize("path", SECTIONS)
def test_nothing_that_is_a_secret_by_its_name_may_stand_readable(path: str) -> None:
    assert _plain_secrets.paths(dict.fromkeys(SECTIONS[path].options, "value")) == []


@pytest.mark.parametrize("path", SECTIONS)
def test_no_option_is_the_path_of_a_file_or_the_name_of_a_secret(path: str) -> None:
    assert [name for name in SECTIONS[path].options if name.endswith(("_file", "_secret"))] == []


@pytest.mark.parametrize("path", SECTIONS)
def test_a_name_means_one_thing_but_for_a_webhook_s_url(path: str) -> None:
    section = SECTIONS[path]
    both = (section.options & section.secrets) | ((section.options | section.secrets) & section.sections.keys())
    assert both == ({"url"} if path == "webhook" else set())


@pytest.mark.parametrize("kind", RECEIVERS)
def test_what_a_receiver_requires_can_be_given(kind: str) -> None:
    assert {name for choice in RECEIVERS[kind].required for name in choice} <= given(RECEIVERS[kind])


@pytest.mark.parametrize(("prefix", "kind"), [("smtp", "email"), ("slack", "slack"), ("pagerduty", "pagerduty")])
def test_a_global_option_is_one_of_the_receivers_it_is_for(prefix: str, kind: str) -> None:
    names = {name.removeprefix(f"{prefix}_") for name in given(GLOBAL) if name.startswith(f"{prefix}_")}
    assert names
    assert names <= given(RECEIVERS[kind])


def test_what_a_mail_or_a_message_to_slack_requires_may_be_global() -> None:
    assert (RECEIVERS["email"].inherits, RECEIVERS["slack"].inherits) == ("smtp", "slack")
    assert {"smtp_from", "smtp_smarthost", "slack_api_url_file", "slack_app_token_file"} <= given(GLOBAL)


def test_the_root_route_takes_all_alerts_at_all_times() -> None:
    below = {"matchers", "continue", "routes", "mute_time_intervals", "active_time_intervals"}
    assert ROUTE.isdisjoint(below)
    assert ROUTE | below == CHILD_ROUTE
