# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._relabel_schema import RELABEL


@pytest.mark.parametrize(
    "step",
    [
        {"source_labels": ["__address__"], "target_label": "instance"},
        {"target_label": "team", "replacement": "web"},
        {
            "source_labels": ["a", "service.name"],
            "separator": "",
            "regex": "(.+):.*",
            "target_label": "${1}",
            "action": "Replace",
        },
        {"source_labels": ["a"], "regex": "b|c", "action": "keep", "replacement": "$1", "separator": ";"},
        {"source_labels": ["a"], "modulus": 4, "target_label": "__tmp_hash", "action": "hashmod"},
        {"regex": "__meta_kubernetes_pod_label_(.+)", "action": "labelmap"},
        {"regex": "pod", "action": "labeldrop", "separator": ";", "replacement": "$1"},
        {"source_labels": ["a"], "target_label": "b", "action": "keepequal", "regex": "(.*)"},
    ],
)
def test_a_step_that_prometheus_takes_has_no_findings(step: dict[str, Any]) -> None:
    assert [*RELABEL.judge(step, "steps[0]")] == []


@pytest.mark.parametrize(
    ("step", "finding"),
    [
        ({"source_labels": "a", "target_label": "b"}, "steps[0].source_labels is text; must be a list."),
        ({"source_label": ["a"], "target_label": "b"}, "steps[0] has the unknown key source_label; did you mean source_labels?"),
        (
            {"source_labels": ["a, b"], "target_label": "c"},
            "steps[0].source_labels[0] is a, b; must be the name of a label such as job.",
        ),
        (
            {"source_labels": ["a"], "regex": "^(?!test).*", "action": "keep"},
            "steps[0].regex is ^(?!test).*; must be a regular expression: RE2 has no lookaheads.",
        ),
        (
            {"source_labels": ["a"], "regex": True, "action": "keep"},
            "steps[0].regex is the boolean true; must be a regular expression, in quotes.",
        ),
        ({"source_labels": ["a"]}, "steps[0] has no target_label; the action replace needs it."),
        ({"regex": "b", "action": "drop"}, "steps[0] has no source_labels; the action drop needs it."),
        ({"target_label": "b", "action": "HashMod"}, "steps[0] has no modulus; the action hashmod needs it."),
        ({"target_label": "b", "modulus": 0}, "steps[0].modulus is 0; must be a whole number of at least 1."),
        ({"action": "labelkeep"}, "steps[0] has no regex; the action labelkeep needs it."),
        (
            {"source_labels": ["a"], "regex": "b", "action": "labeldrop"},
            "steps[0] has source_labels, which the action labeldrop does not take.",
        ),
        (
            {"source_labels": ["a"], "target_label": "b", "regex": "c", "action": "dropequal"},
            "steps[0] has regex, which the action dropequal does not take.",
        ),
        (
            {"target_label": "b", "replacement": "c", "action": "uppercase"},
            "steps[0] has replacement, which the action uppercase does not take.",
        ),
        (
            {"source_labels": ["a"], "regex": "(.+):.*", "target_label": "b", "replacement": "$1_host"},
            "steps[0].replacement has $1_host, which regex does not capture; write a group that it has, such as ${1}.",
        ),
        (
            {"regex": "app_.+", "action": "labelmap", "replacement": "$1"},
            "steps[0].replacement has $1, which regex does not capture; write a group that it has, such as ${1}.",
        ),
        (
            {"target_label": "b", "action": "set"},
            "steps[0].action is set; must be one of replace, keep, drop, lowercase, uppercase, keepequal, dropequal, hashmod, "
            "labelmap, labeldrop, labelkeep.",
        ),
    ],
)
def test_a_step_that_prometheus_refuses_or_that_does_nothing_is_named(step: dict[str, Any], finding: str) -> None:
    assert [*RELABEL.judge(step, "steps[0]")] == [finding]
