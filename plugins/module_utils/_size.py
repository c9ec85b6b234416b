# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sizes as Prometheus and Thanos read them: 250MB, 1GiB (github.com/alecthomas/units, ParseBase2Bytes)."""

from __future__ import annotations

import re

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

PATTERN = r"(\d{1,18})(B|[KMGTPE]i?B)"
_SIZE = re.compile(PATTERN, re.ASCII)
_POWERS = " KMGTPE"


def parse(text: str) -> int:
    """How many bytes a size is; the units are powers of 1024, with and without the `i`. Raises MetricsError for anything else."""
    found = _SIZE.fullmatch(text)
    if not found:
        raise MetricsError(f"{text!r} is not a size like 40GB.")
    return int(found[1]) * int(1024 ** _POWERS.index(found[2][0] if found[2] != "B" else " "))
