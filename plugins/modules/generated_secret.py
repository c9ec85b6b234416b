#!/usr/bin/python
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: generated_secret
short_description: Make a Secret of random values, once
version_added: 0.1.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Makes a Secret whose values are random, in the cluster, and never shows them. Workloads and modules read them there.
  - A key that has a value keeps it; a key that is missing gets one; keys of others stay.
  - The values come from the random source of the operating system that cryptography uses (Python's C(secrets)).
options:
  name:
    description: Name of the Secret.
    type: str
    required: true
  namespace:
    description: Namespace of the Secret; it must exist.
    type: str
    required: true
  state:
    description: V(absent) deletes the Secret, but for one in which others wrote keys; it stays, with a warning.
    type: str
    choices: [present, absent]
    default: present
  keys:
    description: The keys that get values, each with the way its value is made.
    type: dict
    default: {}
  rotate:
    description: Keys that get a new value although they have one.
    type: list
    elements: str
    default: []
  labels:
    description: Labels of the Secret.
    type: dict
    default: {}
notes:
  - A value of O(keys) is a dictionary with C(length), the number of characters (32 when it is left out, at least 8), and
    C(alphabet), the characters to choose from (letters and digits when it is left out).
extends_documentation_fragment:
  - longterm.metrics.cluster
  - longterm.metrics.attributes
  - longterm.metrics.attributes.diff
"""

EXAMPLES = r"""
- name: Give the object store its keys
  longterm.metrics.generated_secret:
    name: object-store-credentials
    namespace: metrics
    keys:
      AWS_ACCESS_KEY_ID: {length: 20, alphabet: ABCDEFGHIJKLMNOPQRSTUVWXYZ234567}
      AWS_SECRET_ACCESS_KEY: {length: 40}
"""

RETURN = r"""
generated:
  description: Keys that got a value in this run, or would in check mode. The values are never returned.
  returned: O(state=present)
  type: list
  elements: str
  sample: [AWS_SECRET_ACCESS_KEY]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _generated_secret
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module

OPTIONS = {
    "name": {"type": "str", "required": True},
    "namespace": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "keys": {"type": "dict", "default": {}, "no_log": False},
    "rotate": {"type": "list", "elements": "str", "default": [], "no_log": False},
    "labels": {"type": "dict", "default": {}},
}


def run(call: Call) -> dict[str, Any]:
    options = call.params
    secret = _generated_secret.GeneratedSecret(_cluster.connect(options), options["name"], options["namespace"])
    if options["state"] == "absent":
        return secret.remove(check=call.check_mode)
    result = secret.ensure(options["keys"], set(options["rotate"]), options["labels"], check=call.check_mode)
    call.warnings += result.pop("warnings", [])
    return result


MODULE = Definition(run, {**_cluster.ARGUMENT_SPEC, **OPTIONS})


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
