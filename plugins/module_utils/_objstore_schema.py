# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of each type of object storage. Thanos reads them strictly: it does not start with one that it does not know.

https://thanos.io/tip/thanos/storage.md/, github.com/thanos-io/objstore as of Thanos v0.42
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._schema import Leaf, MapOf, Nested
from ansible_collections.longterm.metrics.plugins.module_utils._schema_values import (
    BOOLEAN,
    DURATION,
    SECRET,
    TEXT,
    choice,
    integer,
    text,
)

_COUNT = integer(0)
_NAME = text("[A-Za-z0-9][A-Za-z0-9._-]*", "a name of letters, digits, -, _ and .", empty=False)
_HOST = text(r"[^\s/@]+", "host or host:port", empty=False)
_TIMEOUTS = dict.fromkeys(
    ("idle_conn_timeout", "response_header_timeout", "tls_handshake_timeout", "expect_continue_timeout"), DURATION
)
_CONNECTIONS = dict.fromkeys(("max_idle_conns", "max_idle_conns_per_host", "max_conns_per_host"), _COUNT)
_COMMON = {**_TIMEOUTS, **_CONNECTIONS, "insecure_skip_verify": BOOLEAN, "disable_compression": BOOLEAN}
_TLS = Nested({**dict.fromkeys(("ca_file", "cert_file", "key_file", "server_name"), TEXT), "insecure_skip_verify": BOOLEAN})
_HTTP = Nested({**_COMMON, "tls_config": _TLS})


def _encryption(value: dict[str, Any], where: str) -> Iterator[str]:
    for kind, option in (("SSE-KMS", "kms_key_id"), ("SSE-C", "encryption_key")):
        if value.get("type") == kind and not value.get(option):
            yield f"{where}.type is {kind}, but {option} is missing; set it."


_ENCRYPTION = Nested(
    {
        "type": choice("SSE-S3", "SSE-KMS", "SSE-C"),
        "kms_key_id": TEXT,
        "kms_encryption_context": MapOf(TEXT),
        # The path of a file.
        "encryption_key": TEXT,
    },
    relations=_encryption,
)

PROVIDERS: dict[str, Nested] = {
    "S3": Nested(
        {
            # plugin_utils/settings/object_store.py judges these two.
            "bucket": Leaf(object, "text"),
            "endpoint": Leaf(object, "text"),
            **dict.fromkeys(("region", "sts_endpoint"), TEXT),
            **dict.fromkeys(("access_key", "secret_key", "session_token"), SECRET),
            **dict.fromkeys(
                (
                    "aws_sdk_auth",
                    "disable_dualstack",
                    "disable_multipart",
                    "insecure",
                    "send_content_md5",
                    "signature_version2",
                ),
                BOOLEAN,
            ),
            "put_user_metadata": MapOf(TEXT),
            "http_config": _HTTP,
            "trace": Nested({"enable": BOOLEAN}),
            "list_objects_version": choice("", "v1", "v2"),
            "bucket_lookup_type": choice("auto", "virtual-hosted", "path"),
            # Minio's client takes no smaller ones.
            "part_size": integer(5 * 1024 * 1024),
            "sse_config": _ENCRYPTION,
            "max_retries": _COUNT,
        }
    ),
    "GCS": Nested(
        {
            "bucket": _NAME,
            "service_account": Leaf((str, dict), "text", secret=True),
            "use_grpc": BOOLEAN,
            "grpc_conn_pool_size": _COUNT,
            "http_config": _HTTP,
            "chunk_size_bytes": _COUNT,
            "max_retries": _COUNT,
        },
        required=("bucket",),
    ),
    "AZURE": Nested(
        {
            **dict.fromkeys(("az_tenant_id", "client_id", "user_assigned_id", "msi_resource"), TEXT),
            **dict.fromkeys(("client_secret", "storage_account_key", "storage_connection_string"), SECRET),
            "storage_account": _NAME,
            "storage_create_container": BOOLEAN,
            "container": _NAME,
            "endpoint": TEXT,
            "max_retries": _COUNT,
            "reader_config": Nested({"max_retry_requests": _COUNT}),
            "pipeline_config": Nested(
                {"max_tries": _COUNT, **dict.fromkeys(("try_timeout", "retry_delay", "max_retry_delay"), DURATION)}
            ),
            "http_config": _HTTP,
        },
        required=("storage_account", "container"),
    ),
    "SWIFT": Nested(
        {
            **dict.fromkeys(
                (
                    *("auth_url", "username", "user_domain_name", "user_domain_id", "user_id", "domain_id", "domain_name"),
                    *("application_credential_id", "application_credential_name", "project_id", "project_name"),
                    *("project_domain_id", "project_domain_name", "region_name", "large_object_segments_container_name"),
                ),
                TEXT,
            ),
            **dict.fromkeys(("password", "application_credential_secret"), SECRET),
            "auth_version": integer(0, 3),
            "container_name": _NAME,
            "large_object_chunk_size": _COUNT,
            "retries": _COUNT,
            "connect_timeout": DURATION,
            "timeout": DURATION,
            "use_dynamic_large_objects": BOOLEAN,
            "http_config": _HTTP,
        },
        required=("container_name",),
    ),
    "COS": Nested(
        {
            **dict.fromkeys(("region", "app_id", "endpoint"), TEXT),
            **dict.fromkeys(("secret_key", "secret_id"), SECRET),
            "bucket": _NAME,
            "max_retries": _COUNT,
            "http_config": _HTTP,
        },
        required=("endpoint bucket",),
    ),
    "ALIYUNOSS": Nested(
        {"endpoint": _HOST, "bucket": _NAME, "access_key_id": SECRET, "access_key_secret": SECRET},
        required=("endpoint", "bucket"),
    ),
    "BOS": Nested(
        {"endpoint": TEXT, "bucket": _NAME, "access_key": SECRET, "secret_key": SECRET}, required=("endpoint", "bucket")
    ),
    "OCI": Nested(
        {
            **dict.fromkeys(("provider", "compartment_ocid", "tenancy_ocid", "user_ocid", "region", "fingerprint"), TEXT),
            **dict.fromkeys(("privatekey", "passphrase"), SECRET),
            "bucket": _NAME,
            "part_size": _COUNT,
            "max_request_retries": _COUNT,
            "request_retry_interval": _COUNT,
            "http_config": Nested({**_COMMON, "client_timeout": DURATION}),
        },
        required=("bucket", "compartment_ocid"),
    ),
    "OBS": Nested(
        {
            "endpoint": TEXT,
            "bucket": _NAME,
            "access_key": SECRET,
            "secret_key": SECRET,
            "max_retries": _COUNT,
            "http_config": _HTTP,
        },
        required=("endpoint", "bucket"),
    ),
    "FILESYSTEM": Nested({"directory": text("/.*", "a path such as /data", empty=False)}, required=("directory",)),
}
