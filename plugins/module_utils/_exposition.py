# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The /metrics pages of what Prometheus scrapes.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

_LINE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{.*\})? ([^ ]+)")


def samples(page: str, names: Container[str]) -> Iterator[tuple[str, float]]:
    """The name and value of each series of these metrics."""
    lines = (_LINE.match(line) for line in page.splitlines() if not line.startswith("#"))
    return ((found[1], float(found[2])) for found in lines if found and found[1] in names)


def values(page: str, names: Container[str]) -> dict[str, float]:
    """The values of these metrics, by name; of one with several series the last."""
    return dict(samples(page, names))
