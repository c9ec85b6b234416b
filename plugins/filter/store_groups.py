# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Store Gateways of Thanos that divide the blocks of a bucket."""

from __future__ import annotations

DOCUMENTATION = r"""
name: store_groups
short_description: Store Gateways that divide the blocks of a bucket
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Says for each group of Store Gateways that serve the same blocks how it is named, and which blocks these are.
options:
  _input:
    description: In how many shards the blocks of each range of time are divided, by a hash.
    type: int
    required: true
  boundaries:
    description: The times at which the blocks are divided, the earliest first, such as C(-6w).
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Show three ranges of time
  ansible.builtin.debug:
    msg: "{{ 1 | longterm.metrics.store_groups(['-6w', '-2w']) | map(attribute='suffix') }}"
"""

RETURN = r"""
_value:
  description: >-
    The groups, with C(suffix), what follows their name, C(labels), the labels that tell them from others, C(shard), and
    C(min_time) and C(max_time), empty where there is no bound.
  type: list
  elements: dict
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _store_groups


def store_groups(shards: int, boundaries: Sequence[str] = ()) -> list[dict[str, Any]]:
    return [asdict(group) for group in _store_groups.groups(int(shards), boundaries)]


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"store_groups": store_groups}
