# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kubernetes quantities as numbers.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

import re
from decimal import Decimal

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError

_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
# Kubernetes counts to 2**63, so more digits stand for nothing.
_QUANTITY = re.compile(r"([+-]?(?:\d{1,20}\.?\d{0,20}|\.\d{1,20}))(?:[eE]([+-]?\d{1,2})|([KMGTPE]i|[numkMGTPE]?))", re.ASCII)


def parse(quantity: str | int | float) -> Decimal:
    """The exact number a quantity stands for: "250m" is 0.25, "1Ki" 1024, "2e3" 2000, "2E" two exa.

    Raises MetricsError for what is no quantity.
    """
    match = _QUANTITY.fullmatch(str(quantity))
    if not match:
        raise MetricsError(f"{quantity!r} is no Kubernetes quantity; those are numbers such as 2, 250m, 1.5Gi or 1e3.")
    number, exponent, suffix = match.groups()
    if exponent is not None:
        return Decimal(number).scaleb(int(exponent))
    if suffix in _BINARY:
        return Decimal(number) * 1024 ** _BINARY[suffix]
    return Decimal(number).scaleb(_DECIMAL[suffix])
