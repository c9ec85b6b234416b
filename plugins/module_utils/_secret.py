# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials that modules read in the cluster, from the Secret that the option credentials_secret names."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping

from ansible_collections.longterm.metrics.plugins.module_utils._cluster import Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError


def credentials(
    cluster: Cluster, reference: Mapping[str, str], *options: str, absent: type[MetricsError] = MetricsError, exact: bool = False
) -> tuple[str, ...]:
    """The values of the keys that these suboptions of `reference` name, without white space around them.

    Raises `absent` when there is no such Secret, MetricsError when it lacks a key; no error quotes a value. With `exact`, white
    space around a value is an error: whoever else reads it takes it as part of the value.
    """
    name = f"{reference['namespace']}/{reference['name']}"
    found = cluster.find(f"/api/v1/namespaces/{reference['namespace']}/secrets/{reference['name']}")
    wanted = [reference[option] for option in options]
    if found is None:
        keys = " and ".join(wanted)
        raise absent(f"There is no Secret {name} (credentials_secret) in {cluster.server}. Create it with the keys {keys}.")
    data = found.get("data") or {}
    if missing := [key for key in wanted if not data.get(key)]:
        raise MetricsError(
            f"Secret {name} (credentials_secret) has no {' and no '.join(missing)}; "
            f"it has {', '.join(sorted(data)) or 'nothing'}. Name its keys with {' and '.join(options)}."
        )
    try:
        values = [b64decode(data[key]).decode() for key in wanted]
    except UnicodeDecodeError:
        raise MetricsError(f"Secret {name} (credentials_secret): {' or '.join(wanted)} is no UTF-8 text.") from None
    if exact and (padded := [key for key, value in zip(wanted, values, strict=True) if value != value.strip()]):
        raise MetricsError(
            f"Secret {name} (credentials_secret): {' and '.join(padded)} begins or ends with white space, which pods take as "
            "part of the value. Write it without, for example by printf instead of echo."
        )
    return tuple(value.strip() for value in values)
