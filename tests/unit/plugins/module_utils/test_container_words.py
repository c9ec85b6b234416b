# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of a container's command and arguments."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._container_words import words_of

ENV = [{"name": "MODE", "value": "compact"}, {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}]


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ({"command": ["thanos"], "args": ["compact", "--a=b c"]}, ["thanos", "compact", "--a=b c"]),
        ({"args": ["$(MODE)", "$(KEY)", "$(NONE)"], "env": ENV}, ["compact", "$(KEY)", "$(NONE)"]),
        ({"command": ["sh", "-c", "exec thanos $MODE --wait"], "env": ENV}, ["sh", "-c", "exec", "thanos", "compact", "--wait"]),
        ({"command": ["sh", "-c", 'thanos "compact"']}, ["sh", "-c", "thanos", "compact"]),
        ({"command": ["sh", "-c", "thanos 'compact"]}, ["sh", "-c", "thanos", "'compact"]),
        ({}, []),
    ],
)
def test_words_are_those_that_the_program_gets(container: dict[str, Any], words: list[str]) -> None:
    assert words_of(container) == words
