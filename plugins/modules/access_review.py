#!/usr/bin/python
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: access_review
short_description: Tell which rights on a cluster are missing
version_added: 0.2.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Asks the API server (C(SelfSubjectAccessReview)) for each right of the rules whether the login has it, and fails with all that
    are missing at once.
  - Needs no right of its own.
options:
  cluster:
    description: Rules for the whole cluster, as a ClusterRole has them. Rules on URLs are not asked for.
    type: list
    elements: dict
    default: []
  namespaces:
    description: Rules by the namespace for which they are.
    type: dict
    default: {}
extends_documentation_fragment: [longterm.metrics.cluster, longterm.metrics.attributes]
"""

EXAMPLES = r"""
- name: Refuse a login that may not make Deployments
  longterm.metrics.access_review:
    namespaces:
      metrics:
        - {apiGroups: [apps], resources: [deployments], verbs: [get, list, create, patch, delete]}
"""

RETURN = r"""
missing:
  description: The missing rights, a line for each resource.
  returned: always, once the cluster has answered
  type: list
  elements: str
  sample: ["create, patch deployments.apps in metrics"]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _rights
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, one_by_one
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

REMEDY = "playbooks/access.yml writes roles that have all of them, for an administrator to apply."


OPTIONS = {
    "cluster": {"type": "list", "elements": "dict", "default": []},
    "namespaces": {"type": "dict", "default": {}},
}


def run(call: Call) -> dict[str, Any]:
    rules = {"": call.params["cluster"], **call.params["namespaces"]}
    cluster = _cluster.connect(call.params)
    rights = [right for namespace, entries in rules.items() for right in _rights.of_rules(entries, namespace)]
    missing = _rights.told(_rights.missing(cluster, list(dict.fromkeys(rights))))
    if missing:
        raise MetricsError(
            f"The login on {cluster.server} lacks these rights:\n{one_by_one(missing, 100)}\n{REMEDY}", missing=missing
        )
    return {"missing": []}


MODULE = Definition(run, {**_cluster.ARGUMENT_SPEC, **OPTIONS})


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
