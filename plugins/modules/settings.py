#!/usr/bin/python
# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: settings
short_description: Judge the settings of all roles of a play
version_added: 0.2.0
author: [The longterm.metrics founders (@longterm-metrics)]
description:
  - Judges the variables of all roles of this collection in the play, by their argument specs (C(meta/argument_specs.yml)) and
    constraints (C(meta/constraints.yml)), and fails with everything it finds. It reads no cluster and changes nothing.
  - Every role runs it as a dependency, so a play need not. Only the first run in a play judges all roles; a later one judges a
    role again if its variables have changed.
  - A variable that begins like those of a role, but that no role declares, is a finding. So is a variable of the wrong type.
    Text is converted only to a number or to V(true) and V(false).
attributes:
  action_group:
    description: It connects to no cluster, and so takes nothing from C(module_defaults) of the group C(longterm.metrics.all).
    support: none
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    description: It changes nothing.
    support: full
notes:
  - It runs on the controller.
extends_documentation_fragment:
  - longterm.metrics.attributes
"""

EXAMPLES = r"""
- name: Judge the settings
  longterm.metrics.settings:
  register: judged
"""

RETURN = r"""
converted:
  description: Variables whose type differs from what was given, by name, as the templates of all roles see them.
  returned: success
  type: dict
digests:
  description: A digest of the variables of each role that was judged.
  returned: success
  type: dict
play:
  description: The play they were judged in.
  returned: success
  type: str
"""

from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    module = AnsibleModule(argument_spec={}, supports_check_mode=True)
    module.fail_json(msg="longterm.metrics.settings runs on the controller, as the action plugin of that name.")


if __name__ == "__main__":
    main()
