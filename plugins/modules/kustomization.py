#!/usr/bin/python
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kustomization
short_description: Make rendered sets a tree that kustomize builds
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Writes C(kustomization.yaml) to a folder that holds sets rendered by M(longterm.metrics.apply_set), and to each folder in
    it, so that Flux, Argo CD and C(kubectl apply -k) take the whole or a part.
  - Files of sets that are not named are removed, those that others wrote stay.
options:
  path:
    description: The folder, as O(longterm.metrics.apply_set#module:rendered_to) has it.
    type: path
    required: true
  sets:
    description: Names of the sets that belong to the tree, in the order in which they are listed.
    type: list
    elements: str
    required: true
  resources:
    description: Further resources, by their path from O(path).
    type: list
    elements: str
    default: []
  patches:
    description: Patches over all resources, as kustomize has them.
    type: list
    elements: dict
    default: []
attributes:
  action_group:
    description: It connects to no cluster, and so takes nothing from C(module_defaults) of the group C(longterm.metrics.all).
    support: none
  platform:
    description: Where the module runs; there need be no cluster.
    support: full
    platforms: posix
extends_documentation_fragment:
  - longterm.metrics.attributes
  - longterm.metrics.attributes.diff
"""

EXAMPLES = r"""
- name: Two sets that kustomize builds, and nothing of others rendered before
  longterm.metrics.kustomization:
    path: clusters/production
    sets: [namespace, thanos]
"""

RETURN = r"""
resources:
  description: What the kustomization of the folder itself lists.
  returned: success
  type: list
  elements: str
  sample: [namespace.yaml, thanos]
removed:
  description: Paths of the files that were removed, as their set is none of O(sets).
  returned: success
  type: list
  elements: str
"""

from pathlib import Path
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _kustomization
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

OPTIONS = {
    "path": {"type": "path", "required": True},
    "sets": {"type": "list", "elements": "str", "required": True},
    "resources": {"type": "list", "elements": "str", "default": []},
    "patches": {"type": "list", "elements": "dict", "default": []},
}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    try:
        root = Path(options["path"])
        return _kustomization.write(root, options["sets"], options["resources"], options["patches"], check=call.check_mode)
    except OSError as error:
        raise MetricsError(f"{error.filename} cannot be used: {error.strerror}") from error


MODULE = Definition(run, OPTIONS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
