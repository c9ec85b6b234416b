# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a duration of Prometheus is."""

from __future__ import annotations

DOCUMENTATION = r"""
name: seconds
short_description: How long a duration of Prometheus is
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Converts a duration as Prometheus reads it, such as C(1m30s), to seconds.
options:
  _input:
    description: The duration.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Wait for three intervals
  ansible.builtin.pause:
    seconds: "{{ 3 * '30s' | longterm.metrics.seconds }}"
"""

RETURN = r"""
_value:
  description: Its length in seconds.
  type: float
"""

from collections.abc import Callable

from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import formats


def seconds(duration: str) -> float:
    try:
        return formats.seconds(duration)
    except MetricsError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., float]]:
        return {"seconds": seconds}
