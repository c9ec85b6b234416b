# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the labels or annotations that kube-state-metrics is to report."""

from __future__ import annotations

DOCUMENTATION = r"""
name: allowlist_problems
short_description: Tells what is wrong with labels or annotations to report by resource
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Judges lists of keys by resource, as kube-state-metrics takes them in C(--metric-labels-allowlist).
options:
  _input:
    description: Lists of keys by resource.
    type: dict
    required: true
  variable:
    description: The name of the variable that they come from.
    type: str
    required: true
  resources:
    description: The resources that are reported.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Labels of what is not reported
  ansible.builtin.debug:
    msg: "{{ {'pod': ['team']} | longterm.metrics.allowlist_problems('kube_state_metrics_labels', ['pods']) }}"
"""

RETURN = r"""
_value:
  description: What is wrong, in full sentences.
  type: list
  elements: str
  sample: ["kube_state_metrics_labels has pod, which kube_state_metrics_resources does not have; did you mean pods?"]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _allowlists


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"allowlist_problems": _allowlists.problems}
