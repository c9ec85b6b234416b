# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a cluster the settings of a play do not fit."""

from __future__ import annotations

DOCUMENTATION = r"""
name: preflight
short_description: What of a cluster the settings of a play do not fit
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Compares what M(longterm.metrics.cluster_info) saw of a cluster with what the play asks of it.
options:
  _input:
    description: What the module returned; empty where no cluster was looked at.
    type: dict
    required: true
  asked:
    description: What the play asks of the cluster, as the variables of the role say it.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Report what is in the way
  ansible.builtin.fail:
    msg: "{{ (seen | longterm.metrics.preflight(asked)).findings | join('\n') }}"
"""

RETURN = r"""
_value:
  description: What was found.
  type: dict
  contains:
    findings:
      description: What is in the way, a sentence or two each.
      type: list
      elements: str
    reconciled:
      description: Names of definitions that Argo CD or Flux writes.
      type: list
      elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.plugin_utils import _preflight


def preflight(cluster: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, list[str]]:
    settings = _preflight.Settings.read(asked)
    found = _preflight.findings(cluster, settings) if cluster else []
    return {"findings": [*_preflight.ports_twice(settings.ports), *found], "reconciled": _preflight.reconciled(cluster)}


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"preflight": preflight}
