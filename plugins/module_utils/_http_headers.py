# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The headers of HTTP requests that a setting may add: RFC 9110, 5.1 and 5.6.2, and prometheus/common, config/headers.go."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_RESERVED = re.compile(
    "accept-encoding|authorization|connection|content-(encoding|length|type)|host|keep-alive|proxy-(authenticate|authorization)"
    "|user-agent|www-authenticate|x-amz-(content-sha256|date|security-token)|x-prometheus-remote-(read|write)-version"
    "|x-prometheus-scrape-timeout-seconds",
    re.IGNORECASE,
)
# No character that ends a line.
VALUE = r"[^\x00-\x08\x0a-\x1f\x7f]*"


def is_name(name: str) -> bool:
    return bool(_TOKEN.fullmatch(name))


def is_reserved(name: str) -> bool:
    """Whether the clients of Prometheus and Alertmanager set this header themselves."""
    return bool(_RESERVED.fullmatch(name))
