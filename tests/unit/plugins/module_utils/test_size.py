# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sizes as Prometheus and Thanos read them."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _size
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError


def test_units_are_powers_of_1024_with_and_without_the_i() -> None:
    assert [_size.parse(text) for text in ("512B", "1KB", "1KiB", "2GB")] == [512, 1024, 1024, 2 * 1024**3]


@pytest.mark.parametrize("text", ["much", "", "250", "1.5GB", "-1MB", "1mb", "9" * 19 + "B"])
def test_anything_else_is_no_size(text: str) -> None:
    with pytest.raises(MetricsError):
        _size.parse(text)
