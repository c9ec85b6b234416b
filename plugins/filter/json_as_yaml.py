# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON in a YAML file, as every reader of YAML understands it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: json_as_yaml
short_description: Makes JSON in a YAML file readable to every reader of YAML
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Templates print values as JSON, by the filter P(ansible.builtin.to_json#filter). It writes characters beyond U+FFFF as two
    escapes, which libraries for YAML refuse. This filter makes one of them, and leaves the rest of the file as it is.
options:
  _input:
    description: The text of the file.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Values of a chart
  ansible.builtin.copy:
    content: "{{ lookup('ansible.builtin.template', 'values.yaml.j2') | longterm.metrics.json_as_yaml }}"
    dest: /tmp/values.yaml
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The text.
  type: str
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _yaml


def json_as_yaml(text: Any) -> str:
    return _yaml.of_json(str(text))


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"json_as_yaml": json_as_yaml}
