# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Labels and annotations that kube-state-metrics is to report, by resource.

https://github.com/kubernetes/kube-state-metrics/blob/v2.18.0/docs/developer/cli-arguments.md
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._schema import ListOf, MapOf, nearest, shown
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import text

_PART = "[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_KEY = text(
    rf"[*]|([a-z0-9]([a-z0-9.-]{{0,251}}[a-z0-9])?/)?{_PART}", "a key such as app.kubernetes.io/name, or * for all", empty=False
)
_SCHEMA = MapOf(ListOf(_KEY, 1, unique=True))


def problems(allowlists: Any, variable: str, resources: Collection[str]) -> list[str]:
    """What is wrong with keys by resource, in full sentences; `resources` are those that are reported at all."""
    found = [*_SCHEMA.judge(allowlists, variable)]
    for resource, keys in allowlists.items() if isinstance(allowlists, dict) else ():
        if resource not in resources:
            hint = nearest(str(resource), resources)
            found.append(f"{variable} has {shown(resource)}, which kube_state_metrics_resources does not have; {hint}")
        if isinstance(keys, list | tuple) and "*" in keys and len(keys) > 1:
            found.append(f"{variable}.{resource} has * beside other keys; * alone already means all of them.")
    return found
