# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with matchers of series."""

from __future__ import annotations

DOCUMENTATION = r"""
name: matcher_problems
short_description: Tells what Prometheus would refuse in a list of matchers
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Judges matchers of PromQL with commas between them and without braces, such as C(cluster="production-1",job!="shop").
options:
  _input:
    description: The matchers; empty means none.
    type: str
    required: true
  variable:
    description: The name of the variable that they come from.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: A value without quotes
  ansible.builtin.debug:
    msg: "{{ 'cluster=production' | longterm.metrics.matcher_problems('prometheus_adapter_matchers') }}"
"""

RETURN = r"""
_value:
  description: What is wrong, in full sentences.
  type: list
  elements: str
  sample: ["prometheus_adapter_matchers is cluster=\"a; must be matchers of PromQL: a double quote is never closed."]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _promql_syntax
from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf


def matcher_problems(text: Any, variable: str) -> list[str]:
    def wrong(value: str) -> str:
        return f"matchers of PromQL: {words}" if (words := _promql_syntax.matchers_problem(value)) else ""

    return [*Leaf(str, "matchers of PromQL, in quotes", wrong).judge(text, variable)]


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"matcher_problems": matcher_problems}
