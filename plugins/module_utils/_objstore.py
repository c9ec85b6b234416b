# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The object store as Thanos is told of it: its objstore configuration, read the way Thanos reads it.

Format: https://thanos.io/tip/thanos/storage.md; `type` and `config` of a provider, and a `prefix`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, missing_library

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "objstore_config": {"type": "raw", "required": True},
    "access_key": {"type": "str", "no_log": False},
    "secret_key": {"type": "str", "no_log": True},
    "session_token": {"type": "str", "no_log": True},
    "profile": {"type": "str"},
    "credentials_secret": {
        "type": "dict",
        "no_log": False,
        "options": {
            "namespace": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "access_key_key": {"type": "str", "no_log": False, "default": "AWS_ACCESS_KEY_ID"},
            "secret_key_key": {"type": "str", "no_log": False, "default": "AWS_SECRET_ACCESS_KEY"},
        },
    },
    "region": {"type": "str"},
    "addressing_style": {"type": "str", "choices": ["auto", "path", "virtual"], "default": "auto"},
    "aws_ca_bundle": {"type": "path"},
    "via": {"type": "str", "choices": ["auto", "port_forward", "direct"], "default": "auto"},
}
REQUIRED_TOGETHER: list[tuple[str, ...]] = [("access_key", "secret_key")]
MUTUALLY_EXCLUSIVE: list[tuple[str, ...]] = [("access_key", "profile", "credentials_secret")]

TYPES = ("S3", "GCS", "AZURE", "SWIFT", "COS", "ALIYUNOSS", "BOS", "OCI", "OBS", "FILESYSTEM")
ADDRESSING = {"path": "path", "virtual-hosted": "virtual"}
ENDPOINT = re.compile(r"[A-Za-z0-9._-]+(?::\d+)?")
AWS_HOST = re.compile(r"s3(?:[.-](?P<region>[a-z]{2}[a-z0-9-]*-\d))?\.amazonaws\.com(?:\.cn)?")
IN_CLUSTER = re.compile(r"(?P<service>[a-z0-9-]+)\.(?P<namespace>[a-z0-9-]+)(?P<suffix>\.svc(?:\.[a-z0-9.-]+)?)?")
SECRET_NAME = re.compile(r"secret|token|password|private|credential|connection_string|service_account|(?<!access)_key$")


@dataclass(frozen=True)
class ObjstoreConfig:
    """The three parts of the file; `prefix` without slashes around it."""

    type: str
    config: Mapping[str, Any]
    prefix: str


@dataclass(frozen=True)
class Bucket:
    """An S3 bucket and where it is. `verify`: False, the path of a CA bundle, or None for the environment's."""

    name: str
    host: str
    port: int
    tls: bool
    region: str
    prefix: str
    addressing_style: str
    verify: bool | str | None
    access_key: str = ""
    secret_key: str = ""
    session_token: str = ""

    @property
    def endpoint(self) -> str:
        scheme, usual = ("https", 443) if self.tls else ("http", 80)
        return f"{scheme}://{self.host}" + (f":{self.port}" if self.port != usual else "")

    @property
    def is_aws(self) -> bool:
        return AWS_HOST.fullmatch(self.host) is not None

    @property
    def service(self) -> tuple[str, str] | None:
        """(namespace, name) of the Service the host names; a bare `name.namespace` counts as well."""
        found = IN_CLUSTER.fullmatch(self.host)
        return (found["namespace"], found["service"]) if found else None

    def key(self, path: str) -> str:
        """The object's key: Thanos puts the prefix and a slash in front of every path."""
        return f"{self.prefix}/{path}" if self.prefix else path

    def via(self, wanted: str) -> str:
        """`port_forward` or `direct`; `auto` enters the cluster for names that only it resolves."""
        if wanted != "auto":
            return wanted
        return "port_forward" if self.host.endswith((".svc", ".svc.cluster.local")) else "direct"


