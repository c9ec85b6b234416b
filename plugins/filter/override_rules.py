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
  - >-
    Judges the rule files of the user: their names, unknown keys at every depth, durations, names of labels, brackets and quotes
    of expressions, rules that are there twice, and sizes.
  - What is wrong is told by the variable of the role P(longterm.metrics.rules#role) that it comes from.
options:
  _input:
    description: The texts of rule files by their paths.
    type: dict
    required: true
  extra:
    description: The texts of the user's rule files by their paths.
    type: dict
    default: {}
  together:
    description: Whether all files go into one ConfigMap, and not each into a PrometheusRule.
    type: bool
    default: false
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
      description: >-
        The lists of groups by the names of their objects: that of the file with hyphens for underscores, and C(extra-) before
        those of the user. A file none of whose groups is left is left out.
      type: dict
    files:
      description: The texts of the files by their names.
      type: dict
    problems:
      description: What is wrong, each naming its variable; there are no groups then.
      type: list
      elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _rule_files, _rule_overrides
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError


def override_rules(
    texts: Mapping[str, str], extra: Mapping[str, str] | None = None, together: bool = False, **options: Any
) -> dict[str, Any]:
    try:
        groups = _rule_overrides.override(_rule_files.load(texts, extra or {}), **options)
    except MetricsError as error:
        return {"groups": {}, "files": {}, "problems": error.message.splitlines()}
    if problems := [*_rule_files.too_large(groups, together)]:
        return {"groups": {}, "files": {}, "problems": problems}
    files = {f"{name}.yml": _rule_files.write(entries) for name, entries in groups.items()}
    return {"groups": groups, "files": files, "problems": []}


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"override_rules": override_rules}
