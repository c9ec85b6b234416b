# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments of a program as the Prometheus Operator takes them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: operator_arguments
short_description: Arguments of a program as the Prometheus Operator takes them
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Converts arguments such as C(--log.level=debug) to the entries of C(additionalArgs) of a ThanosRuler, a Prometheus or an
    Alertmanager.
options:
  _input:
    description: The arguments, each with name and value in one.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show the entries
  ansible.builtin.debug:
    msg: "{{ ['--log.level=debug', '--web.disable-cors'] | longterm.metrics.operator_arguments }}"
"""

RETURN = r"""
_value:
  description: The entries, with C(name), and C(value) where the argument has one.
  type: list
  elements: dict
  sample: [{"name": "log.level", "value": "debug"}, {"name": "web.disable-cors"}]
"""

from collections.abc import Callable
from typing import Any


def operator_arguments(arguments: list[str]) -> list[dict[str, str]]:
    return [_entry(*argument.removeprefix("--").partition("=")) for argument in arguments]


def _entry(name: str, sign: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value} if sign else {"name": name}


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"operator_arguments": operator_arguments}
