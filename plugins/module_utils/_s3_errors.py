# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failed S3 request means, told in one sentence: where, what was seen, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, missing_library
from ansible_collections.longterm.metrics.plugins.module_utils._objstore import Bucket

# Error codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
REFUSED_CREDENTIALS = {
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
}
FOREIGN_BUCKET = {"AccessDenied", "AllAccessDisabled", "BucketAlreadyExists"}
WRONG_REGION = {"AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "PermanentRedirect"}
NOT_OFFERED = {"MethodNotAllowed", "NotImplemented", "XNotImplemented"}


class StoreError(MetricsError):
    """`kind`: credentials, endpoint (none there, or not one of S3), tls, access (the bucket is another's), or answer."""

    def __init__(self, kind: str, bucket: Bucket, action: str, seen: str, todo: str) -> None:
        where = f"Bucket {bucket.name} at {bucket.endpoint}: {action} failed"
        super().__init__(f"{where}: {seen}. {todo}", error_kind=kind, bucket=bucket.name, endpoint=bucket.endpoint)
        self.kind = kind


@contextmanager
def explained(bucket: Bucket, action: str) -> Iterator[None]:
    """Turns what botocore raises while doing `action` into a StoreError."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError
    except ImportError as error:
        raise missing_library("boto3", error) from error
    try:
        yield
    except ClientError as error:
        raise _of_answer(error.response, bucket, action) from error
    except ResponseParserError as error:
        raise _not_s3(bucket, action, "the answer is not the XML of S3") from error
    except BotoCoreError as error:
        raise _of_no_answer(error, bucket, action) from error


def code_of(error: Any) -> str:
    """The S3 error code of a botocore ClientError."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _of_answer(response: Any, bucket: Bucket, action: str) -> StoreError:
    error, status = response.get("Error", {}), response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = str(error.get("Code", ""))
    seen = f"{status} {code}: {error.get('Message') or 'no message'}".rstrip(".")
    if code.isdigit():
        # botocore takes the status for the code where the body is not an error of S3.
        return _not_s3(bucket, action, f"{status} {error.get('Message') or ''}".rstrip())
    if code in REFUSED_CREDENTIALS:
        todo = (
            "The credentials are wrong for this endpoint: see access_key and secret_key, profile, credentials_secret, "
            "the keys in objstore_config, or the environment; whichever comes first in this order is used."
        )
        return StoreError("credentials", bucket, action, seen, todo)
    if code in FOREIGN_BUCKET:
        todo = (
            "The credentials are known here, but the bucket is not theirs: it belongs to another account, or a policy keeps "
            "them out. Choose another config.bucket, or give them s3:ListBucket, GetObject, PutObject and DeleteObject on it."
        )
        return StoreError("access", bucket, action, seen, todo)
    if code in WRONG_REGION:
        headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        right = error.get("Region") or headers.get("x-amz-bucket-region") or "another one"
        return StoreError("answer", bucket, action, seen, f"The region asked for is {bucket.region}; it belongs to {right}.")
    if code in NOT_OFFERED or status == 501:
        return StoreError("answer", bucket, action, seen, "This store does not offer it; leave the option unset.")
    if code == "NoSuchBucket":
        return StoreError("answer", bucket, action, seen, "Make the bucket first: longterm.metrics.s3_bucket.")
    return StoreError("answer", bucket, action, seen, "The server's own log says more.")


def _not_s3(bucket: Bucket, action: str, seen: str) -> StoreError:
    todo = f"What answers there is no S3 API: see config.endpoint in objstore_config.{_tls_hint(bucket)}"
    return StoreError("endpoint", bucket, action, seen, todo)


def _tls_hint(bucket: Bucket) -> str:
    """Servers that expect TLS answer plain HTTP with a 400, or hang up."""
    return "" if bucket.tls else " If it expects TLS, config.insecure must be false."


def _of_no_answer(error: Any, bucket: Bucket, action: str) -> StoreError:
    from botocore import exceptions

    cause = str(error.kwargs.get("error") or error)
    if isinstance(error, exceptions.SSLError):
        if "WRONG_VERSION_NUMBER" in str(error) or "RECORD_LAYER_FAILURE" in str(error):
            todo = "The endpoint speaks no TLS: set config.insecure: true if plain HTTP is meant."
        else:
            todo = (
                "The certificate is not trusted or names another host: give its authority as aws_ca_bundle (now "
                f"{bucket.verify or 'the default of the environment'}), or use the name it was made for as config.endpoint."
            )
        return StoreError("tls", bucket, action, cause.partition(" (_ssl.c")[0], todo)
    if isinstance(error, (exceptions.ConnectionError, exceptions.HTTPClientError)):
        hint = _tls_hint(bucket) if "onnection was closed" in cause or "aborted" in cause else ""
        todo = f"See config.endpoint in objstore_config: whether its name resolves here, and something listens there.{hint}"
        # urllib3 puts the connection's address in memory in front of what happened.
        seen = re.split(r": |>, '", cause)[-1].removesuffix("')").rstrip(".")
        return StoreError("endpoint", bucket, action, seen, todo)
    if isinstance(error, (exceptions.ParamValidationError, exceptions.ValidationError)):
        return StoreError("answer", bucket, action, str(error).rstrip("."), "The value is not of the shape the S3 API takes.")
    todo = "Give access_key and secret_key, profile or credentials_secret, or set up the default chain of boto3."
    return StoreError("credentials", bucket, action, str(error), todo)
