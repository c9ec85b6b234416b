# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: remote_write
short_description: Remote writes of the operator's Prometheus object, for a Prometheus without an operator
version_added: 0.1.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Makes C(remote_write) of Prometheus' configuration of entries in the words of the operator's C(remoteWrite).
  - A key of a Secret or a ConfigMap becomes a file below C(/etc/prometheus/remote-write). No key stands in the configuration.
positional: _input
options:
  _input:
    description: The entries, each with C(name) and C(url).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what Prometheus reads
  ansible.builtin.debug:
    msg: "{{ [{'name': 'archive', 'url': 'https://example.org/write'}] | longterm.metrics.remote_write }}"
"""

RETURN = r"""
_value:
  description: The configuration, and what belongs to it.
  type: dict
  contains:
    config:
      description: The entries as Prometheus reads them.
      type: list
      elements: dict
    sources:
      description: Sources of the projected volume at C(/etc/prometheus/remote-write), with the files that the entries name.
      type: list
      elements: dict
    needed_secrets:
      description: What the entries read of Secrets, each C(name) and C(key).
      type: list
      elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._remote_write import Native, Reference


def remote_write(entries: list[dict[str, Any]]) -> dict[str, Any]:
    native = Native()
    config = native.entries(entries)
    return {
        "config": config,
        "sources": [_source(file) for file in sorted(native.files)],
        "needed_secrets": [
            {"name": one.name, "key": one.key} for one in sorted(native.references) if one.kind == "secret" and not one.optional
        ],
    }


def _source(file: Reference) -> dict[str, Any]:
    items = [{"key": file.key, "path": f"{file.kind}/{file.name}/{file.key}"}]
    return {file.kind: {"name": file.name, "items": items, **({"optional": True} if file.optional else {})}}


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"remote_write": remote_write}
