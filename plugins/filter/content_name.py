# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that carry a hash of what they name."""

from __future__ import annotations

DOCUMENTATION = r"""
name: content_name
short_description: A name that carries a hash of what it names
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Appends a hash of the content to a name. What cannot be changed, such as the pod template of a Job, gets another name with
    other content.
  - The same content always gives the same name, in whatever order its keys are.
options:
  _input:
    description: The name, to which 11 characters are appended.
    type: str
    required: true
  content:
    description: The content, which JSON can hold.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Name a Job by its pod template
  ansible.builtin.debug:
    msg: "{{ 'backup' | longterm.metrics.content_name(template) }}"
"""

RETURN = r"""
_value:
  description: The name.
  type: str
  sample: backup-4355a46b19
"""

import hashlib
import json
from typing import Any


def content_name(name: str, content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"content_name": content_name}
