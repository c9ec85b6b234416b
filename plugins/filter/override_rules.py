# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prometheus rule files, changed as the variables of the role `rules` say."""

from __future__ import annotations

DOCUMENTATION = r"""
name: override_rules
short_description: Changes alerts of Prometheus rule files by their names
version_added: 0.1.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - >-
    Takes Prometheus rule files and gives back their groups, with alerts switched off or changed, labels added, and groups left
    out.
  - What is wrong is told by the variable of the role P(longterm.metrics.rules#role) that it comes from.
options:
  _input:
    description: The texts of rule files by their names.
    type: dict
    required: true
  overrides:
    description: >-
      Changes by the alert's name, each with any of C(enabled), C(for), C(severity) (C(critical), C(warning), C(info) or C(none)),
      C(expr) and C(labels).
    type: dict
    default: {}
  labels:
    description: Labels that every alert gets.
    type: dict
    default: {}
  groups_disabled:
    description: Names of groups to leave out.
    type: list
    elements: str
    default: []
  interval:
    description: How often groups are evaluated that do not say so themselves. Empty leaves it to Prometheus.
    type: str
    default: ""
  runbook_base:
    description: Takes the place of the address that the runbooks of the collection's own alerts begin with.
    type: str
    default: https://github.com/longterm-metrics/longterm.metrics/blob/main/docs/runbooks
"""

EXAMPLES = r"""
- name: Our groups, with one alert off and one slower to fire
  ansible.builtin.debug:
    msg: "{{ ({'nodes': text} | longterm.metrics.override_rules(overrides=changes)).groups.nodes }}"
  vars:
    text: "{{ lookup('ansible.builtin.file', 'nodes.yml') }}"
    changes:
      NodeRebooted: {enabled: false}
      HighCPU: {for: 1h, severity: info, labels: {team: platform}}
"""

RETURN = r"""
_value:
  description: The groups, and what is wrong.
  type: dict
  contains:
    groups:
      description: The lists of groups by the names of their files. A file none of whose groups is left is left out.
      type: dict
    problems:
      description: What is wrong, each naming its variable; there are no groups then.
      type: list
      elements: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _rule_overrides
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError


def override_rules(texts: dict[str, str], **options: Any) -> dict[str, Any]:
    try:
        return {"groups": _rule_overrides.override(_rule_overrides.parse(texts), **options), "problems": []}
    except MetricsError as error:
        return {"groups": {}, "problems": error.message.splitlines()}


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"override_rules": override_rules}
