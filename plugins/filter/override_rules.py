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
  - Findings name the variable of the role P(longterm.metrics.rules#role) that they are about.
options:
  _input:
    description: The texts of rule files by their paths.
    type: dict
    required: true
  extra:
    description: The texts of the user's rule files by their paths.
    type: dict
    default: {}
  ruler:
    description: The texts of rule files of the Ruler of Thanos by their paths.
    type: dict
    default: {}
  ruler_extra:
    description: The texts of the user's rule files of the Ruler by their paths.
    type: dict
    default: {}
  cluster:
    description: The name of the cluster, for which C("$cluster") stands in expressions of the Ruler.
    type: str
    default: ""
  together:
    description: Whether all files go into one ConfigMap, and not each into a PrometheusRule.
    type: bool
    default: false
  strict:
    description: Whether problems are an error.
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
    description: How often groups of Prometheus are evaluated that do not say so themselves. Empty leaves it to Prometheus.
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
    ruler_groups:
      description: The same groups of the Ruler; C(ruler-extra-) is before the names of the user's files.
      type: dict
    ruler_files:
      description: The texts of the Ruler's files by their names.
      type: dict
    checked:
      description: The texts of all files by their names, without what promtool does not know.
      type: dict
    problems:
      description: What is wrong, each naming its variable; there are no groups then.
      type: list
      elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.module_utils import _rule_files, _rule_overrides
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._rule_files import PROMETHEUS, RULER


def override_rules(
    texts: Mapping[str, str],
    extra: Mapping[str, str] | None = None,
    ruler: Mapping[str, str] | None = None,
    ruler_extra: Mapping[str, str] | None = None,
    cluster: str = "",
    together: bool = False,
    strict: bool = False,
    **options: Any,
) -> dict[str, Any]:
    problems: list[str] = []
    documents: list[dict[str, Any]] = []
    for evaluator, own, users in ((PROMETHEUS, texts, extra or {}), (RULER, ruler or {}, ruler_extra or {})):
        try:
            documents.append(_rule_files.load(own, users, evaluator, documents[0] if documents else {}))
        except MetricsError as error:
            problems += error.message.splitlines()
            documents.append({})
    parts: list[dict[str, Any]] = [{}, {}]
    if not problems:
        try:
            groups = _rule_overrides.override({name: one for part in documents for name, one in part.items()}, **options)
        except MetricsError as error:
            problems += error.message.splitlines()
        else:
            parts = [{name: groups[name] for name in part if name in groups} for part in documents]
            parts[1] = {name: _of_ruler(entries, documents[1][name], cluster) for name, entries in parts[1].items()}
    for evaluator, part in zip((PROMETHEUS, RULER), parts, strict=True):
        problems += _rule_files.too_large(part, together, evaluator)
    if problems and strict:
        raise AnsibleFilterError("\n".join(problems))
    if problems:
        parts = [{}, {}]
    for_prometheus, for_ruler = parts
    return {
        "groups": for_prometheus,
        "files": _written(for_prometheus),
        "ruler_groups": for_ruler,
        "ruler_files": _written(for_ruler),
        "checked": _written({name: _rule_files.for_promtool(entries) for part in parts for name, entries in part.items()}),
        "problems": problems,
    }


def _of_ruler(groups: list[dict[str, Any]], document: Mapping[str, Any], cluster: str) -> list[dict[str, Any]]:
    """Groups of the Ruler, which has an interval of its own."""
    timed = {group["name"] for group in document["groups"] if "interval" in group}
    own = [{key: value for key, value in group.items() if key != "interval" or group["name"] in timed} for group in groups]
    return _rule_overrides.of_cluster(own, cluster)


def _written(groups: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
    return {f"{name}.yml": _rule_files.write(entries) for name, entries in groups.items()}


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"override_rules": override_rules}
