# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of a container's command and arguments, those of a shell's script too."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

# A variable in an argument, as Kubernetes and shells put its value in.
REFERENCE = re.compile(r"\$\(([A-Za-z_]\w*)\)|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)", re.ASCII)
# A script that may start Thanos.
SCRIPT = re.compile(r"\S\s+(?:.*\s)?compact(?:[\s;&|)]|$)", re.DOTALL)


def words_of(container: Mapping[str, Any]) -> list[str]:
    """The words of a container's command and arguments; those of a shell's script, too."""
    words: list[str] = []
    given = {entry["name"]: entry["value"] for entry in container.get("env") or () if entry.get("value")}
    for word in (*(container.get("command") or ()), *(container.get("args") or ())):
        word = REFERENCE.sub(lambda match: str(given.get(match[1] or match[2] or match[3], match[0])), word)
        words += _of_script(word) if SCRIPT.search(re.sub(r"[\"'()]", " ", word)) else [word]
    return words


def _of_script(text: str) -> list[str]:
    words = shlex.shlex(text, posix=True, punctuation_chars=";&|()")
    words.whitespace_split = True
    try:
        return list(words)
    except ValueError:
        return text.split()
