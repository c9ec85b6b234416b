# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tenant of Thanos Receive a remote write is for.

https://thanos.io/tip/components/receive.md/#tenant-lifecycle-management
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def tenant_of(write: Mapping[str, Any], header: str, default: str) -> str:
    """The tenant that an entry of the operator's remoteWrite names by this header, or the default one."""
    # Names of headers have no case.
    named = [str(value) for name, value in write.get("headers", {}).items() if str(name).lower() == header.lower()]
    return named[-1] if named else default


def problems(options: Mapping[str, Any], header: str, default: str, variable: str = "prometheus_receive_options") -> list[str]:
    """What is wrong with the tenant that Prometheus writes as, in full sentences."""
    try:
        tenant = tenant_of(options, header, default)
    except AttributeError:
        # Others find what is no dictionary.
        return []
    if not tenant or "/" in tenant or tenant in (".", ".."):
        return [f"{variable}.headers.{header} is {tenant}; must be the name of a tenant, without slashes."]
    return []
