# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._allowlists import problems


@pytest.mark.parametrize("allowlists", [{}, {"pods": ["app.kubernetes.io/name", "team"], "nodes": ["*"]}])
def test_keys_by_reported_resources_are_right(allowlists: dict[str, Any]) -> None:
    assert problems(allowlists, "labels", ["nodes", "pods"]) == []


@pytest.mark.parametrize(
    ("allowlists", "finding"),
    [
        ([], "labels is a list; must be a dictionary."),
        ({"pods": "team"}, "labels.pods is text; must be a list."),
        ({"pods": []}, "labels.pods has 0 entries; must have at least 1."),
        ({"pods": [5]}, "labels.pods[0] is the number 5; must be a key such as app.kubernetes.io/name, or * for all."),
        ({"pods": ["a,b"]}, "labels.pods[0] is a,b; must be a key such as app.kubernetes.io/name, or * for all."),
        ({"pods": ["a]"]}, "labels.pods[0] is a]; must be a key such as app.kubernetes.io/name, or * for all."),
        ({"pods": ["a/b/c"]}, "labels.pods[0] is a/b/c; must be a key such as app.kubernetes.io/name, or * for all."),
        ({"pods": ["a", "a"]}, "labels.pods[1] is a, as labels.pods[0] is; must be unique."),
        ({"pods": ["a", "*"]}, "labels.pods has * beside other keys; * alone already means all of them."),
        ({"node": ["a"]}, "labels has node, which kube_state_metrics_resources does not have; did you mean nodes?"),
        ({"jobs": ["a"]}, "labels has jobs, which kube_state_metrics_resources does not have; it takes nodes, pods."),
    ],
)
def test_what_would_report_nothing_or_is_no_key_is_named(allowlists: Any, finding: str) -> None:
    assert problems(allowlists, "labels", ["nodes", "pods"]) == [finding]
