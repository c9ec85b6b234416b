# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An S3 client for a bucket: with which credentials, and by which way."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _secret, _service, _tunnel
from ansible_collections.longterm.metrics.plugins.module_utils._cluster import ApiError, Cluster
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, missing_library
from ansible_collections.longterm.metrics.plugins.module_utils._objstore import Bucket
from ansible_collections.longterm.metrics.plugins.module_utils._s3_errors import StoreError, explained

CONNECT_TIMEOUT, READ_TIMEOUT, ATTEMPTS = 5, 30, 2


class NotThereYet(MetricsError):
    """Something in the cluster that the same play may be about to make: the Secret, the Service or its pods."""


@contextmanager
def open_s3(
    bucket: Bucket, options: Mapping[str, Any], connect: Callable[[], Cluster], attempts: Iterable[int] = (1,)
) -> Iterator[Any]:
    """A botocore S3 client whose endpoint has answered, for as long as the context lasts.

    `options` are those of _objstore.ARGUMENT_SPEC; `connect` is called only where the cluster is needed. `attempts`
    (of _attempts) are spent on an endpoint that is not there. Raises StoreError, NotThereYet, or what the cluster raises.
    """
    forward = bucket.via(options["via"]) == "port_forward"
    cluster = connect() if forward or options.get("credentials_secret") else None
    failure = MetricsError("no attempt was made")
    with ExitStack() as stack:
        for _attempt in attempts:
            try:
                keys = _credentials(bucket, options, cluster)
                if forward and cluster:
                    stack.enter_context(_way_into(cluster, bucket))
                client = _client(bucket, keys, options.get("profile"), forward)
                _await_answer(client, bucket)
                break
            except (NotThereYet, StoreError) as error:
                if not may_pass(error):
                    raise
                failure = error
                stack.close()
        else:
            raise failure
        yield client


def may_pass(error: MetricsError) -> bool:
    """Whether waiting can help: a store, or what leads to it, that is not there yet."""
    return isinstance(error, NotThereYet) or (isinstance(error, StoreError) and error.kind == "endpoint")


def _await_answer(client: Any, bucket: Bucket) -> None:
    """Any answer of an S3 API will do, also that the bucket is missing or not ours: what it means is the caller's."""
    try:
        with explained(bucket, "the first request"):
            client.list_objects_v2(Bucket=bucket.name, MaxKeys=1)
    except StoreError as error:
        if error.kind in ("endpoint", "tls", "credentials"):
            raise


def _client(bucket: Bucket, keys: Mapping[str, Any], profile: str | None, forwarded: bool) -> Any:
    # botocore alone: boto3 adds import time and nothing that is used here.
    try:
        from botocore.config import Config
        from botocore.session import Session
    except ImportError as error:
        raise missing_library("boto3", error) from error

    settings: dict[str, Any] = {
        "connect_timeout": CONNECT_TIMEOUT,
        "read_timeout": READ_TIMEOUT,
        "retries": {"mode": "standard", "total_max_attempts": ATTEMPTS},
        # Other stores than AWS refuse the checksums that botocore >= 1.36 adds by itself (boto3#4400).
        "request_checksum_calculation": "when_required",
        "response_checksum_validation": "when_required",
        "s3": {"addressing_style": bucket.addressing_style},
        "ignore_configured_endpoint_urls": True,
        # No proxy stands between this process and its own port-forward.
        "proxies": {} if forwarded else None,
    }
    with explained(bucket, "finding credentials"):
        return Session(profile=profile).create_client(
            "s3",
            region_name=bucket.region,
            # For AWS itself botocore derives the regional host, as Thanos' client does.
            endpoint_url=None if bucket.is_aws else bucket.endpoint,
            verify=bucket.verify,
            config=Config(**settings),
            **keys,
        )


def _credentials(bucket: Bucket, options: Mapping[str, Any], cluster: Cluster | None) -> dict[str, str]:
    """The keys as botocore's create_client takes them; empty for its own chain (environment, profile, cloud identity)."""
    keys: tuple[str, ...] = ("", "", "")
    if options.get("access_key"):
        keys = (options["access_key"], options["secret_key"], options.get("session_token") or "")
    elif options.get("profile"):
        pass
    elif options.get("credentials_secret") and cluster:
        reference = options["credentials_secret"]
        pair = _secret.credentials(cluster, reference, "access_key_key", "secret_key_key", absent=NotThereYet, exact=True)
        keys = (*pair, "")
    elif bucket.access_key:
        keys = (bucket.access_key, bucket.secret_key, bucket.session_token)
    names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    return {name: key for name, key in zip(names, keys, strict=True) if key}


@contextmanager
def _way_into(cluster: Cluster, bucket: Bucket) -> Iterator[None]:
    """While it lasts, this process reaches the Service that the bucket's host names, by a port-forward to one of its pods."""
    if bucket.service is None:
        raise MetricsError(f"{bucket.host} names no Service (<service>.<namespace>.svc), so via: port_forward has no way to it.")
    namespace, service = bucket.service
    try:
        pod = _service.ready_pod(cluster, namespace, service, bucket.port)
    except ApiError:
        raise
    except MetricsError as error:
        raise NotThereYet(f"Bucket {bucket.name} at {bucket.endpoint} cannot be reached: {error.message}") from error
    with _tunnel.tunnel_to_pod(cluster, namespace, pod.name, pod.port) as tunnel, _resolved(bucket.host, tunnel.address):
        yield


@contextmanager
def _resolved(host: str, address: tuple[str, int]) -> Iterator[None]:
    """`host`, and buckets as its subdomains, resolve to `address`.

    So URL, Host header, signature and certificate keep the name that clients in the cluster use; botocore has no option for it.
    """
    resolve = socket.getaddrinfo

    def getaddrinfo(name: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        wanted = name.decode() if isinstance(name, bytes) else str(name)
        if wanted == host or wanted.endswith(f".{host}"):
            name, port = address
        return resolve(name, port, *arguments, **options)

    socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]
    try:
        yield
    finally:
        socket.getaddrinfo = resolve
