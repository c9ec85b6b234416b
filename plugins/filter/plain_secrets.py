# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where secrets stand in settings as they are."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plain_secrets
short_description: Tells where secrets stand in settings as they are
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Takes settings of any depth and gives the paths of secrets in them, told by names of options (C(adminPassword)).
  - Names of Secrets and of their keys, paths of files, labels, and what Grafana reads from a file or the environment are none.
options:
  _input:
    description: The settings.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Values of a chart name Secrets and hold none
  ansible.builtin.assert:
    that: values | longterm.metrics.plain_secrets == []
"""

RETURN = r"""
_value:
  description: The paths.
  type: list
  elements: str
  sample: [grafana.adminPassword]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _plain_secrets


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"plain_secrets": _plain_secrets.paths}
