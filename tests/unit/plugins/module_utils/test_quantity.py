# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kubernetes quantities as numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _quantity
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError


@pytest.mark.parametrize(
    ("quantity", "number"),
    [
        ("2", "2"),
        (2, "2"),
        (0.5, "0.5"),
        ("1.5", "1.5"),
        (".5", "0.5"),
        ("250m", "0.25"),
        ("1000m", "1"),
        ("100u", "0.0001"),
        ("5n", "0.000000005"),
        ("1k", "1000"),
        ("2M", "2000000"),
        ("1Ki", "1024"),
        ("24581692Ki", "25171652608"),
        ("0.5Mi", "524288"),
        ("1Gi", "1073741824"),
        ("1e3", "1000"),
        ("12E3", "12000"),
        ("1E-1", "0.1"),
        ("2E", "2000000000000000000"),
        ("1Ei", "1152921504606846976"),
        ("-1", "-1"),
        ("+3G", "3000000000"),
    ],
)
def test_a_quantity_is_the_number_it_stands_for(quantity: str, number: str) -> None:
    assert _quantity.parse(quantity) == Decimal(number)


@pytest.mark.parametrize("text", ["", "m", "1 Gi", "1KI", "1ki", "1K", "1GB", "0x10", "1e", "one", "1.2.3", "٣"])
def test_what_is_no_quantity_is_named(text: str) -> None:
    with pytest.raises(MetricsError, match="is no Kubernetes quantity"):
        _quantity.parse(text)
