# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of an image reference."""

from __future__ import annotations

DOCUMENTATION = r"""
name: image_parts
short_description: Split an image reference into its parts, with a mirror and a digest applied
version_added: 0.2.0
author: The longterm.metrics founders (@longterm-metrics)
description:
  - Reads a reference as container runtimes do. A first part without C(.) or C(:) is no registry, unless it is C(localhost);
    C(busybox:1) is C(docker.io/library/busybox:1).
options:
  _input:
    description: The upstream reference.
    type: str
    required: true
  registry:
    description: Replaces the registry, for example with C(registry.example.org/mirror). Empty keeps it.
    type: str
    default: ""
  digests:
    description: Digests by upstream reference.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show where a node gets busybox
  ansible.builtin.debug:
    msg: "{{ ('busybox:1' | longterm.metrics.image_parts('registry.example.org')).reference }}"
"""

RETURN = r"""
_value:
  description: >-
    C(registry), C(repository), C(tag) and C(digest), the last two empty where there is none, and the whole as C(reference).
  type: dict
  sample:
    registry: registry.example.org
    repository: library/busybox
    tag: "1"
    digest: ""
    reference: registry.example.org/library/busybox:1
"""

import re
from collections.abc import Callable, Mapping

DOCKER = "docker.io"


def image_parts(reference: str, registry: str = "", digests: Mapping[str, str] | None = None) -> dict[str, str]:
    place, _at, own_digest = reference.partition("@")
    host, slash, path = place.partition("/")
    if not slash or not (re.search("[.:]", host) or host == "localhost"):
        host, path = DOCKER, place
    repository, _colon, tag = path.partition(":")
    if host == DOCKER and "/" not in repository:
        repository = f"library/{repository}"
    digest = (digests or {}).get(reference, own_digest)
    moved = f"{registry}/{repository}{tag and ':'}{tag}" if registry else place
    return {
        "registry": registry or host,
        "repository": repository,
        "tag": tag,
        "digest": digest,
        "reference": f"{moved}{digest and '@'}{digest}",
    }


class FilterModule:
    def filters(self) -> dict[str, Callable[..., dict[str, str]]]:
        return {"image_parts": image_parts}