def parse(value: Any) -> ObjstoreConfig:
    """The configuration, given as a mapping or as YAML text. The error never quotes the text: it may hold keys."""
    if isinstance(value, str):
        value = _load(value)
    if not isinstance(value, Mapping) or not isinstance(value.get("config"), Mapping):
        raise MetricsError("objstore_config is no objstore configuration: it needs `type: <provider>` and a map `config`.")
    if unknown := sorted(set(value) - {"type", "config", "prefix"}):
        raise MetricsError(
            f"objstore_config has {', '.join(unknown)} at its top; Thanos refuses all but type, config and prefix."
        )
    provider = str(value.get("type")).upper()
    if provider not in TYPES:
        raise MetricsError(f"objstore_config has type {value.get('type')}; Thanos knows {', '.join(TYPES)}.")
    return ObjstoreConfig(provider, value["config"], str(value.get("prefix") or "").strip("/"))


def bucket_of(parsed: ObjstoreConfig, options: Mapping[str, Any]) -> Bucket:
    """The bucket that a configuration of type S3 and the options of ARGUMENT_SPEC mean."""
    config = parsed.config
    if parsed.type != "S3":
        raise MetricsError(f"objstore_config has type {parsed.type}; only buckets of type S3 can be asked.")
    for name in ("bucket", "endpoint"):
        if not config.get(name):
            raise MetricsError(f"objstore_config has no config.{name}; Thanos needs it.")
    endpoint = str(config["endpoint"])
    host, _colon, port = endpoint.partition(":")
    if not ENDPOINT.fullmatch(endpoint):
        raise MetricsError(
            f"objstore_config has config.endpoint {endpoint}; Thanos takes host or host:port alone, "
            "and plain HTTP is asked for by config.insecure: true."
        )
    tls = not _truth(config.get("insecure"))
    aws = AWS_HOST.fullmatch(host)
    return Bucket(
        name=str(config["bucket"]),
        host=host,
        port=int(port or (443 if tls else 80)),
        tls=tls,
        region=_region(config.get("region"), options.get("region")) or (aws["region"] if aws else None) or "us-east-1",
        prefix=parsed.prefix,
        addressing_style=_addressing_style(config, options, is_aws=aws is not None),
        verify=_verify(config, options),
        **{name: str(config.get(name) or "") for name in ("access_key", "secret_key", "session_token")},
    )


def secrets(value: Any) -> set[str]:
    """What of an objstore configuration must not be shown: a text as a whole, of a mapping the leaves named like keys."""
    return {value} if isinstance(value, str) else set(_secret_leaves(value))


def _secret_leaves(value: Any) -> Iterator[str]:
    for name, child in value.items() if isinstance(value, Mapping) else ():
        if isinstance(child, str) and child and SECRET_NAME.search(str(name)):
            yield child
        yield from _secret_leaves(child)


def _load(text: str) -> Any:
    try:
        import yaml
    except ImportError as error:
        raise missing_library("PyYAML", error) from error
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise MetricsError(f"objstore_config is not YAML{where}: {getattr(error, 'problem', 'it cannot be read')}.") from None


def _region(configured: Any, wanted: str | None) -> str | None:
    if configured and wanted and configured != wanted:
        raise MetricsError(f"region is {wanted}, but Thanos would look in {configured} (objstore_config): set one of them.")
    return str(configured) if configured else wanted


def _addressing_style(config: Mapping[str, Any], options: Mapping[str, Any], *, is_aws: bool) -> str:
    """As Thanos' client does: what was asked for, else virtual hosts on AWS and paths anywhere else."""
    asked = options.get("addressing_style") or "auto"
    if asked == "auto":
        asked = ADDRESSING.get(str(config.get("bucket_lookup_type")), "auto")
    return asked if asked != "auto" or is_aws else "path"


def _verify(config: Mapping[str, Any], options: Mapping[str, Any]) -> bool | str | None:
    http = config.get("http_config") or {}
    tls = http.get("tls_config") or {}
    if _truth(http.get("insecure_skip_verify")) or _truth(tls.get("insecure_skip_verify")):
        return False
    # ca_file is a path in Thanos' pod; where this machine has it too, it serves here as well.
    ca_file = str(tls.get("ca_file") or "")
    return options.get("aws_ca_bundle") or (ca_file if os.path.isfile(ca_file) else None)


def _truth(value: Any) -> bool:
    return bool(boolean(value, strict=False))
