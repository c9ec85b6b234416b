# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An allowlist as kube-state-metrics takes it in one argument."""

from __future__ import annotations

DOCUMENTATION = r"""
name: allowlist
short_description: An allowlist as kube-state-metrics takes it in one argument
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Writes the keys of labels or annotations by their resource as the value of C(--metric-labels-allowlist).
options:
  _input:
    description: Lists of keys by resource.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the argument
  ansible.builtin.debug:
    msg: "--metric-labels-allowlist={{ {'pods': ['app', 'team']} | longterm.metrics.allowlist }}"
"""

RETURN = r"""
_value:
  description: The value of the argument.
  type: str
  sample: pods=[app,team],nodes=[zone]
"""

from collections.abc import Callable, Iterable, Mapping


def allowlist(keys: Mapping[str, Iterable[str]]) -> str:
    return ",".join(f"{resource}=[{','.join(names)}]" for resource, names in keys.items())


class FilterModule:
    def filters(self) -> dict[str, Callable[..., str]]:
        return {"allowlist": allowlist}
