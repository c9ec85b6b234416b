#!/usr/bin/python
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kubeconfig_file
short_description: Write the connection of the modules as a kubeconfig file
version_added: 0.2.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Writes a temporary kubeconfig of one context that connects as the modules of this collection do, for programs such as helm.
  - >-
    A token in the environment of a task is in the output of C(-vvv) and in the process list. The file has mode 0600 and shows
    in neither. It lies in a new folder of mode 0700, where other input of the program is safe, too. Remove the folder when the
    program is done.
  - It is written in check mode, too, and never reported as a change.
extends_documentation_fragment: [longterm.metrics.cluster, longterm.metrics.attributes]
"""

EXAMPLES = r"""
- name: List the releases as the user of the modules
  block:
    - name: Write the kubeconfig
      longterm.metrics.kubeconfig_file:
      register: written

    - name: List the releases
      ansible.builtin.command: helm list --kubeconfig={{ written.path }}
      changed_when: false
  always:
    - name: Remove the kubeconfig
      ansible.builtin.file:
        path: "{{ written.path | dirname }}"
        state: absent
      when: written.path is defined
"""

RETURN = r"""
path:
  description: Path of the file, which is alone in its folder.
  returned: success
  type: str
  sample: /tmp/longterm-metrics-1c4g/kubeconfig
context:
  description: The one context of the file.
  returned: success
  type: str
  sample: eu-1
"""

import os
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _cluster, _kubeconfig_file
from ansible_collections.longterm.metrics.plugins.module_utils._module import Call, Definition, run_module


def run(call: Call) -> dict[str, Any]:
    path, context = _kubeconfig_file.write(call.params, os.environ)
    return {"path": path, "context": context}


MODULE = Definition(run, _cluster.ARGUMENT_SPEC)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
