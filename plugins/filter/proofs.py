# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report about the proofs of a stack."""

from __future__ import annotations

DOCUMENTATION = r"""
name: proofs
short_description: Judges proofs by what their tasks registered
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - A proof that failed is C(FAILED), with the errors of its tasks.
  - One whose tasks were skipped C(did not run), because a variable turned it off, because it would change the cluster in check
    mode, or because of an earlier failure. Only the last of these is a failure.
  - One that cannot be taken yet is C(not due), with the time when it is.
  - Any other one C(passed) if something was seen that proves it, and is C(FAILED) otherwise.
options:
  _input:
    description:
      - The proofs, each with C(number), C(name), C(look) (where to look when it fails) and C(steps), what its tasks registered
        by a name of each.
      - They may have C(seen) (what was seen, in words) or C(timed) (steps with the C(seconds) they took), C(evidence) (how much
        of it), C(optional) (the steps that may be skipped), C(switches) (the variables that turn it off, with their values),
        C(writes) (whether check mode skips it) and C(due) (the Unix time from which it can be taken).
    type: list
    elements: dict
    required: true
  check_mode:
    description: Whether this is check mode.
    type: bool
    default: false
  not_due_allowed:
    description: Whether a proof that is not due yet is accepted.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Fail with the proofs that failed
  ansible.builtin.fail:
    msg: "{{ report.failures }}"
  when: report.failures | length > 0
  vars:
    report: "{{ [proof] | longterm.metrics.proofs }}"
    proof: {number: 1, name: rules healthy, look: the page /rules, steps: {rules: "{{ rules }}"}, evidence: "{{ rules.rules }}"}
"""

RETURN = r"""
_value:
  description: >-
    C(table), a line for each proof; C(failures), at most three lines for each proof that fails the run; C(summary), their names
    in one line; C(details), the same in full; and C(cut), whether the lines leave out any of it. None of them shows what looks
    like a password, a key or a token.
  type: dict
"""

import time
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _proofs


def proofs(declared: Any, check_mode: bool = False, not_due_allowed: bool = False) -> dict[str, Any]:
    return _proofs.report(declared, check_mode=check_mode, not_due_allowed=not_due_allowed, now=time.time())


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"proofs": proofs}
