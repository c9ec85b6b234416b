# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with an object storage configuration: what Thanos and s3_bucket would say, before anything is touched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._objstore import TYPES
from ansible_collections.longterm.metrics.plugins.module_utils._objstore_schema import PROVIDERS
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.formats import is_endpoint
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings.words import shown, unknown

_VARIABLE = "metrics_objstore_config"
_SECRET = re.compile(
    "access_key|account_key|secret|token|password|passphrase|privatekey|connection_string|service_account|storage_key",
    re.IGNORECASE,
)
_REMEDY = (
    "put keys into the Secret that metrics_objstore_credentials_secret names, or give the pods a cloud identity by"
    " metrics_service_account_annotations."
)


def problems(configuration: Mapping[str, Any]) -> list[str]:
    """A sentence for each problem. Values that may be keys are never shown."""
    return [*_of_the_whole(configuration), *_of_the_provider(configuration)]


def _of_the_whole(configuration: Mapping[str, Any]) -> Iterator[str]:
    known = ["type", "config", "prefix"]
    yield from (unknown(_VARIABLE, str(name), known) for name in configuration if name not in known)
    provider = configuration.get("type")
    if "type" not in configuration:
        yield f"{_VARIABLE} has no type; it needs one of {', '.join(TYPES)}."
    elif str(provider).upper() not in TYPES:
        yield f"{_VARIABLE}.type is {shown(provider)}; must be one of {', '.join(TYPES)}."
    prefix = configuration.get("prefix", "")
    parts = re.fullmatch(r"[\w.!*'()/-]*", prefix, re.ASCII) and prefix.split("/") if isinstance(prefix, str) else None
    if not parts or (prefix and set(parts) & {"", ".", ".."}):
        yield f"{_VARIABLE}.prefix is {shown(prefix)}; must be a path like metrics/production."
    for path in _secrets(configuration, _VARIABLE):
        yield f"{path} holds a key in plain text; {_REMEDY}"


def _of_the_provider(configuration: Mapping[str, Any]) -> Iterator[str]:
    options = configuration.get("config", {})
    if not isinstance(options, Mapping):
        yield f"{_VARIABLE}.config is {shown(options)}; must be a dictionary of options."
        return
    provider = str(configuration.get("type")).upper()
    if provider in PROVIDERS:
        yield from PROVIDERS[provider].judge(options, f"{_VARIABLE}.config")
    if provider == "S3":
        yield from _of_s3(options)


def _of_s3(options: Mapping[str, Any]) -> Iterator[str]:
    for name in ("bucket", "endpoint"):
        if not options.get(name):
            yield f"{_VARIABLE}.config has no {name}; S3 needs bucket and endpoint."
    bucket, endpoint = (options.get(name) or name for name in ("bucket", "endpoint"))
    if not isinstance(bucket, str) or not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{1,61})[a-z0-9]", bucket) or ".." in bucket:
        yield f"{_VARIABLE}.config.bucket is {shown(bucket)}; must be 3 to 63 lower-case letters, digits, - and single dots."
    if not isinstance(endpoint, str) or not is_endpoint(endpoint):
        yield f"{_VARIABLE}.config.endpoint is {shown(endpoint)}; must be host or host:port; set insecure for plain HTTP."


def _secrets(value: Any, path: str) -> Iterator[str]:
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        if _SECRET.search(str(name)) and inner not in (None, "", {}, []) and not isinstance(inner, bool):
            yield f"{path}.{name}"
        else:
            yield from _secrets(inner, f"{path}.{name}")
