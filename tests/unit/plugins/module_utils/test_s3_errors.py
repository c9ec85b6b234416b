# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failed S3 request means."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._s3_errors import StoreError, code_of, explained
from ansible_collections.longterm.metrics.tests.unit.plugins.fake_s3 import bucket
from botocore import exceptions
from botocore.parsers import ResponseParserError

URL = "https://s3.example.com/b"
CONNECTION = "HTTPSConnection(host='s3.example.com', port=443)"


def told(error: Exception, **config: Any) -> StoreError:
    """The error that is raised instead, while looking at the bucket."""
    with pytest.raises(StoreError) as caught, explained(bucket(**config), "looking"):
        raise error
    assert caught.value.__cause__ is error
    return caught.value


class Timeout(Exception):
    """Written as urllib3 writes its ConnectTimeoutError: a connection and what happened to it."""

    def __str__(self) -> str:
        connection, words = self.args
        return f"({connection}, {words!r})"


def answer(code: str, status: int, headers: dict[str, str] | None = None, **error: str) -> exceptions.ClientError:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": headers or {}}
    response = {"Error": {"Code": code, "Message": "seen", **error}, "ResponseMetadata": metadata}
    return exceptions.ClientError(response, "ListObjectsV2")


def closed() -> exceptions.ConnectionClosedError:
    return exceptions.ConnectionClosedError(endpoint_url=URL, error="('Connection aborted.', RemoteDisconnected('Remote end'))")


@pytest.mark.parametrize(
    ("code", "status", "kind", "said"),
    [
        ("InvalidAccessKeyId", 403, "credentials", "credentials are wrong"),
        ("SignatureDoesNotMatch", 403, "credentials", "credentials are wrong"),
        ("ExpiredToken", 400, "credentials", "credentials are wrong"),
        ("AccessDenied", 403, "access", "another account"),
        ("BucketAlreadyExists", 409, "access", "another account"),
        ("PermanentRedirect", 301, "answer", "region asked for is us-east-1"),
        ("404", 404, "endpoint", "no S3 API"),
        ("NotImplemented", 501, "answer", "leave the option unset"),
        ("SomethingElse", 501, "answer", "leave the option unset"),
        ("NoSuchBucket", 404, "answer", r"longterm\.metrics\.s3_bucket"),
        ("SlowDown", 503, "answer", "The server's own log"),
    ],
)
def test_each_refusal_says_where_what_was_seen_and_what_to_do(code: str, status: int, kind: str, said: str) -> None:
    error = told(answer(code, status))
    with pytest.raises(StoreError, match=f"Bucket b at https://s3.example.com: looking failed: {status}.* seen.*{said}"):
        raise error
    assert error.details == {"error_kind": kind, "bucket": "b", "endpoint": "https://s3.example.com"}
    assert error.kind == kind


def test_a_refusal_without_words_of_its_own_is_told_all_the_same() -> None:
    assert "failed: 503 SlowDown: no message. The server's" in told(answer("SlowDown", 503, Message="")).message


@pytest.mark.parametrize(
    ("error", "region"),
    [
        (answer("PermanentRedirect", 301, {"x-amz-bucket-region": "eu-west-1"}), "eu-west-1"),
        (answer("AuthorizationHeaderMalformed", 400, {"x-amz-bucket-region": "x"}, Region="eu-central-1"), "eu-central-1"),
        (answer("IllegalLocationConstraintException", 400), "another one"),
    ],
)
def test_the_right_region_is_named_where_the_store_tells_it(error: exceptions.ClientError, region: str) -> None:
    assert told(error).message.endswith(f"The region asked for is us-east-1; it belongs to {region}.")


@pytest.mark.parametrize(
    ("error", "seen"),
    [
        (
            exceptions.EndpointConnectionError(
                endpoint_url=URL, error=f"{CONNECTION}: Failed to establish a new connection: [Errno 111] Connection refused"
            ),
            "[Errno 111] Connection refused",
        ),
        (
            exceptions.ReadTimeoutError(endpoint_url=URL, error="HTTPSConnectionPool(host='s3'): Read timed out. (timeout=30)"),
            "Read timed out. (timeout=30)",
        ),
        (
            exceptions.ConnectTimeoutError(
                endpoint_url=URL, error=Timeout(f"<{CONNECTION} at 0x7f>", "Connection to s3 timed out. (connect timeout=5)")
            ),
            "Connection to s3 timed out. (connect timeout=5)",
        ),
    ],
)
def test_an_endpoint_that_does_not_answer_is_told_in_the_last_words_of_the_connection(error: Exception, seen: str) -> None:
    found = told(error)
    assert found.kind == "endpoint"
    assert f"looking failed: {seen}. See config.endpoint" in found.message


@pytest.mark.parametrize(
    ("error", "hinted"),
    [
        (closed(), True),
        (answer("400", 400), True),
        (exceptions.EndpointConnectionError(endpoint_url=URL, error="[Errno 111] Connection refused"), False),
    ],
)
def test_tls_is_hinted_at_where_plain_http_was_hung_up_on(error: Exception, hinted: bool) -> None:
    hint = "If it expects TLS, config.insecure must be false."
    assert (hint in told(error, insecure=True).message) is hinted
    assert hint not in told(error).message


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "set config.insecure: true"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate", "aws_ca_bundle"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch", "the name it was made for"),
    ],
)
def test_plain_http_and_a_certificate_that_is_not_trusted_are_told_apart(seen: str, said: str) -> None:
    error = told(exceptions.SSLError(endpoint_url=URL, error=f"{seen} (_ssl.c:1006)"))
    assert error.kind == "tls"
    assert f"looking failed: {seen}. " in error.message
    assert said in error.message


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (ResponseParserError("no XML"), "endpoint", "not the XML of S3"),
        (exceptions.NoCredentialsError(), "credentials", "Give access_key and secret_key"),
        (exceptions.ParamValidationError(report="Rules[0]: no Status"), "answer", "Rules[0]: no Status"),
        (exceptions.InvalidRegionError(region_name="eu west"), "answer", "'eu west' doesn't match a supported format. The value"),
    ],
)
def test_what_fails_before_or_after_the_request_is_told_as_well(error: Exception, kind: str, said: str) -> None:
    found = told(error)
    assert found.kind == kind
    assert said in found.message


def test_what_is_no_failure_of_a_request_is_left_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), explained(bucket(), "looking"):
        raise ZeroDivisionError


def test_an_interpreter_without_the_library_is_told_which_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.exceptions", None)
    with pytest.raises(MetricsError, match="library boto3 is missing"), explained(bucket(), "looking"):
        pytest.fail("it went on")


def test_an_answer_without_an_error_has_no_code() -> None:
    assert code_of(answer("NoSuchBucket", 404)) == "NoSuchBucket"
    assert code_of(exceptions.ClientError({}, "ListObjectsV2")) == ""
