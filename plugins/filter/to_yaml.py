# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""YAML that means the same to every reader."""

from __future__ import annotations

DOCUMENTATION = r"""
name: to_yaml
short_description: Writes YAML that means the same to every reader
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Writes a value as one YAML document. Keys keep their order.
  - Text that YAML 1.1, YAML 1.2 or Go's libraries would take for a number, a date, a Boolean or null is quoted.
  - Vaulted values are decrypted. Those that cannot be are an error.
options:
  _input:
    description: The value.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: A configuration file
  ansible.builtin.copy:
    content: "{{ {'version': '1.10', 'enabled': 'on'} | longterm.metrics.to_yaml }}"
    dest: /tmp/config.yml
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The document.
  type: str
  sample: |
    version: '1.10'
    enabled: 'on'
"""

import json
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.json import get_encoder
from ansible_collections.longterm.metrics.plugins.module_utils import _yaml
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError


def to_yaml(value: Any) -> str:
    # By way of JSON: what Ansible wraps values in stays behind, and vaulted ones are decrypted.
    plain = json.loads(json.dumps(value, cls=get_encoder("tagless")))
    try:
        return _yaml.dump(plain)
    except MetricsError as error:
        raise AnsibleFilterError(f"to_yaml: {error.message}") from error


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"to_yaml": to_yaml}
