# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: alertmanager_config
short_description: Alertmanager's configuration from structured variables
version_added: 0.1.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Makes the configuration that Alertmanager reads of the variables of the role P(longterm.metrics.alertmanager#role).
  - Keys never stand in it. Where Alertmanager takes a key (C(api_url)), the variables name a key of a Secret
    (C(api_url_secret)), and the configuration the file it is mounted as (C(api_url_file)).
  - The receivers C(null), which receives nothing, and C(longterm-metrics-test), which gets test alerts and nothing else, are
    always there.
  - Every option of every receiver of Alertmanager 0.34 is known with its type. What is wrong is returned, not raised, so that
    all of it can be reported at once; no key is repeated.
positional: _input
options:
  _input:
    description: The variables of the role, without the prefix C(alertmanager_).
    type: dict
    required: true
    suboptions:
      global:
        description: Options of C(global).
        type: dict
      route:
        description: Receiver and times of the root route.
        type: dict
      routes:
        description: Routes below it.
        type: list
        elements: dict
      receivers:
        description: >-
          Receivers, each with C(name) and, by kinds such as C(slack) or C(email), lists of Alertmanager's options for them.
        type: list
        elements: dict
      inhibit_rules:
        description: Inhibition rules.
        type: list
        elements: dict
      time_intervals:
        description: Time intervals that routes name.
        type: list
        elements: dict
      templates:
        description: Notification templates by file name.
        type: dict
      test_webhook_url:
        description: Where the receiver C(longterm-metrics-test) sends to.
        type: str
      retention:
        description: How long Alertmanager remembers what it sent; no O(_input.route) may repeat after a longer time.
        type: str
      engine:
        description: With V(operator) or V(helm), what Prometheus Operator does not read is a problem.
        type: str
"""

EXAMPLES = r"""
- name: The configuration for a channel in Slack
  ansible.builtin.set_fact:
    made: "{{ variables | longterm.metrics.alertmanager_config }}"
  vars:
    variables:
      route: {receiver: on-call}
      receivers:
        - name: on-call
          slack:
            - channel: "#alerts"
              api_url_secret: {name: slack, key: url}
"""

RETURN = r"""
_value:
  description: The configuration, and what belongs to it.
  type: dict
  contains:
    config:
      description: The configuration; it can be used when there are no problems.
      type: dict
    secrets:
      description: Names of the Secrets to mount.
      type: list
      elements: str
    needed_secrets:
      description: What it reads of them, each C(name) and C(key).
      type: list
      elements: dict
    problems:
      description: What is wrong, each a sentence that names the path of its option.
      type: list
      elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_config import Configuration
from ansible_collections.longterm.metrics.plugins.module_utils._alertmanager_secrets import Secrets


def alertmanager_config(variables: Any) -> dict[str, Any]:
    if not isinstance(variables, Mapping):
        raise AnsibleFilterError(f"alertmanager_config takes a mapping, not {type(variables).__name__}.")
    made = Configuration(variables)
    return {"config": made.config, **_secrets(made.secrets), "problems": made.problems}


def _secrets(read: Secrets) -> dict[str, Any]:
    return {"secrets": sorted(read.names), "needed_secrets": [{"name": name, "key": key} for name, key in sorted(read.keys)]}


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"alertmanager_config": alertmanager_config}
