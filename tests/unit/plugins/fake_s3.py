# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An S3 client that takes the requests a test names, in their order, and fails it at any other; and a bucket to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _objstore
from botocore.session import Session
from botocore.stub import Stubber


def bucket(region: str = "us-east-1", endpoint: str = "s3.example.com", **config: Any) -> _objstore.Bucket:
    config = {"bucket": "b", "endpoint": endpoint, "region": region, **config}
    return _objstore.bucket_of(_objstore.parse({"type": "S3", "config": config, "prefix": "p"}), {})


@contextmanager
def stubbed() -> Iterator[Stubber]:
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "s"}
    with Stubber(Session().create_client("s3", region_name="us-east-1", **keys)) as stub:
        yield stub
        stub.assert_no_pending_responses()


def refuse(s3: Stubber, operation: str, code: str, status: int, request: Any = None) -> None:
    s3.add_client_error(operation, code, "seen", status, expected_params=request)
