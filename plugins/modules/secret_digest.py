#!/usr/bin/python
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: secret_digest
short_description: Digests of Secrets, to restart pods when they change
version_added: 0.2.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Returns a digest of each Secret, never a value.
  - As an annotation of a pod template, it restarts the pods when the Secret changes.
  - The digest is a hash of the data, keyed by the Secret's uid, so it does not help anybody to guess a value.
  - M(longterm.metrics.apply_set) does the same for its own objects. This module is for templates that something else applies,
    such as the values of a chart.
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.attributes
options:
  namespace:
    description: Namespace of the Secrets.
    type: str
    required: true
  names:
    description: Names of the Secrets. One that does not exist is an error; in check mode it is left out of RV(digests).
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Digests of what Grafana reads at startup
  longterm.metrics.secret_digest:
    namespace: metrics
    names: [grafana-admin]
  register: secrets
"""

RETURN = r"""
digests:
  description: The digest of each Secret, by its name.
  returned: success
  type: dict
  sample: {"grafana-admin": "hmac-5f0c1d7d9a0b44e2"}
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _secret_digests
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

OPTIONS = {
    "namespace": {"type": "str", "required": True},
    "names": {"type": "list", "elements": "str", "required": True},
}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    cluster = _cluster.connect(options)
    digests = _secret_digests.read(cluster, options["namespace"], options["names"], "a pod", check=call.check_mode)
    return {"digests": digests}


MODULE = Definition(run, {**_cluster.ARGUMENT_SPEC, **OPTIONS})


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
