# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a rendered template says."""

from __future__ import annotations

DOCUMENTATION = r"""
name: from_yaml
short_description: Reads YAML 1.2, as templates print it
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Reads one document by the core schema of YAML 1.2.
  - The document may hold JSON in which characters beyond U+FFFF are two escapes, as the filter P(ansible.builtin.to_json#filter)
    prints them.
options:
  _input:
    description: The document.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: What a template says
  ansible.builtin.debug:
    msg: "{{ lookup('ansible.builtin.template', 'values.yaml.j2') | longterm.metrics.from_yaml }}"
"""

RETURN = r"""
_value:
  description: The value.
  type: raw
"""

from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.module_utils import _yaml
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError


def from_yaml(text: Any) -> Any:
    try:
        return _yaml.load(_yaml.of_json(str(text)))
    except MetricsError as error:
        raise AnsibleFilterError(f"from_yaml: {error.message}") from error


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"from_yaml": from_yaml}
