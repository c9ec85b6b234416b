# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with scrape configurations."""

from __future__ import annotations

DOCUMENTATION = r"""
name: scrape_config_problems
short_description: Tells what Prometheus would refuse in scrape configurations, or misread
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - >-
    Judges C(scrape_configs) of Prometheus 3.15 at every depth: unknown keys, types, durations, regular expressions as RE2 reads
    them, names of labels and jobs, targets, and options that contradict each other.
  - The values of secrets are never shown.
options:
  _input:
    description: The scrape configurations.
    type: list
    elements: dict
    required: true
  interval:
    description: The interval of jobs that have none of their own.
    type: str
    default: ""
  jobs:
    description: Names of other jobs, which are taken.
    type: list
    elements: str
    default: []
  variable:
    description: The name of the variable that they come from.
    type: str
    default: prometheus_scrape_configs
"""

EXAMPLES = r"""
- name: A job that takes longer than its interval
  ansible.builtin.debug:
    msg: "{{ jobs | longterm.metrics.scrape_config_problems(interval='30s') }}"
  vars:
    jobs: [{job_name: printer, scrape_timeout: 1m, static_configs: [{targets: ["printer:9100"]}]}]
"""

RETURN = r"""
_value:
  description: What is wrong, each a full sentence that begins with the path of the value.
  type: list
  elements: str
  sample: ["prometheus_scrape_configs[0].scrape_timeout is 1m; must not be longer than prometheus_scrape_interval, 30s."]
"""

from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _scrape_configs


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"scrape_config_problems": _scrape_configs.problems}
